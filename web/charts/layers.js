/** How each quantity of the map is cut into classes: seven steps of a hue, or seven around zero. */

import { roundDown } from "./svg.js";
import { number, quantity, signed } from "./words.js";

const rate = { per: 10000, suffix: " per 10,000 residents" };

/** Quantities the map can show, in the order of their buttons. */
export const LAYERS = [
  { key: "active", label: "Protesters", ...rate, hue: "warm", cuts: [0.1, 1, 3, 10, 30, 100] },
  { key: "violent", label: "Violent, looting", ...rate, hue: "warm", cuts: [0.1, 0.3, 1, 3, 10, 30] },
  { key: "obeying", label: "Forces obeying", hue: "cool", unit: "share", cuts: [0.5, 0.7, 0.8, 0.9, 0.95, 0.99] },
  { key: "connectivity", label: "Connectivity", hue: "cool", unit: "share", cuts: [0.05, 0.25, 0.5, 0.75, 0.9, 0.99] },
  { key: "grievance", label: "Grievance", hue: "warm", unit: "share", cuts: null },
];

/** Six round cuts between the least and the largest value of a layer in any of the histories. */
export function evenCuts(layers) {
  let [low, high] = [Infinity, -Infinity];
  for (const row of layers.flatMap((layer) => layer.regional)) {
    for (const value of row) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const width = (high - low) / 7 || 0.01;
  return [1, 2, 3, 4, 5, 6].map((i) => Math.round((low + i * width) * 100) / 100);
}

/** The class of a value among ascending `cuts`. */
export const classOf = (value, cuts) => cuts.filter((cut) => value >= cut).length;

const describe = ({ per }, value, unit) => (per ? `${number(value)}${rate.suffix}` : quantity(value, unit));

/** Quantities of one history, cut alike in all `arms`. */
export function mapLayers(arm, arms = [arm]) {
  return LAYERS.filter(({ key }) => arm.layers.has(key)).map((layer) => {
    const series = arm.layers.get(layer.key);
    const cuts = layer.cuts ?? evenCuts(arms.filter((one) => one.layers.has(layer.key)).map((one) => one.layers.get(layer.key)));
    const value = (region, hour) => {
      const raw = series.regional[region.index][hour];
      return layer.per ? (raw / region.population) * layer.per : raw;
    };
    const css = (region, hour) => {
      const v = value(region, hour);
      return Number.isFinite(v) ? `${layer.hue}${classOf(v, cuts)}` : "none";
    };
    const words = (region, hour) => describe(layer, value(region, hour), layer.unit ?? series.unit);
    return { ...layer, cuts, value, css, words };
  });
}

/** The largest difference of any region and hour, as three round cuts below it. */
function gapCuts(values, regions, hours) {
  let most = 0;
  for (const region of regions) {
    for (let hour = 0; hour < hours; hour += 1) most = Math.max(most, Math.abs(values(region, hour)[0]) || 0);
  }
  return most > 0 ? [most / 30, most / 8, most / 2.5].map(roundDown) : [1, 2, 5];
}

/** Classes around zero of differences `at(region, hour)` = [mean, low, high]; neutral while unclear. */
function gapLayer(layer, at, place) {
  const ends = gapCuts(at, place.regions, place.hours);
  const css = (region, hour) => {
    const [mean, low, high] = at(region, hour);
    if (!Number.isFinite(mean)) return "none";
    if (mean === 0 || (low <= 0 && high >= 0)) return "gap3";
    return `gap${mean > 0 ? 3 + classOf(mean, ends) : 3 - classOf(-mean, ends)}`;
  };
  const words = (region, hour) => `${gapWords(at(region, hour), layer)}, baseline minus counterfactual`;
  return { ...layer, hue: "gap", cuts: [...ends.map((end) => -end).reverse(), ...ends], css, words };
}

/** Differences with intervals, from `gaps` with `values(scope)`. */
export function gapLayers(arm, gaps, place) {
  return mapLayers(arm).map((layer) => {
    const gap = gaps.find((one) => one.key === layer.key);
    const at = (region, hour) => gap.values(region.id).map((row) => row[hour] * (layer.per ? layer.per / region.population : 1));
    return gapLayer(layer, at, place);
  });
}

/** Differences of two histories without intervals: `base` minus `other`. */
export function plainGaps(base, other, place) {
  const twins = mapLayers(other, [base, other]);
  return mapLayers(base, [base, other]).filter(({ key }) => other.layers.has(key)).map((layer) => {
    const twin = twins.find((one) => one.key === layer.key);
    return gapLayer(layer, (region, hour) => [layer.value(region, hour) - twin.value(region, hour), NaN, NaN], place);
  });
}

/** A difference with its interval: `+12 (+8 to +15) per 10,000 residents`. */
export function gapWords([mean, low, high], { unit, suffix = "" }) {
  if (mean === 0 && !(low < 0 || high > 0)) return "no difference";
  const span = Number.isFinite(low) ? ` (${signed(low, unit)} to ${signed(high, unit)})` : "";
  return `${signed(mean, unit)}${span}${suffix}`;
}
