/** The data of two histories: each opened like one, and their differences with intervals. */

import { openHistory, parseData, remember, unpack } from "./data.js";

/** A difference: `values(scope)` are [mean, low, high] by hour, null where there is none. */
function openGap(gap, data) {
  const rows = (part, count) => unpack(part.values, count, data.hours, gap.step)
    .map((row) => row.map((value) => value + part.floor));
  const regional = remember(() => rows(gap.regional, 3 * data.regions.length));
  const national = remember(() => rows(gap.national, 3));
  const values = (scope) => {
    if (scope === null) return national("all");
    if (!gap.regional) return null;
    const at = data.region.get(scope).index;
    return [0, 1, 2].map((bound) => regional("all")[bound * data.regions.length + at]);
  };
  return { key: gap.key, values };
}

/** Read the data block of the page of a pair. */
export function readPair() {
  const data = parseData();
  const { regions, region, origin, hours, boundaries, country } = data;
  const presence = regions.map(() => []);
  data.arms = data.arms.map((arm) =>
    openHistory({ ...arm, regions, region, origin, hours, boundaries, country, presence }));
  data.fanGaps = data.fanGaps.map((gap) => openGap(gap, data));
  data.layerGaps = data.layerGaps.map((gap) => openGap(gap, data));
  return data;
}
