/**
 * The fan of a nowcast: by day, the middle 90 % and half, the median, the figures known by then and,
 * if wanted, those that came. Counts lie on an axis of log10(1 + x), from 0 up.
 */

import { scaleLinear, scaleSymlog } from "d3-scale";
import { area, line } from "d3-shape";
import { known, picture } from "./svg.js";
import { number } from "./words.js";

const [LEFT, RIGHT, TOP, FLOOR] = [58, 12, 14, 26];
const DAY = 864e5;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const dayNumber = (text) => Math.round(Date.parse(`${text}T00:00Z`) / DAY);

/** `5 Jan`. */
export function dayName(day) {
  const when = new Date(day * DAY);
  return `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]}`;
}

/** 0 and the powers of ten up to `top`. */
export function powers(top) {
  const values = [0];
  for (let power = 1; power <= top; power *= 10) values.push(power);
  return values;
}

function drawAxes(svg, { x, y }, { top, until }) {
  const [left, right] = x.range();
  const [floor, ceiling] = y.range();
  svg.append("g").attr("class", "grid").selectAll("line").data(powers(top)).join("line")
    .attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y).attr("class", (v) => (v === 0 ? "zero" : null));
  svg.append("g").selectAll("text").data(powers(top).filter((_, i, all) => all.length < 5 || i % 2 === 0)).join("text")
    .attr("x", left - 8).attr("y", (v) => y(v) + 4).attr("text-anchor", "end").text((v) => number(v));
  const [first, last] = [Math.ceil(x.domain()[0]), Math.floor(x.domain()[1])];
  const each = Math.max(1, Math.ceil(48 / (x(first + 1) - x(first))));
  const days = Array.from({ length: Math.floor((last - first) / each) + 1 }, (_, i) => first + i * each);
  svg.append("g").selectAll("text").data(days).join("text").attr("x", x).attr("y", floor + 18)
    .attr("text-anchor", "middle").text(dayName);
  svg.append("rect").attr("class", "note-band").attr("x", left).attr("y", ceiling)
    .attr("width", Math.max(0, x(until + 0.5) - left)).attr("height", floor - ceiling);
  svg.append("line").attr("class", "note-line").attr("x1", x(until + 0.5)).attr("x2", x(until + 0.5))
    .attr("y1", ceiling - 4).attr("y2", floor);
}

function drawFigures(svg, points, { x, y }, until) {
  const groups = svg.append("g").attr("class", "observed").selectAll("g").data(points).join("g");
  groups.append("title").text((p) => `${dayName(p.day)}: ${number(p.value ?? p.low ?? p.high)}`);
  groups.filter((p) => known(p.low) || known(p.high)).append("line").attr("class", "obs-bar")
    .attr("x1", (p) => x(p.day)).attr("x2", (p) => x(p.day))
    .attr("y1", (p) => y(p.low ?? 0)).attr("y2", (p) => y(p.high ?? y.domain()[1]));
  groups.filter((p) => known(p.value)).append("path").attr("d", "M0-5L5 0L0 5L-5 0Z")
    .attr("class", (p) => (p.day <= until ? "obs-dot" : "obs-dot came"))
    .attr("transform", (p) => `translate(${x(p.day)},${y(p.value)})`);
}

/** The largest value of fans and figures: what the axis has to hold. */
export function topOf(fans, points) {
  return Math.max(10, ...fans.flatMap(({ days }) => days.map(({ pooled }) => pooled[4])),
    ...points.flatMap((p) => [p.low, p.value, p.high]).filter(known));
}

/** Draw what is said of `fan` (null: nothing yet) after the day `until`; `span` are the days shown. */
export function drawDaily({ fan, points, until, span, top }, { width, height = 260, label }) {
  const svg = picture(width, height, label, "daily");
  const scales = {
    x: scaleLinear([span[0] - 0.6, span[1] + 0.6], [LEFT, width - RIGHT]),
    y: scaleSymlog([0, 1.15 * top], [height - FLOOR, TOP]), // what lies at the top must not look cut off
  };
  drawAxes(svg, scales, { top, until });
  const days = (fan?.days ?? []).map(({ day, pooled }) => ({ at: dayNumber(day), pooled })).filter(({ at }) => at <= span[1]);
  const at = (d) => scales.x(d.at);
  const band = (low, high) => area().digits(1).x(at).y0((d) => scales.y(d.pooled[low])).y1((d) => scales.y(d.pooled[high]))(days);
  svg.append("path").attr("class", "band-wide").attr("d", band(0, 4));
  svg.append("path").attr("class", "band-half").attr("d", band(1, 3));
  svg.append("path").attr("class", "median").attr("d", line().digits(1).x(at).y((d) => scales.y(d.pooled[2]))(days));
  drawFigures(svg, points, scales, until);
  return svg.node();
}
