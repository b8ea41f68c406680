/** Fan charts of both histories over one axis, with the observed figures. */

import * as Plot from "@observablehq/plot";
import { hideTip, showTip } from "../src/tip.js";
import { midnights, moment, quantity } from "../src/words.js";
import { byId, make } from "./dom.js";

const EVERY = 3;
const CURVES = 12;

/** Rows of a fan for Plot: every third hour is finer than a pixel of these charts. */
function rowsOf(fan, scope, arm) {
  const quantiles = fan?.quantiles(scope);
  if (!quantiles) return [];
  const rows = [];
  for (let hour = 0; hour < quantiles[0].length; hour += EVERY) {
    const [low, q1, middle, q3, high] = quantiles.map((row) => row[hour]);
    if (Number.isFinite(middle)) rows.push({ hour, low, q1, middle, q3, high, arm });
  }
  return rows;
}

function curvesOf(fan, scope, arm) {
  const out = [];
  (fan?.curves(scope) ?? []).slice(0, CURVES).forEach((curve, run) => {
    for (let hour = 0; hour < curve.length; hour += EVERY) {
      out.push({ hour, value: curve[hour], run: `${arm}${run}`, arm });
    }
  });
  return out;
}

function marksOf(chart, state) {
  const { rows, curves, points, notes, first } = chart;
  const single = (arm) => chart.seeds[arm] < 2;
  const bands = ["base", "variant"].flatMap((arm) => {
    const own = rows.filter((row) => row.arm === arm);
    if (!own.length) return [];
    const middle = Plot.line(own, { x: "hour", y: "middle", className: `line-${arm}`, strokeWidth: 2,
      stroke: "currentColor" });
    if (single(arm)) return [middle];
    return [
      Plot.areaY(own, { x: "hour", y1: "low", y2: "high", className: `wide-${arm}`, fill: "currentColor" }),
      Plot.areaY(own, { x: "hour", y1: "q1", y2: "q3", className: `half-${arm}`, fill: "currentColor" }),
      middle,
    ];
  });
  return [
    Plot.ruleX(notes.map((n) => n.start), { className: "note-line", strokeDasharray: "2 3" }),
    ...(first ? notes.map((note, i) => Plot.text([note], { x: "start", text: "label", frameAnchor: "top",
      textAnchor: "start", dx: 4, dy: 12 * (i - notes.length) + 2, className: "note-name" })) : []),
    ...(state.get("curves") ? [Plot.line(curves, { x: "hour", y: "value", z: "run", strokeWidth: 0.7,
      stroke: "currentColor", className: "curves-all" })] : []),
    ...bands,
    Plot.ruleX(points.filter((p) => p.low !== null && p.high !== null),
      { x: "middle", y1: "low", y2: "high", strokeWidth: 2.4, className: "obs-bar" }),
    Plot.dot(points.filter((p) => p.value !== null),
      { x: "middle", y: "value", r: 4.2, symbol: "diamond", className: "obs-dot", fill: "currentColor" }),
    Plot.ruleY([0], { className: "zero" }),
  ];
}

function chartOf(fans, world, scope, first) {
  const [fan, other] = fans;
  const known = fan ?? other;
  const rows = [...rowsOf(fan, scope, "base"), ...rowsOf(other, scope, "variant")];
  const hours = world.place.hours;
  const points = known.points(scope).map((p) => ({
    ...p, middle: p.after ? hours + 14 : Math.max(0, p.hour) + Math.min(p.hours, hours) / 2,
  })).filter((p) => p.after || p.middle <= hours);
  return {
    rows, points, first, notes: (world.base ?? world.variant).notes,
    curves: [...curvesOf(fan, scope, "base"), ...curvesOf(other, scope, "variant")],
    seeds: { base: world.base?.seeds ?? 0, variant: world.variant?.seeds ?? 0 },
  };
}

