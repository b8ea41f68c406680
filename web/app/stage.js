/** The stage: two maps with one clock and one colour scale, the timeline, the legend, the figures above. */

import { bindChoice, bindClock } from "../charts/clock.js";
import { byId } from "../charts/dom.js";
import { LAYERS, gapLayers, gapWords, mapLayers, plainGaps } from "../charts/layers.js";
import { drawLegend } from "../charts/legend.js";
import { drawMap } from "../charts/map.js";
import { drawTimeline } from "../charts/timeline.js";
import { number, signed } from "../charts/words.js";

export const bindLayers = (state) => bindChoice(byId("layers"), LAYERS, "layer", state);

/** Slider, keys, speed, daylight; returns what follows the hour. */
export function bindTime(state, place) {
  const follow = bindClock(state, place, byId("stage"));
  byId("speed").addEventListener("change", (event) => state.set({ speed: Number(event.target.value) }));
  return () => {
    follow();
    const local = (new Date(place().origin).getUTCHours() + state.get("hour")) % 24;
    const night = local >= 20 || local < 7;
    byId("stage").classList.toggle("night", night);
    byId("daylight").textContent = night ? "☾" : "☀";
  };
}

/** The actors' lanes: what history scripts once, what the model did in each history. */
function lanesOf(arms) {
  const scripted = arms[0].lanes.filter((lane) => lane.key !== "model");
  const model = arms.map((arm) => ({
    key: "model", model: true, whose: arm.key, title: `Model, ${arm.name.toLowerCase()}`,
    marks: arm.lanes.find((lane) => lane.key === "model")?.marks ?? [],
  }));
  return [...scripted, ...model].filter((lane) => lane.marks.length);
}

export function drawStrip({ place, arms }, state, width) {
  return drawTimeline(byId("strip"), byId("hour"), { place, arms, lanes: lanesOf(arms), state, width });
}

/** A quantity that this kind of run does not know: drawn as unknown, and said. */
const unknown = (key) => ({ ...LAYERS.find((one) => one.key === key), hue: "none", cuts: [], missing: true,
  css: () => "none", words: () => "not part of a quick look by cohorts" });

/** What each of the two figures shows: a history, or the difference. */
function viewsOf({ place, base, variant, arms, gaps, crowds }, diff) {
  const own = arms.map((arm) => ({ layers: mapLayers(arm, arms), cities: arm.cities }));
  if (!variant || !diff) return own;
  const layers = gaps.length ? gapLayers(base, gaps, place) : plainGaps(base, variant, place);
  const cities = base.cities.map((city, i) => ({ ...city, signed: true,
    active: crowds?.[i] ?? city.active.map((value, hour) => value - variant.cities[i].active[hour]) }));
  return [own[0], { layers, cities }];
}

const row = (arm, scope) => arm?.layers.get("active")?.row(scope);

/** What is counted under each map at an hour: people, or the mean difference with its interval. */
function countsOf({ base, variant, gaps }, scope, diff) {
  const [own, other] = [row(base, scope), row(variant, scope)];
  const gap = diff && gaps.find((one) => one.key === "active")?.values(scope);
  return (hour) => [number(own[hour]),
    gap ? gapWords(gap.map((bound) => bound[hour]), { unit: "people" })
      : diff ? signed(own[hour] - other[hour], "people") : number(other?.[hour])];
}

/** Draw the stage; returns what follows the hour and the scope. */
export function drawStage(view, state) {
  const { place, variant, arms, title } = view;
  const diff = state.get("diff") && Boolean(variant);
  const most = Math.max(1, ...arms.flatMap((arm) => arm.cities.map((city) => city.active.reduce((a, b) => Math.max(a, b), 0))));
  const views = viewsOf(view, diff);
  const layerOf = (one) => one.layers.find(({ key }) => key === state.get("layer")) ?? unknown(state.get("layer"));
  const titles = ["Baseline, simulated", diff ? "Baseline minus counterfactual" : title];
  const maps = [];
  const boxes = ["map-base", "map-variant"].map(byId);
  const widths = boxes.map((box) => box.clientWidth); // read before anything is drawn
  boxes.forEach((box, i) => {
    const figure = box.closest("figure");
    figure.classList.toggle("waiting", !views[i]);
    figure.classList.toggle("gap", Boolean(i && diff));
    figure.querySelector(".name").textContent = titles[i];
    if (!views[i]) box.replaceChildren();
    else maps.push(drawMap(box, { place, state, most, width: widths[i], title: titles[i], cities: views[i].cities,
      layer: () => layerOf(views[i]) }));
  });
  drawLegend(byId("legend"), (diff ? views : views.slice(0, 1)).map(layerOf), { most, radius: maps[0].radius });
  const counts = ["count-base", "count-variant"].map(byId);
  let count = () => [];
  const follow = () => {
    for (const map of maps) map.follow();
    const words = count(state.get("hour"));
    counts.forEach((node, i) => { if (node.textContent !== words[i]) node.textContent = words[i]; });
  };
  const mark = () => {
    const scope = state.get("scope");
    const where = scope === null ? place.country : place.region.get(scope).name;
    document.querySelectorAll(".count-where").forEach((node) => { node.textContent = where; });
    count = countsOf(view, scope, diff);
    for (const map of maps) map.mark();
    follow();
  };
  mark();
  return { follow, mark };
}
