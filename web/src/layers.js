/** How each quantity of the map is cut into classes: seven steps of one of two hues. */

import { signed } from "./words.js";

const per10k = { per: 10000, suffix: " per 10,000 residents" };

const CLASSES = {
  active: { ...per10k, hue: "warm", cuts: [0.1, 1, 3, 10, 30, 100], label: "On the street" },
  violent: { ...per10k, hue: "warm", cuts: [0.1, 0.3, 1, 3, 10, 30], label: "Violent, looting" },
  connectivity: { hue: "cool", cuts: [0.05, 0.25, 0.5, 0.75, 0.9, 0.99], label: "Connectivity" },
  obeying: { hue: "cool", cuts: [0.5, 0.7, 0.8, 0.9, 0.95, 0.99], label: "Officers obeying" },
  grievance: { hue: "warm", cuts: null, label: "Grievance" },
};

/** Six round cuts between the least and the largest value of a layer, in any of the histories. */
function evenCuts(layers) {
  let low = Infinity;
  let high = -Infinity;
  for (const row of layers.flatMap((layer) => layer.regional)) {
    for (const value of row) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const width = (high - low) / 7 || 0.01;
  return [1, 2, 3, 4, 5, 6].map((i) => Math.round((low + i * width) * 100) / 100);
}

/** The quantities that can be put on the map, with their classes: the same for all `histories`. */
export function mapLayers(data, histories = [data]) {
  return data.layers
    .filter((layer) => layer.key in CLASSES)
    .map((layer) => {
      const classes = CLASSES[layer.key];
      const alike = histories.map((one) => one.layers.find((other) => other.key === layer.key));
      const cuts = classes.cuts ?? evenCuts(alike);
      const value = (region, hour) => {
        const raw = layer.regional[region.index][hour];
        return classes.per ? (raw / region.population) * classes.per : raw;
      };
      const step = (v) => (Number.isFinite(v) ? cuts.filter((cut) => v >= cut).length : -1);
      return { ...layer, ...classes, cuts, value, step, unit: classes.per ? "rate" : layer.unit };
    });
}

/** A value of one significant digit, 1, 2 or 5 times a power of ten, not above `value`. */
function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (value / power >= 5 ? 5 : value / power >= 2 ? 2 : 1) * power;
}

/** Differences that can be put on the map: seven classes around zero, neutral where unclear. */
export function gapLayers(data, gaps) {
  return mapLayers(data).map((layer) => {
    const gap = gaps.find((one) => one.key === layer.key);
    const per = (region) => (layer.per ? layer.per / region.population : 1);
    let most = 0;
    for (const region of data.regions) {
      for (const value of gap.values(region.id)[0]) {
        if (Math.abs(value) * per(region) > most) most = Math.abs(value) * per(region);
      }
    }
    const ends = most > 0 ? [most / 30, most / 8, most / 2.5].map(roundDown) : [1, 2, 5];
    const cuts = [...ends.map((end) => -end).reverse(), ...ends];
    const at = (region, hour) => gap.values(region.id).map((row) => row[hour] * per(region));
    const value = (region, hour) => at(region, hour)[0];
    const step = (v, region, hour) => {
      const [, low, high] = at(region, hour);
      if (!Number.isFinite(v)) return -1;
      if ((low <= 0 && high >= 0) || v === 0) return 3;
      return v > 0 ? 3 + ends.filter((end) => v >= end).length
        : 3 - ends.filter((end) => -v >= end).length;
    };
    const words = (region, hour) => gapWords(at(region, hour), layer);
    return { ...layer, hue: "gap", cuts, value, step, words };
  });
}

/** A difference with its interval: `+12 (+8 to +15) per 10,000 residents`. */
export function gapWords([mean, low, high], { unit, suffix = "" }) {
  if (mean === 0 && low === 0 && high === 0) return "no difference";
  const span = Number.isFinite(low) ? ` (${signed(low, unit)} to ${signed(high, unit)})` : "";
  return `${signed(mean, unit)}${span}${suffix}`;
}
