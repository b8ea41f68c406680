/**
 * The fan chart: for one or two histories bands, median and single runs; the observed figures over
 * them; below, where there are two, the paired difference with its interval.
 */

import { pointer } from "d3-selection";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { known, picture } from "./svg.js";
import { hideTip, showTip } from "./tip.js";
import { midnights, moment, number, quantity, signed } from "./words.js";

const BETWEEN = 46;

function largest(rows) {
  let top = -Infinity;
  for (const row of rows) for (const value of row ?? []) if (value > top) top = value;
  return top;
}

function smallest(rows) {
  return -largest(rows.map((row) => row?.map((value) => -value)));
}

function sizeOf({ gap, notes, observed }, { width, large = false }) {
  const above = large ? 22 + 14 * Math.min(3, notes.length) : 26;
  const upper = large ? (width < 560 ? 210 : 290) : 150;
  const lower = gap ? (large ? 120 : 78) : 0;
  const floor = above + upper;
  const later = observed.some((point) => point.after);
  return { width, large, above, floor, lower, right: later ? 56 : 10, height: floor + (gap ? BETWEEN + lower : 0) + 26 };
}

function scalesOf(chart, size) {
  const { arms, observed, gap, unit, step = 0, at } = chart;
  const later = observed.some((point) => point.after);
  const points = observed.filter((point) => !point.after || later);
  const top = Math.max(step, largest(arms.flatMap((arm) => [...arm.quantiles, ...arm.curves])),
    ...points.flatMap((p) => [p.low, p.value, p.high]).filter(known));
  const count = arms[0].quantiles[2].length;
  const floor = size.height - 26;
  const low = gap ? Math.min(0, smallest(gap)) : 0;
  const high = gap ? Math.max(0, largest(gap)) : 0;
  const flat = low === 0 && high === 0;
  return {
    hour: at ? (i) => at[i] : (i) => i,
    x: scaleLinear(at ? [at[0], at[count - 1]] : [0, count - 1], [0, size.width - size.right]),
    y: scaleLinear([0, (unit === "share" ? Math.min(1, top) : top) || 1], [size.floor, size.above]).nice(4),
    d: scaleLinear(flat ? [-1, 1] : [low, high], [floor, floor - size.lower]).nice(3),
    flat,
  };
}

function drawValues(svg, x, y, ticks, name) {
  svg.append("g").attr("class", "grid").selectAll("line").data(ticks).join("line").attr("x2", x.range()[1])
    .attr("y1", y).attr("y2", y).attr("class", (v) => (v === 0 ? "zero" : null));
  svg.append("g").attr("class", "y-names").selectAll("text").data(ticks.filter((v) => v !== 0))
    .join("text").attr("y", (v) => y(v) - 4).text(name);
}

function drawDays(svg, { origin }, { x }, { width, height }) {
  const floor = height - 26;
  const [first, last] = x.domain();
  const days = origin === null ? x.ticks(4).map((hour) => ({ hour, day: `hour ${number(hour)}` }))
    : midnights({ origin, hours: last + 1 }).filter((day) => day.hour >= first);
  const each = origin === null ? 1 : Math.max(1, Math.ceil((width < 480 ? 52 : 58) / (x(24) - x(0))));
  svg.append("g").attr("class", "x-names").selectAll("text").data(days.filter((_, i) => i % each === 0)).join("text")
    .attr("x", (d) => x(d.hour)).attr("y", floor + 17).text((d, i) => (i || !d.month ? d.day : `${d.day} ${d.month}`));
  svg.append("g").attr("class", "x-ticks").selectAll("line").data(days).join("line")
    .attr("x1", (d) => x(d.hour)).attr("x2", (d) => x(d.hour)).attr("y1", floor).attr("y2", floor + 4);
}

/** Key events as bands and lines; named on a large chart, above the plot, in rows. */
function drawNotes(svg, notes, { x }, size) {
  const floor = size.height - 26;
  const ends = [];
  for (const note of notes) {
    const [from, to] = [x(note.start), x(note.end ?? note.start)];
    if (to > from) {
      svg.append("rect").attr("class", "note-band").attr("x", from).attr("width", to - from)
        .attr("y", size.above - 8).attr("height", floor - size.above + 8);
    }
    let row = 0;
    if (size.large) {
      const wide = note.label.length * 6.4 + 14;
      const flip = from + wide > size.width;
      const start = flip ? from - wide : from;
      while ((ends[row] ?? -Infinity) > start) row += 1;
      ends[row] = start + wide;
      svg.append("text").attr("class", "note-name").attr("x", flip ? from - 4 : from + 4)
        .attr("text-anchor", flip ? "end" : "start").attr("y", 11 + row * 14).text(note.label);
    }
    svg.append("line").attr("class", "note-line").attr("x1", from).attr("x2", from)
      .attr("y1", size.large ? 2 + row * 14 : size.above - 8).attr("y2", floor);
  }
}

function drawArms(svg, arms, { x, y, hour }) {
  const at = (_, i) => x(hour(i));
  const trace = line().digits(1).defined(known).x(at).y(y);
  const band = (low, high) => area().digits(1).defined(known).x(at)
    .y0((_, i) => y(low[i])).y1((_, i) => y(high[i]))(low);
  for (const { key, quantiles: [low, first, , third, high] } of arms) {
    svg.append("path").attr("class", `band-wide ${key}`).attr("d", band(low, high));
    if (first) svg.append("path").attr("class", `band-half ${key}`).attr("d", band(first, third));
  }
  for (const { key, quantiles, curves } of arms) {
    svg.append("g").attr("class", `curves ${key}`).selectAll("path").data(curves).join("path").attr("d", trace);
    svg.append("path").attr("class", `median ${key}`).attr("d", trace(quantiles[2]));
  }
}

