/** The time strip: the street's curve, day and night, and a lane for each actor, on one axis. */

import { create } from "d3-selection";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { max } from "d3-array";
import { midnights, nights } from "./words.js";
import { tipOn } from "./tip.js";

const CURVE = 46;
const TRACK = 22;
const ROW = 9;
const NAMED_ROW = 15;
const MOST_NAMED = 8;

/** Put marks that would overlap into further rows; returns the number of rows. */
function dodge(marks, x) {
  const ends = [];
  for (const mark of marks) {
    const from = x(mark.start) - 5;
    let row = ends.findIndex((end) => end < from);
    if (row < 0) row = ends.length;
    ends[row] = Math.max(x(mark.end), x(mark.start)) + 5;
    mark.row = row;
  }
  return Math.max(1, ends.length);
}

function drawDays(svg, data, x, bottom) {
  const top = CURVE;
  svg.append("rect").attr("class", "track").attr("x", x(0)).attr("y", top)
    .attr("width", x(data.hours - 1) - x(0)).attr("height", TRACK);
  svg.append("g").selectAll("rect").data(nights(data)).join("rect").attr("class", "night")
    .attr("x", (n) => x(n[0])).attr("width", (n) => x(n[1]) - x(n[0]))
    .attr("y", top).attr("height", TRACK);
  const days = midnights(data);
  const wide = x(24) - x(0);
  svg.append("g").selectAll("line").data(days).join("line").attr("class", "midnight")
    .attr("x1", (d) => x(d.hour)).attr("x2", (d) => x(d.hour)).attr("y1", top + TRACK)
    .attr("y2", bottom);
  svg.append("g").attr("class", "days").selectAll("text").data(days).join("text")
    .attr("x", (d) => x(Math.min(d.hour + 12, data.hours - 1))).attr("y", top + TRACK + 14)
    .attr("text-anchor", "middle")
    .text((d, i) => {
      if (wide < 15 && i % 3) return "";
      if (wide < 26 && i % 2) return "";
      return wide > 44 ? `${d.weekday} ${d.day}` : d.day;
    });
}

function drawMarks(group, lane, x, top) {
  const model = lane.key.startsWith("model");
  const y = (mark) => top + 8 + mark.row * (lane.named ? NAMED_ROW : ROW);
  group.selectAll("line.span").data(lane.marks.filter((m) => m.end > m.start)).join("line")
    .attr("class", "span").attr("x1", (m) => x(m.start)).attr("x2", (m) => x(m.end))
    .attr("y1", y).attr("y2", y);
  const dots = group.selectAll("circle").data(lane.marks).join("circle")
    .attr("cx", (m) => x(m.middle ?? m.start)).attr("cy", y).attr("r", 3.6)
    .attr("class", (m) => `dot ${model ? "model" : ""} ${m.whose ?? ""}`).attr("role", "img")
    .attr("fill-opacity", (m) => (model ? 0.15 + 0.85 * m.share : 1))
    .attr("aria-label", (m) => `${m.label} ${m.detail}`);
  const whose = { base: "only as it was", other: "only with the change" };
  tipOn(dots, (m) => [m.label, model ? "" : whose[m.whose], ...m.detail.split(" · ")]);
  if (lane.named) drawNames(group, lane.marks, x, y);
}

/** Few events of the model are named beside their marks, with how many runs made them. */
function drawNames(group, marks, x, y) {
  const [first, last] = x.range();
  const late = (mark) => x(mark.end) > first + 0.6 * (last - first);
  const short = last - first < 520;
  group.selectAll("text.made").data(marks).join("text").attr("class", "made")
    .attr("x", (m) => (late(m) ? x(m.start) - 9 : x(m.end) + 9)).attr("y", (m) => y(m) + 4)
    .attr("text-anchor", (m) => (late(m) ? "end" : "start"))
    .text((m) => {
      const [where, runs] = m.detail.split(" · ");
      return short ? m.label : `${m.label}, ${where}, ${runs}`;
    });
}

function drawReported(group, data, x, top) {
  const cells = group.selectAll("g.reported").data(data.reported).join("g")
    .attr("class", "reported");
  cells.append("text").attr("x", (m) => (x(m.start) + x(m.end)) / 2).attr("y", top + 11)
    .attr("text-anchor", "middle").text((m) => m.label);
  tipOn(cells, (m) => [`${m.label} regions`, m.detail]);
}

