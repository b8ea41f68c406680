/** The timeline: the street's curve, day and night, and a lane for each actor, on one axis. */

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { picture } from "./svg.js";
import { tipOn } from "./tip.js";
import { midnights, nights } from "./words.js";

const CURVE = 46;
const TRACK = 22;
const ROW = 10;
const NAMED_ROW = 15;
const MOST_NAMED = 8;
const ONLY = { base: "only in the baseline", other: "only in the counterfactual" };

/** Marks with the row in which none overlaps another. */
export function rowsOf(marks, x) {
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
    .attr("x", (n) => x(n[0])).attr("width", (n) => x(n[1]) - x(n[0])).attr("y", CURVE).attr("height", TRACK);
  const days = midnights(place);
  const wide = x(24) - x(0);
  const each = Math.max(1, Math.ceil(26 / wide));
  svg.append("g").selectAll("line").data(days).join("line").attr("class", "midnight")
    .attr("x1", (d) => x(d.hour)).attr("x2", (d) => x(d.hour)).attr("y1", CURVE + TRACK).attr("y2", bottom);
  svg.append("g").attr("class", "days").selectAll("text").data(days).join("text")
    .attr("x", (d) => x(Math.min(d.hour + 12, place.hours - 1))).attr("y", CURVE + TRACK + 14)
    .attr("text-anchor", "middle").text((d, i) => (i % each ? "" : wide > 46 ? `${d.weekday} ${d.day}` : d.day));
}

function drawMarks(group, lane, marks, x, y) {
  group.selectAll("line.span").data(marks.filter((m) => m.end > m.start)).join("line").attr("class", "span")
    .attr("x1", (m) => x(m.start)).attr("x2", (m) => x(m.end)).attr("y1", y).attr("y2", y);
  const dots = group.selectAll("circle").data(marks).join("circle")
    .attr("cx", (m) => x(m.middle ?? m.start)).attr("cy", y).attr("r", 3.7)
    .attr("class", (m) => `dot ${lane.model ? "model" : ""} ${m.whose ?? ""}`).attr("role", "img")
    .attr("fill-opacity", (m) => (lane.model ? 0.15 + 0.85 * m.share : 1))
    .attr("aria-label", (m) => `${m.label} ${m.detail}`);
  tipOn(dots, (m) => [m.label, lane.model ? "" : ONLY[m.whose], ...m.detail.split(" · ")]);
}

/** Few events of the model are named beside their marks, with how many runs had them. */
function drawNames(group, marks, x, y) {
  const [first, last] = x.range();
  const late = (mark) => x(mark.end) > first + 0.6 * (last - first);
  group.selectAll("text.event").data(marks).join("text").attr("class", "event")
    .attr("x", (m) => (late(m) ? x(m.start) - 9 : x(m.end) + 9)).attr("y", (m) => y(m) + 4)
    .attr("text-anchor", (m) => (late(m) ? "end" : "start")).text((m) => {
      const [where, runs] = m.detail.split(" · ");
      return last - first < 520 || !runs ? m.label : `${m.label}, ${where}, ${runs}`;
    });
}

function drawReported(group, reported, x, top, narrow) {
  const cells = group.selectAll("g.reported").data(reported).join("g").attr("class", "reported");
  cells.append("text").attr("x", (m) => (x(m.start) + x(m.end)) / 2).attr("y", top + 11)
    .attr("text-anchor", "middle").text((m) => m.label);
  tipOn(cells, (m) => [`${m.label} regions`, m.detail]);
  if (narrow) return;
  group.append("text").attr("class", "lane-more").attr("x", 0).attr("y", top + 29).text("regions reporting protest");
}