function plot(box, fans, world, state, scope, first) {
  const known = fans[0] ?? fans[1];
  const chart = chartOf(fans, world, scope, first);
  const later = chart.points.some((p) => p.after);
  const width = Math.max(240, box.clientWidth);
  const days = midnights(world.place);
  const each = Math.ceil((width < 420 ? 40 : 30) / ((width - 70) / days.length));
  const day = new Map(days.map((d, i) => [d.hour, i ? String(d.day) : `${d.day} ${d.month}`]));
  const share = known.unit === "share";
  const figure = Plot.plot({
    width, height: first ? 250 : 170, marginLeft: 52, marginRight: 12, marginTop: first ? 14 + 12 * chart.notes.length : 12,
    marginBottom: 24, className: "chart",
    x: { domain: [0, world.place.hours + (later ? 28 : 0)], ticks: days.filter((_, i) => i % each === 0).map((d) => d.hour),
      tickFormat: (hour) => day.get(hour) ?? "", label: null, tickSize: 4 },
    y: { nice: true, zero: true, ticks: first ? 5 : 3, grid: true, label: null, tickSize: 0,
      domain: share ? undefined : [0, topOf(chart)], tickFormat: (v) => quantity(v, known.unit) },
    marks: marksOf(chart, state),
    ariaLabel: `${known.title} over time`,
  });
  figure.setAttribute("role", "img");
  figure.querySelectorAll("g[aria-label]").forEach((group) => group.removeAttribute("aria-label"));
  box.replaceChildren(figure, make("div.head-line"));
  const scale = figure.scale("x");
  return { scale, head: box.lastChild };
}

function topOf({ rows, points }) {
  let top = 1;
  for (const row of rows) if (row.high > top) top = row.high;
  for (const p of points) {
    for (const v of [p.value, p.high]) if (v !== null && v > top) top = v;
  }
  return top;
}

function words(fans, world, scope, hour) {
  const lines = [moment(world.place, hour)];
  fans.forEach((fan, i) => {
    const quantiles = fan?.quantiles(scope);
    if (!quantiles) return;
    const [low, , middle, , high] = quantiles.map((row) => quantity(row[hour], fan.unit));
    const seeds = (i ? world.variant : world.base).seeds;
    const range = seeds > 1 ? ` (90 % of ${seeds} runs ${low} to ${high})` : "";
    lines.push(`${i ? "Changed" : "As it was"}: ${middle}${range}`);
  });
  return lines;
}

function drawOne(key, world, state, scope, first) {
  const box = byId(`fan-${key}`);
  const fans = [world.base, world.variant].map((arm) => arm?.fans.find((fan) => fan.key === key));
  const known = fans[0] ?? fans[1];
  const national = scope !== null && known.quantiles(scope) === null;
  const shown = national ? null : scope;
  const { scale, head } = plot(box, fans, world, state, shown, first);
  const where = shown === null ? world.place.country : world.place.region.get(shown).name;
  const name = shown === null ? known.title : known.regionalTitle;
  box.parentElement.querySelector("b").textContent = `${name}, ${where}`;
  const hourAt = (event) => {
    const at = scale.invert(event.clientX - box.getBoundingClientRect().left);
    return Math.max(0, Math.min(world.place.hours - 1, Math.round(at)));
  };
  box.onpointermove = (event) => {
    showTip(words(fans, world, shown, hourAt(event)), event.clientX, event.clientY - 6);
  };
  box.onpointerleave = hideTip;
  box.onclick = (event) => state.set({ hour: hourAt(event), playing: false });
  return () => { head.style.transform = `translateX(${scale.apply(state.get("hour"))}px)`; };
}

/** Draw all fans; returns `{follow, mark}` for the hour and the scope. */
export function drawFans(world, state) {
  const any = world.base ?? world.variant;
  const keys = any.fans.map((fan) => fan.key);
  byId("fans").replaceChildren(...any.fans.map((fan, i) => make(i ? "figure.fan" : "figure.fan.first", {},
    make("figcaption", {}, make("b", {}, fan.title), make("span", {}, fan.meaning)),
    make("div.plot", { id: `fan-${fan.key}` }))));
  let heads = [];
  let drawn = {};
  const mark = () => {
    const scope = state.get("scope");
    if (drawn.scope === scope && drawn.curves === state.get("curves")) return;
    drawn = { scope, curves: state.get("curves") };
    heads = keys.map((key, i) => drawOne(key, world, state, scope, i === 0));
    follow();
  };
  const follow = () => heads.forEach((head) => head());
  mark();
  return { follow, mark };
}