function drawLanes(svg, data, x, left, first) {
  let top = first;
  const narrow = left < 100;
  for (const lane of data.lanes) {
    const group = svg.append("g").attr("class", `lane ${lane.key}`);
    group.append("line").attr("class", "lane-line").attr("x1", 0)
      .attr("x2", x(data.hours - 1)).attr("y1", top).attr("y2", top);
    group.append("text").attr("class", "lane-name").attr("x", 0).attr("y", top + 14)
      .text(lane.title);
    if (narrow) top += 16;
    const counted = lane.key === "street" && data.reported?.length > 0;
    if (counted && !narrow) {
      group.append("text").attr("class", "lane-more").attr("x", 0).attr("y", top + 29)
        .text("regions reporting protest");
    }
    if (counted) drawReported(group, data, x, top);
    const shift = counted ? 14 : 0;
    lane.named = lane.key.startsWith("model") && lane.marks.length <= MOST_NAMED;
    if (lane.named) lane.marks.forEach((mark, row) => Object.assign(mark, { row }));
    const rows = lane.named ? lane.marks.length : dodge(lane.marks, x);
    drawMarks(group, lane, x, top + shift);
    top += Math.max(counted ? 26 : 22, rows * (lane.named ? NAMED_ROW : ROW) + 10) + shift;
  }
  return top;
}

/** The street of each history, the first as an area, others as lines over it. */
function drawCurve(svg, data, x, histories) {
  const paths = histories.map((one, i) =>
    svg.append("path").attr("class", `${i ? "strip-line" : "strip-curve"} ${one.key ?? ""}`));
  const name = svg.append("text").attr("class", "strip-name").attr("y", 12);
  return (scope) => {
    const layers = histories.map((one) => one.layers.find((entry) => entry.key === "active"));
    if (!layers.every(Boolean)) return;
    const rows = layers.map((layer) =>
      (scope === null ? layer.national : layer.regional[data.region.get(scope).index]));
    const y = scaleLinear([0, max(rows, (row) => max(row)) || 1], [CURVE, 4]);
    const fill = area().x((_, hour) => x(hour)).y0(CURVE).y1((v) => y(v));
    const trace = line().x((_, hour) => x(hour)).y((v) => y(v));
    paths.forEach((path, i) => path.attr("d", (i ? trace : fill)(rows[i])));
    name.attr("x", x(0)).text(`On the street, ${scope === null ? data.country : data.region.get(scope).name}`);
  };
}

/** Draw the strip into `box` behind the slider; returns the function that follows the state. */
export function drawStrip(box, slider, { data, state, histories = [data] }) {
  const width = Math.max(240, box.clientWidth);
  const left = width < 720 ? 10 : 170;
  const right = 12;
  const x = scaleLinear([0, data.hours - 1], [left, width - right]);
  const svg = create("svg").attr("width", width).attr("role", "group")
    .attr("aria-label", "Timeline of the actors");
  const backdrop = svg.append("rect").attr("class", "backdrop").attr("width", width);
  const days = svg.append("g");
  const curve = drawCurve(svg, data, x, histories);
  const bottom = drawLanes(svg, data, x, left, CURVE + TRACK + 24);
  drawDays(days, data, x, bottom);
  svg.attr("height", bottom + 6).attr("viewBox", `0 0 ${width} ${bottom + 6}`);
  const head = svg.append("line").attr("class", "head").attr("y1", 0).attr("y2", bottom);
  backdrop.attr("height", bottom).on("click", (event) => {
    const hour = Math.round(x.invert(event.clientX - svg.node().getBoundingClientRect().left));
    state.set({ hour: Math.max(0, Math.min(data.hours - 1, hour)) });
  });
  box.querySelector("svg")?.remove();
  box.append(svg.node());
  slider.style.left = `${left - 10}px`;
  slider.style.width = `${width - left - right + 20}px`;
  const update = () => {
    const at = x(state.get("hour"));
    head.attr("x1", at).attr("x2", at);
    curve(state.get("scope"));
  };
  update();
  return update;
}
