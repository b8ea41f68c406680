/** Fan charts: two bands, the median, single runs, and the observed figures over them. */

import { create, pointer } from "d3-selection";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { max } from "d3-array";
import { midnights, moment, quantity } from "./words.js";
import { hideTip, showTip } from "./tip.js";

const WORTH = {
  active: "max", troops: "max", killed: "last", arrested: "last", legitimacy: "last",
  connectivity: "min", obeying: "min",
};

function hourOf(values, kind) {
  if (kind === "last") return values.length - 1;
  let best = 0;
  for (let hour = 1; hour < values.length; hour += 1) {
    const better = kind === "max" ? values[hour] > values[best] : values[hour] < values[best];
    if (better) best = hour;
  }
  return best;
}

function frame(fan, quantiles, curves, observed, size, later) {
  const inside = observed.filter((point) => !point.after || later);
  const seen = inside.flatMap((p) => [p.low, p.value, p.high]).filter((v) => v !== null);
  const runs = curves.length ? max(curves, (curve) => max(curve)) : 0;
  const top = Math.max(max(quantiles[4]) || 0, runs || 0, ...seen, fan.step);
  const limit = fan.unit === "share" ? Math.min(1, top) : top;
  const { width, height, above, below, right } = size;
  return {
    x: scaleLinear([0, quantiles[0].length - 1], [0, width - right]),
    y: scaleLinear([0, limit], [height - below, above]).nice(4),
  };
}

/** Lines and names of the values of `y`; `name` says how they are written. */
export function drawValues(svg, { x, y }, ticks, name) {
  const end = x.range()[1];
  const grid = svg.append("g").attr("class", "grid");
  grid.selectAll("line").data(ticks).join("line").attr("x2", end)
    .attr("y1", y).attr("y2", y).attr("class", (v) => (v === 0 ? "zero" : null));
  svg.append("g").attr("class", "y-names").selectAll("text").data(ticks.filter((v) => v !== 0))
    .join("text").attr("y", (v) => y(v) - 4).text(name);
}

/** Days below the chart. */
export function drawDays(svg, data, x, { width, height, below }) {
  const days = midnights(data);
  const room = Math.max(1, Math.ceil((width < 480 ? 52 : 58) / (x(24) - x(0))));
  svg.append("g").attr("class", "x-names").selectAll("text")
    .data(days.filter((d, i) => i % room === 0)).join("text")
    .attr("x", (d) => x(d.hour)).attr("y", height - below + 17)
    .text((d, i) => (i ? d.day : `${d.day} ${d.month}`));
  svg.append("g").attr("class", "x-ticks").selectAll("line").data(days).join("line")
    .attr("x1", (d) => x(d.hour)).attr("x2", (d) => x(d.hour))
    .attr("y1", height - below).attr("y2", height - below + 4);
}

function drawAxes(svg, data, fan, axes, size) {
  drawValues(svg, axes, axes.y.ticks(size.first ? 4 : 3), (v, i, all) => {
    const unit = i === all.length - 1 && fan.unit === "people" ? " people" : "";
    return quantity(v, fan.unit) + unit;
  });
  drawDays(svg, data, axes.x, size);
}

/** Key events as bands and lines; named on the first chart, above the plot, in rows. */
export function drawNotes(svg, notes, { x }, size) {
  const floor = size.height - size.below;
  const ends = [];
  for (const note of notes) {
    const [from, to] = [x(note.start), x(note.end)];
    if (to > from) {
      svg.append("rect").attr("class", "note-band").attr("x", from).attr("width", to - from)
        .attr("y", size.above - 8).attr("height", floor - size.above + 8);
    }
    let row = 0;
    if (size.first) {
      const wide = note.label.length * 6.4 + 14;
      const flip = from + wide > size.width;
      const start = flip ? from - wide : from;
      while ((ends[row] ?? -Infinity) > start) row += 1;
      ends[row] = start + wide;
      svg.append("text").attr("class", "note-name").attr("x", flip ? from - 4 : from + 4)
        .attr("text-anchor", flip ? "end" : "start").attr("y", 11 + row * 14).text(note.label);
    }
    svg.append("line").attr("class", "note-line").attr("x1", from).attr("x2", from)
      .attr("y1", size.first ? 2 + row * 14 : size.above - 8).attr("y2", floor);
  }
}

function drawRuns(svg, quantiles, curves, { x, y }) {
  const defined = (v) => Number.isFinite(v);
  const trace = line().defined(defined).x((_, hour) => x(hour)).y((v) => y(v));
  const band = (low, high) => area().defined((v) => defined(v))
    .x((_, hour) => x(hour)).y0((_, hour) => y(quantiles[low][hour]))
    .y1((_, hour) => y(quantiles[high][hour]))(quantiles[low]);
  svg.append("path").attr("class", "band-wide").attr("d", band(0, 4));
  svg.append("path").attr("class", "band-half").attr("d", band(1, 3));
  svg.append("g").attr("class", "curves").selectAll("path").data(curves).join("path").attr("d", trace);
  svg.append("path").attr("class", "median").attr("d", trace(quantiles[2]));
}