/** Draw one lane from `top`; returns where the next begins. */
function drawLane(svg, lane, { x, narrow, hours, reported }, top) {
  const group = svg.append("g").attr("class", `lane ${lane.key} ${lane.whose ?? ""}`);
  group.append("line").attr("class", "lane-line").attr("x2", x(hours - 1)).attr("y1", top).attr("y2", top);
  group.append("text").attr("class", "lane-name").attr("y", top + 14).text(lane.title);
  const counted = lane.key === "street" && reported.length > 0;
  const first = top + (narrow ? 16 : 0) + (counted ? 14 : 0);
  if (counted) drawReported(group, reported, x, first - 14, narrow);
  const named = lane.model && lane.marks.length <= MOST_NAMED;
  const marks = named ? lane.marks.map((mark, row) => ({ ...mark, row })) : rowsOf(lane.marks, x);
  const step = named ? NAMED_ROW : ROW;
  const y = (mark) => first + 9 + mark.row * step;
  drawMarks(group, lane, marks, x, y);
  if (named) drawNames(group, marks, x, y);
  const rows = marks.reduce((most, mark) => Math.max(most, mark.row + 1), 1);
  return first + Math.max(counted ? 26 : 22, rows * step + 10);
}

/** The street of each history: one as an area, two as lines. */
function drawCurves(svg, { place, arms }, x) {
  const area1 = arms.length === 1;
  const paths = arms.map(({ key }) => svg.append("path").attr("class", `${area1 ? "strip-curve" : "strip-line"} ${key}`));
  const beside = x(0) > 100;
  const name = svg.append("text").attr("class", "strip-name").attr("x", beside ? 0 : x(0)).attr("y", beside ? 30 : 10);
  return (scope) => {
    const rows = arms.map((arm) => arm.layers.get("active")?.row(scope));
    if (!rows.every(Boolean)) return;
    const most = rows.reduce((top, row) => row.reduce((a, b) => Math.max(a, b), top), 0) || 1;
    const y = scaleLinear([0, most], [CURVE - 1, beside ? 5 : 15]);
    const at = (_, hour) => x(hour);
    const shape = area1 ? area().digits(1).x(at).y0(CURVE).y1(y) : line().digits(1).x(at).y(y);
    paths.forEach((path, i) => path.attr("d", shape(rows[i])));
    const where = scope === null ? place.country : place.region.get(scope).name;
    name.text(beside ? where : `On the street, ${where}`);
  };
}

/**
 * Draw the timeline of `context` = {place, arms, lanes, reported, state} into `box`, behind the slider;
 * returns `{follow, mark}` for the hour and the place. `width` is that of the box where it was read before.
 */
export function drawTimeline(box, slider, context) {
  const { place, lanes, state, reported = [] } = context;
  const width = Math.max(240, context.width ?? box.clientWidth);
  const narrow = width < 720;
  const [left, right] = [narrow ? 10 : 170, 12];
  const x = scaleLinear([0, place.hours - 1], [left, width - right]);
  const svg = picture(width, 10, "Timeline of the actors").attr("role", "group");
  const backdrop = svg.append("rect").attr("class", "backdrop").attr("width", width);
  const days = svg.append("g");
  const curves = drawCurves(svg, context, x);
  const bottom = lanes.reduce((top, lane) => drawLane(svg, lane, { x, narrow, hours: place.hours, reported }, top),
    CURVE + TRACK + 24);
  drawDays(days, place, x, bottom);
  svg.attr("height", bottom + 6).attr("viewBox", `0 0 ${width} ${bottom + 6}`);
  const head = svg.append("line").attr("class", "head").attr("y1", 0).attr("y2", bottom);
  backdrop.attr("height", bottom).on("click", (event) => {
    const hour = Math.round(x.invert(event.clientX - svg.node().getBoundingClientRect().left));
    state.set({ hour: Math.max(0, Math.min(place.hours - 1, hour)), playing: false });
  });
  box.querySelector("svg")?.remove();
  box.append(svg.node());
  slider.max = place.hours - 1;
  slider.style.left = `${left - 10}px`;
  slider.style.width = `${width - left - right + 20}px`;
  const follow = () => head.attr("transform", `translate(${x(state.get("hour")).toFixed(1)},0)`);
  const mark = () => curves(state.get("scope"));
  follow();
  mark();
  return { follow, mark };
}
