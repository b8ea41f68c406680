/** Colours of the map: one scale for both histories, and a diverging one for their difference:
 * blue where there was more as it was, ochre where there is more with the change. */

const PER = 10000;
const RATE = { per: PER, suffix: " per 10,000 residents", hue: "warm" };

/** Quantities the map can show; `key` names the layer of the data. */
export const LAYERS = [
  { key: "active", label: "Protesters", ...RATE, cuts: [0.1, 1, 3, 10, 30, 100],
    gaps: [0.3, 3, 30] },
  { key: "violent", label: "Violent, looting", ...RATE, cuts: [0.1, 0.3, 1, 3, 10, 30],
    gaps: [0.1, 1, 10] },
  { key: "obeying", label: "Forces obeying", hue: "cool", unit: "share",
    cuts: [0.5, 0.7, 0.8, 0.9, 0.95, 0.99], gaps: [0.01, 0.05, 0.2] },
  { key: "connectivity", label: "Connectivity", hue: "cool", unit: "share",
    cuts: [0.05, 0.25, 0.5, 0.75, 0.9, 0.99], gaps: [0.05, 0.25, 0.75] },
  { key: "grievance", label: "Grievance", hue: "warm", unit: "share", cuts: null,
    gaps: [0.01, 0.03, 0.1] },
];

function span(arms, key) {
  let low = Infinity;
  let high = -Infinity;
  for (const arm of arms) {
    for (const row of arm.layers.get(key).regional) {
      for (const value of row) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  return [low, high];
}

function evenCuts([low, high]) {
  const width = (high - low) / 7 || 0.01;
  return [1, 2, 3, 4, 5, 6].map((i) => Math.round((low + i * width) * 100) / 100);
}

/** A layer ready for two histories: values, steps and differences by region and hour. */
export function openLayer(key, place, arms) {
  const layer = LAYERS.find((one) => one.key === key) ?? LAYERS[0];
  const there = arms.filter((arm) => arm && arm.layers.has(layer.key));
  const cuts = layer.cuts ?? evenCuts(span(there, layer.key));
  const value = (arm, region, hour) => {
    const raw = arm.layers.get(layer.key).regional[region.index][hour];
    return layer.per ? (raw / region.population) * layer.per : raw;
  };
  const step = (v) => {
    if (!Number.isFinite(v)) return "none";
    let at = 0;
    while (at < cuts.length && v >= cuts[at]) at += 1;
    return `${layer.hue}${at}`;
  };
  const gapStep = (gap) => {
    if (!Number.isFinite(gap)) return "none";
    const at = layer.gaps.filter((cut) => Math.abs(gap) >= cut).length;
    return `gap${gap < 0 ? 3 - at : 3 + at}`;
  };
  return { ...layer, cuts, value, step, gapStep, has: (arm) => Boolean(arm?.layers.has(layer.key)) };
}
