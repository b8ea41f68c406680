/** The clock: play, slider, day and night, and the timeline of what the actors decide. */

import { create } from "d3-selection";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { max } from "d3-array";
import { bindHour, playToggle, showPlaying, tellHour } from "../src/clock.js";
import { tipOn } from "../src/tip.js";
import { clock, midnights, nights } from "../src/words.js";
import { byId } from "./dom.js";

const CURVE = 44;
const TRACK = 20;
const ROW = 10;
export const SPEEDS = [6, 12, 24, 48];

/** Play and pause: hours pass with the frames of the screen, as many a second as chosen. */
function player(state, hours) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let at = 0;
  let last = 0;
  const frame = (now) => {
    if (!state.get("playing")) return;
    const speed = calm.matches ? 2 : state.get("speed");
    at += (Math.max(0, now - last) / 1000) * speed; // a frame may have begun before the click
    last = now;
    const hour = Math.min(hours() - 1, Math.floor(at));
    if (hour >= hours() - 1) state.set({ hour, playing: false });
    else {
      if (hour !== state.get("hour")) state.set({ hour });
      requestAnimationFrame(frame);
    }
  };
  const show = () => {
    const playing = state.get("playing");
    showPlaying(byId("play"), playing);
    document.body.classList.toggle("playing", playing);
    if (!playing) return;
    at = state.get("hour");
    last = performance.now();
    requestAnimationFrame(frame);
  };
  state.on(["playing"], show);
  show();
  return playToggle(state, hours);
}

/** Slider, keys, speed; `place()` is the case shown now. Returns what follows the hour. */
export function bindTime(state, place) {
  const slider = byId("hour");
  const hours = () => place()?.hours ?? 1;
  const toggle = player(state, hours);
  byId("play").addEventListener("click", toggle);
  bindHour(state, hours, slider, byId("stage"), toggle);
  byId("speed").addEventListener("change", (event) => state.set({ speed: Number(event.target.value) }));
  return () => {
    const data = place();
    const hour = state.get("hour");
    tellHour(slider, byId("clock"), hour, clock(data, hour));
    const local = (new Date(data.origin).getUTCHours() + hour) % 24;
    const night = local >= 20 || local < 7;
    byId("stage").classList.toggle("night", night);
    byId("daylight").textContent = night ? "☾" : "☀";
  };
}

/** Marks with the row in which none overlaps another. */
function rowsOf(marks, x) {
  const ends = [];
  return marks.map((mark) => {
    const from = x(mark.start) - 5;
    let row = ends.findIndex((end) => end < from);
    if (row < 0) row = ends.length;
    ends[row] = Math.max(x(mark.end), x(mark.start)) + 5;
    return { ...mark, row };
  });
}

function drawDays(svg, place, x, bottom) {
  svg.append("rect").attr("class", "track").attr("x", x(0)).attr("y", CURVE)
    .attr("width", x(place.hours - 1) - x(0)).attr("height", TRACK);
  svg.append("g").selectAll("rect").data(nights(place)).join("rect").attr("class", "night")
    .attr("x", (n) => x(n[0])).attr("width", (n) => x(n[1]) - x(n[0]))
    .attr("y", CURVE).attr("height", TRACK);
  const days = midnights(place);
  const wide = x(24) - x(0);
  svg.append("g").selectAll("line").data(days).join("line").attr("class", "midnight")
    .attr("x1", (d) => x(d.hour)).attr("x2", (d) => x(d.hour)).attr("y1", CURVE + TRACK)
    .attr("y2", bottom);
  const each = Math.max(1, Math.ceil(26 / wide));
  svg.append("g").attr("class", "days").selectAll("text").data(days).join("text")
    .attr("x", (d) => x(Math.min(d.hour + 12, place.hours - 1))).attr("y", CURVE + TRACK + 14)
    .attr("text-anchor", "middle")
    .text((d, i) => (i % each ? "" : wide > 46 ? `${d.weekday} ${d.day}` : d.day));
}

/** The actors' rows: what history scripts once, what the model made for each history. */
function lanesOf({ base, variant }) {
  const scripted = base.lanes.filter((lane) => lane.key !== "model" && lane.marks.length);
  const made = [[base, "Model, as it was", "base"], [variant, "Model, changed", "changed"]]
    .filter(([arm]) => arm)
    .map(([arm, title, css]) => ({
      key: `model ${css}`, title,
      marks: arm.lanes.find((lane) => lane.key === "model")?.marks ?? [],
    }));
  return [...scripted, ...made.filter((lane) => lane.marks.length)];
}

