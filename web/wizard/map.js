/** The map of a draft: regions by people or by what is measured of them, towns by their people. */

import { byId } from "../charts/dom.js";
import { openPlace } from "../charts/data.js";
import { drawMap } from "../charts/map.js";
import { makeState } from "../charts/state.js";
import { number } from "../charts/words.js";

const CLASSES = 6;

/** How many figures of a region are measured or derived, and how many there are. */
function knownOf(draft, region) {
  const table = draft.tables.find(({ key }) => key === "regions");
  const row = table.rows.findIndex((cells) => cells[table.columns.indexOf("id")] === region.id);
  const letters = [...(table.status[row] ?? "")].filter((letter) => letter !== ".");
  return [letters.filter((letter) => letter === "m" || letter === "d").length, letters.length];
}

/** Height over width of the ground that the regions cover, within what a page has room for. */
function ratioOf({ features }) {
  const points = features.flatMap(({ geometry }) => geometry.coordinates.flatMap((polygon) => polygon[0]));
  if (!points.length) return 0.57;
  const ends = (axis) => points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]);
  const [[west, east], [south, north]] = [ends(0), ends(1)];
  const wide = (east - west) * Math.cos(((south + north) / 360) * Math.PI);
  return Math.min(1.6, Math.max(0.5, (north - south) / (wide || 1)));
}

/** Bind the map; a region that is chosen leads the tables. Returns what draws it, and the region. */
export function bindMap(chosen) {
  const state = makeState({ hour: 0, hover: null, region: null, playing: false });
  let map = null;
  state.on(["region"], () => chosen());
  state.on(["scope", "region"], () => map?.mark());
  const draw = (draft) => {
    const place = openPlace({ ...draft, regions: draft.regions.map((one) => ({ ...one })), presence: null });
    if (!place.region.has(state.get("region"))) state.set({ region: null });
    const most = Math.max(...place.regions.map(({ population }) => population));
    const css = (region) => `cool${Math.min(CLASSES, Math.ceil(CLASSES * Math.sqrt(region.population / most)))}`;
    const words = (region) => {
      const [known, all] = knownOf(draft, region);
      return [region.name, `${number(region.population)} people`, `${known} of ${all} figures measured or derived`];
    };
    const ratio = ratioOf(place.boundaries);
    byId("map").parentNode.classList.toggle("tall", ratio > 1);
    map = drawMap(byId("map"), { place, state, cities: draft.towns, most: Math.max(1, ...draft.towns.map(({ active }) => active[0])),
      title: `regions of ${draft.country}`, layer: () => ({ label: "People", css, words: () => "" }), words, ratio });
    byId("map-told").textContent = `Regions: the more people, the stronger the colour. Circles: towns by their people. ${
      draft.regions.length > 1 ? "Choose a region to see its rows alone." : ""}`;
  };
  return { draw, region: () => state.get("region"), whole: () => state.set({ region: null, hover: null }) };
}