function drawGap(svg, gap, unit, { x, d, flat, hour }, size) {
  svg.append("text").attr("class", "gap-name").attr("y", size.height - 26 - size.lower - 22)
    .text(flat ? "No pair differs" : "Difference, baseline minus counterfactual");
  if (!flat) drawValues(svg, x, d, d.ticks(3), (v) => signed(v, unit));
  svg.append("line").attr("class", "gap-zero").attr("x2", x.range()[1]).attr("y1", d(0)).attr("y2", d(0));
  if (flat) return;
  const at = (_, i) => x(hour(i));
  const band = area().digits(1).defined((_, i) => known(gap[1][i])).x(at).y0((_, i) => d(gap[1][i])).y1((_, i) => d(gap[2][i]));
  svg.append("path").attr("class", "gap-band").attr("d", band(gap[0]));
  svg.append("path").attr("class", "gap-curve").attr("d", line().digits(1).defined(known).x(at).y(d)(gap[0]));
}

/** The index at which a median is worth a word: its highest, lowest or last value. */
export function worthOf(values, kind) {
  if (kind === "last") return values.length - 1;
  const better = kind === "max" ? (a, b) => a > b : (a, b) => a < b;
  return values.reduce((best, value, i) => (better(value, values[best]) ? i : best), 0);
}

function drawWorth(svg, { arms, worth, unit, origin }, { x, y, hour }, size) {
  const [, , median] = arms[0].quantiles;
  const i = worthOf(median, worth);
  if (!known(median[i])) return;
  const [px, py] = [x(hour(i)), y(median[i])];
  const word = { max: "highest ", min: "lowest ", last: "" }[worth];
  const end = px > size.width * 0.7;
  const below = worth === "min" && py < size.floor - 24;
  svg.append("circle").attr("class", "worth-dot").attr("r", 3).attr("cx", px).attr("cy", py);
  svg.append("text").attr("class", "worth").attr("x", end ? px - 7 : px + 8)
    .attr("y", py + (below ? 16 : -7)).attr("text-anchor", end ? "end" : "start")
    .text(`${word}${quantity(median[i], unit)}`)
    .append("title").text(`median run at ${moment({ origin }, hour(i))}`);
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
  group.on("pointerenter", (event, p) => {
    const [when, ...rest] = p.label.split(" · ");
    const box = event.currentTarget.getBoundingClientRect();
    showTip([`Observed ${when}`, ...rest], box.left + box.width / 2, box.top);
  }).on("pointerleave", hideTip);
  if (points.some((p) => p.after)) {
    svg.append("text").attr("class", "after").attr("x", size.width - 26).attr("y", size.height - 9)
      .attr("text-anchor", "middle").text("final");
  }
}

/** What the pointer reads at an hour: each history, and the difference. */
export function readings({ arms, gap, unit }, i) {
  const lines = arms.map(({ name, quantiles: [low, , middle, , high], runs }) => {
    const range = runs === 1 ? "" : `, 90 % of ${runs ?? "the"} runs ${quantity(low[i], unit)} to ${quantity(high[i], unit)}`;
    return `${name || "median"} ${quantity(middle[i], unit)}${range}`;
  });
  if (!gap) return lines;
  const [mean, low, high] = gap.map((row) => signed(row[i], unit));
  return [...lines, `difference ${mean}${low === "–" ? "" : ` (95 % interval ${low} to ${high})`}`];
}

function listen(svg, chart, { x }, size, choose) {
  svg.insert("rect", ":first-child").attr("class", "backdrop").attr("width", x.range()[1]).attr("height", size.height);
  const hourAt = (event) => {
    const [first, last] = x.domain();
    return Math.max(first, Math.min(last, Math.round(x.invert(pointer(event, svg.node())[0]))));
  };
  svg.on("pointermove", (event) => {
    if (event.target.closest(".observed")) return;
    const hour = hourAt(event);
    showTip([moment(chart, hour), ...readings(chart, hour)], event.clientX, event.clientY - 6);
  }).on("pointerleave", hideTip).on("click", (event) => choose(hourAt(event)));
}

/**
 * Draw `chart` = {name, unit, step, origin, at, arms, gap, observed, notes, worth}; `choose` is told the
 * hour that the reader clicks. Returns the picture, and what moves the line of the present hour.
 */
export function drawFan(chart, { width, large = false, choose = null }) {
  const size = sizeOf(chart, { width, large });
  const scales = scalesOf(chart, size);
  const { x, y } = scales;
  const svg = picture(width, size.height, chart.name).attr("role", "group");
  if (choose) listen(svg, chart, scales, size, choose);
  drawNotes(svg, chart.notes, scales, size);
  drawValues(svg, x, y, y.ticks(large ? 4 : 3), (v, i, all) =>
    quantity(v, chart.unit) + (i === all.length - 1 && chart.unit === "people" ? " people" : ""));
  drawDays(svg, chart, scales, size);
  drawArms(svg, chart.arms, scales);
  if (chart.gap) drawGap(svg, chart.gap, chart.unit, scales, size);
  const head = choose && svg.append("line").attr("class", "head").attr("y1", size.above - 8).attr("y2", size.height - 26);
  drawObserved(svg, chart.observed, scales, size);
  if (chart.worth) drawWorth(svg, chart, scales, size);
  return { svg: svg.node(), follow: (hour) => head.attr("transform", `translate(${x(hour).toFixed(1)},0)`) };
}