function drawLanes(svg, world, x, left, first) {
  let top = first;
  const narrow = left < 100;
  for (const lane of lanesOf(world)) {
    const model = lane.key.startsWith("model");
    const marks = rowsOf(lane.marks, x);
    const rows = marks.reduce((most, mark) => Math.max(most, mark.row + 1), 1);
    const group = svg.append("g").attr("class", `lane ${lane.key}`);
    group.append("line").attr("class", "lane-line").attr("x2", x(world.place.hours - 1))
      .attr("y1", top).attr("y2", top);
    group.append("text").attr("class", "lane-name").attr("y", top + 14).text(lane.title);
    if (narrow) top += 16;
    const y = (mark) => top + 9 + mark.row * ROW;
    group.selectAll("line.span").data(marks.filter((m) => m.end > m.start)).join("line")
      .attr("class", "span").attr("x1", (m) => x(m.start)).attr("x2", (m) => x(m.end))
      .attr("y1", y).attr("y2", y);
    const dots = group.selectAll("circle").data(marks).join("circle")
      .attr("cx", (m) => x(m.middle ?? m.start)).attr("cy", y).attr("r", 3.7)
      .attr("class", model ? "dot model" : "dot").attr("role", "img")
      .attr("fill-opacity", (m) => (model ? 0.2 + 0.8 * m.share : 1))
      .attr("aria-label", (m) => `${m.label} ${m.detail}`);
    tipOn(dots, (m) => [m.label, ...m.detail.split(" · ")]);
    top += Math.max(22, rows * ROW + 10);
  }
  return top;
}

function drawCurves(svg, { place, base, variant }, x) {
  const arms = [[base, "curve-base"], [variant, "curve-variant"]].filter(([arm]) => arm);
  const paths = arms.map(([, css]) => svg.append("path").attr("class", `strip-line ${css}`));
  const beside = x(0) > 100;
  const name = svg.append("text").attr("class", "strip-name").attr("x", beside ? 0 : x(0)).attr("y", beside ? 30 : 10);
  return (scope) => {
    const rows = arms.map(([arm]) => {
      const layer = arm.layers.get("active");
      return scope === null ? layer.national : layer.regional[place.region.get(scope).index];
    });
    const y = scaleLinear([0, max(rows, (row) => max(row)) || 1], [CURVE - 1, beside ? 5 : 15]);
    const trace = line((_, hour) => x(hour), (v) => y(v));
    paths.forEach((path, i) => path.attr("d", trace(rows[i])));
    const where = scope === null ? place.country : place.region.get(scope).name;
    name.text(beside ? where : `On the street, ${where}`);
  };
}

/** Draw the strip behind the slider; returns what follows the hour and the scope. */
export function drawStrip(world, state) {
  const { place } = world;
  const box = byId("strip");
  const slider = byId("hour");
  const width = box.clientWidth;
  const left = width < 720 ? 10 : 156;
  const right = 12;
  const x = scaleLinear([0, place.hours - 1], [left, width - right]);
  const svg = create("svg").attr("width", width).attr("role", "group")
    .attr("aria-label", "Timeline of the actors");
  const backdrop = svg.append("rect").attr("class", "backdrop").attr("width", width);
  const days = svg.append("g");
  const curves = drawCurves(svg, world, x);
  const bottom = drawLanes(svg, world, x, left, CURVE + TRACK + 24);
  drawDays(days, place, x, bottom);
  svg.attr("height", bottom + 6).attr("viewBox", `0 0 ${width} ${bottom + 6}`);
  const head = svg.append("line").attr("class", "head").attr("y1", 0).attr("y2", bottom).node();
  backdrop.attr("height", bottom).on("click", (event) => {
    const hour = Math.round(x.invert(event.clientX - svg.node().getBoundingClientRect().left));
    state.set({ hour: Math.max(0, Math.min(place.hours - 1, hour)), playing: false });
  });
  box.querySelector("svg")?.remove();
  box.append(svg.node());
  slider.max = place.hours - 1;
  slider.style.left = `${left - 10}px`;
  slider.style.width = `${width - left - right + 20}px`;
  const follow = () => head.setAttribute("transform", `translate(${x(state.get("hour"))},0)`);
  const mark = () => curves(state.get("scope"));
  follow();
  mark();
  return { follow, mark };
}
