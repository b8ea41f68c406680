/** A curve over doses: a line with its band, points with intervals, and where it tips. */

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { quantity } from "./words.js";
import { known, picture, roundValues } from "./svg.js";

const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [40, 20, 30, 44, 300];
const LETTER = 6.9;

function scalesOf({ x = [], y = [], low = [], high = [], points = [], level, unit }, width) {
  const across = [...x, ...points.map((point) => point.x)].filter(known);
  const up = [0, ...y, ...low, ...high, ...points.flatMap((p) => [p.low, p.mid, p.high]), level?.y].filter(known);
  const top = unit === "share" ? Math.max(1, ...up) : Math.max(...up);
  const upward = scaleLinear([Math.min(...up), top === Math.min(...up) ? top + 1 : top], [HEIGHT - BOTTOM, TOP]);
  const longest = Math.max(...roundValues(upward, 5).map((value) => quantity(value, unit).length));
  const left = Math.max(LEFT, 12 + LETTER * longest);
  return { x: scaleLinear([Math.min(...across), Math.max(...across)], [left, width - RIGHT]).clamp(true), y: upward };
}

function drawAxes(svg, data, { x, y }) {
  const [left, right] = x.range();
  const [floor] = y.range();
  svg.append("g").attr("class", "grid").selectAll("line").data(roundValues(y, 5)).join("line")
    .attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y);
  svg.append("g").selectAll("text").data(roundValues(y, 5)).join("text").attr("x", left - 8)
    .attr("y", (v) => y(v) + 4).attr("text-anchor", "end").text((v) => quantity(v, data.unit));
  svg.append("g").selectAll("text").data(roundValues(x, Math.floor((right - left) / 70))).join("text")
    .attr("x", x).attr("y", floor + 17).attr("text-anchor", "middle").text((v) => quantity(v, data.x_unit));
  svg.append("line").attr("class", "axis").attr("x1", left).attr("x2", right).attr("y1", floor).attr("y2", floor);
  svg.append("text").attr("class", "axis-name").attr("x", right).attr("y", HEIGHT - 6)
    .attr("text-anchor", "end").text(data.x_label ?? "");
  svg.append("text").attr("class", "axis-name").attr("x", 0).attr("y", 13).text(data.y_label ?? "");
}

/** The x at which it tips, with the stretch it may lie in. */
function drawMark(svg, mark, { x, y }) {
  const [floor, top] = y.range();
  if (known(mark.low) && known(mark.high)) {
    svg.append("rect").attr("class", "obs-range").attr("x", x(mark.low)).attr("y", top)
      .attr("width", Math.max(1, x(mark.high) - x(mark.low))).attr("height", floor - top);
  }
  svg.append("line").attr("class", "tip-line").attr("x1", x(mark.at)).attr("x2", x(mark.at))
    .attr("y1", top).attr("y2", floor);
}

/** The x that the reader has chosen: a dashed line behind all, with a mark on the axis. */
function drawHere(svg, here, { x, y }) {
  const [floor, top] = y.range();
  svg.append("line").attr("class", "note-line").attr("x1", x(here)).attr("x2", x(here)).attr("y1", top - 8).attr("y2", floor);
  svg.append("path").attr("class", "here").attr("d", `M${x(here) - 6},${top - 16}h12l-6,8z`);
}

function drawLevel(svg, level, { x, y }) {
  const [left, right] = x.range();
  svg.append("line").attr("class", "note-line").attr("x1", left).attr("x2", right)
    .attr("y1", y(level.y)).attr("y2", y(level.y));
  svg.append("text").attr("x", right).attr("y", y(level.y) - 5).attr("text-anchor", "end").text(level.label ?? "");
}

function drawPoints(svg, data, { x, y }) {
  const groups = svg.append("g").selectAll("g").data(data.points ?? []).join("g");
  groups.append("title").text((p) => `${data.x_label ?? ""} ${quantity(p.x, data.x_unit)}: ${quantity(p.mid, data.unit)}${
    known(p.low) && p.low !== p.high ? `, ${data.interval ?? "95 %"} ${quantity(p.low, data.unit)} to ${quantity(p.high, data.unit)}` : ""}`);
  groups.filter((p) => known(p.low) && known(p.high)).append("line").attr("class", "sim-line thin")
    .attr("x1", (p) => x(p.x)).attr("x2", (p) => x(p.x)).attr("y1", (p) => y(p.low)).attr("y2", (p) => y(p.high));
  groups.append("circle").attr("class", "sim-dot").attr("cx", (p) => x(p.x)).attr("cy", (p) => y(p.mid)).attr("r", 5);
}

/** Draw a curve; returns the picture. */
export function drawCurve(data, { width, label }) {
  const svg = picture(width, HEIGHT, label, "curve");
  const scales = scalesOf(data, width);
  if (data.mark && known(data.mark.at)) drawMark(svg, data.mark, scales);
  if (known(data.here)) drawHere(svg, data.here, scales);
  if (data.level) drawLevel(svg, data.level, scales);
  drawAxes(svg, data, scales);
  const at = (_, i) => scales.x(data.x[i]);
  if (data.low?.length) {
    svg.append("path").attr("class", "band-half").attr("d", area().digits(1).x(at)
      .y0((_, i) => scales.y(data.low[i])).y1((_, i) => scales.y(data.high[i]))(data.low));
  }
  if (data.y?.length) svg.append("path").attr("class", "median").attr("d", line().digits(1).x(at).y(scales.y)(data.y));
  drawPoints(svg, data, scales);
  return svg.node();
}