function drawWorth(svg, data, fan, quantiles, { x, y }, size) {
  const kind = WORTH[fan.key] ?? "last";
  const hour = hourOf(quantiles[2], kind);
  const value = quantiles[2][hour];
  if (!Number.isFinite(value)) return;
  const [px, py] = [x(hour), y(value)];
  const word = { max: "highest ", min: "lowest ", last: "" }[kind];
  const end = px > size.width * 0.7;
  const below = kind === "min" && py < size.height - size.below - 24;
  svg.append("circle").attr("class", "worth-dot").attr("r", 3).attr("cx", px).attr("cy", py);
  svg.append("text").attr("class", "worth").attr("x", end ? px - 7 : px + 8)
    .attr("y", py + (below ? 16 : -7)).attr("text-anchor", end ? "end" : "start")
    .text(`${word}${quantity(value, fan.unit)}`)
    .append("title").text(`median run at ${moment(data, hour)}`);
}

/** Observed figures: a day-wide stroke at the value, a bar over its range, a diamond. */
function drawObserved(svg, points, { x, y }, size) {
  const last = x.domain()[1];
  const middle = (p) => (p.after ? size.width - 26 : x(Math.min(last, p.hour + p.hours / 2)));
  const group = svg.append("g").attr("class", "observed").selectAll("g").data(points).join("g")
    .attr("role", "img").attr("aria-label", (p) => `Observed ${p.label}`);
  group.filter((p) => p.low !== null || p.high !== null).append("line").attr("class", "obs-bar")
    .attr("x1", middle).attr("x2", middle).attr("y1", (p) => y(p.low ?? p.value ?? 0))
    .attr("y2", (p) => y(p.high ?? p.value ?? y.domain()[1]));
  const valued = group.filter((p) => p.value !== null);
  valued.filter((p) => !p.after && p.hours > 0).append("line").attr("class", "obs-day")
    .attr("x1", (p) => x(Math.max(0, p.hour))).attr("x2", (p) => x(Math.min(last, p.hour + p.hours)))
    .attr("y1", (p) => y(p.value)).attr("y2", (p) => y(p.value));
  valued.append("path").attr("class", "obs-dot").attr("d", "M0-5L5 0L0 5L-5 0Z")
    .attr("transform", (p) => `translate(${middle(p)},${y(p.value)})`);
  const tip = (event, p) => {
    const [when, ...rest] = p.label.split(" · ");
    const box = event.currentTarget.getBoundingClientRect();
    showTip([`Observed ${when}`, ...rest], box.left + box.width / 2, box.top);
  };
  group.on("pointerenter", tip).on("pointerleave", hideTip);
  const after = points.find((p) => p.after);
  if (after) {
    svg.append("text").attr("class", "after").attr("x", size.width - 26)
      .attr("y", size.height - size.below + 17).attr("text-anchor", "middle").text("final");
  }
}

function listen(svg, { data, state }, fan, quantiles, { x }, size) {
  svg.insert("rect", ":first-child").attr("class", "backdrop").attr("width", x.range()[1])
    .attr("height", size.height);
  const at = (event) => {
    const hour = Math.round(x.invert(pointer(event, svg.node())[0]));
    return Math.max(0, Math.min(data.hours - 1, hour));
  };
  svg.on("pointermove", (event) => {
    if (event.target.closest(".observed")) return;
    const hour = at(event);
    const [low, , middle, , high] = quantiles.map((row) => quantity(row[hour], fan.unit));
    showTip([moment(data, hour), `median ${middle}`, `90 % of runs ${low} to ${high}`],
      event.clientX, event.clientY - 6);
  }).on("pointerleave", hideTip).on("click", (event) => state.set({ hour: at(event) }));
}

/** Draw one fan into its figure for the state's scope; returns what moves its playhead. */
export function drawFan(figure, fan, context) {
  const { data, state } = context;
  const scope = state.get("scope");
  const box = figure.querySelector(".plot");
  const first = figure.classList.contains("first");
  const national = scope !== null && fan.quantiles(scope) === null;
  const shown = national ? null : scope;
  const quantiles = fan.quantiles(shown);
  const curves = state.get("curves") ? fan.curves(shown) : [];
  const observed = fan.observed(shown);
  const later = observed.some((point) => point.after);
  const width = Math.max(240, box.clientWidth);
  const size = { width, first, height: first ? (width < 560 ? 300 : 380) : 210,
    above: first ? 64 : 26, below: 26, right: later ? 56 : 10 };
  const axes = frame(fan, quantiles, curves, observed, size, later);
  const place = shown === null ? data.country : data.region.get(shown).name;
  const svg = create("svg").attr("width", width).attr("height", size.height)
    .attr("viewBox", `0 0 ${width} ${size.height}`).attr("role", "group")
    .attr("aria-label", `${fan.title} over time, ${place}`);
  listen(svg, context, fan, quantiles, axes, size);
  drawNotes(svg, data.notes, axes, size);
  drawAxes(svg, data, fan, axes, size);
  drawRuns(svg, quantiles, curves, axes);
  const head = svg.append("line").attr("class", "head").attr("y1", size.above - 8)
    .attr("y2", size.height - size.below);
  drawObserved(svg, observed, axes, size);
  drawWorth(svg, data, fan, quantiles, axes, size);
  box.replaceChildren(svg.node());
  figure.querySelector("b").textContent =
    (shown === null ? fan.title : fan.regionalTitle) + (scope === null ? "" : `, ${place}`);
  const update = () => {
    const at = axes.x(state.get("hour"));
    head.attr("x1", at).attr("x2", at);
  };
  update();
  return update;
}
