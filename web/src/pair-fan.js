/** Charts of two histories: both fans on one scale, and below them the paired difference. */

import { create, pointer } from "d3-selection";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { max, min } from "d3-array";
import { drawDays, drawNotes, drawValues } from "./fan.js";
import { moment, quantity, signed } from "./words.js";
import { hideTip, showTip } from "./tip.js";

const BETWEEN = 46;
const finite = (v) => Number.isFinite(v);

function sizeOf(width, first) {
  const above = first ? 64 : 22;
  const [upper, lower] = first ? [width < 560 ? 210 : 270, 120] : [136, 78];
  return { width, first, above, upper, below: 26, lower,
    height: above + upper + BETWEEN + lower + 26 };
}

function scales(fans, curves, gap, size, hours) {
  const tops = fans.flatMap((fan) => [max(fan[4]) ?? 0]);
  const top = Math.max(...tops, ...curves.flatMap((rows) => rows.map((row) => max(row) ?? 0)));
  const floor = size.height - size.below;
  const low = Math.min(0, min(gap[1]) ?? min(gap[0]) ?? 0);
  const high = Math.max(0, max(gap[2]) ?? max(gap[0]) ?? 0);
  const flat = low === 0 && high === 0;
  return {
    x: scaleLinear([0, hours - 1], [0, size.width - 10]),
    y: scaleLinear([0, top || 1], [size.above + size.upper, size.above]).nice(4),
    d: scaleLinear(flat ? [-1, 1] : [low, high], [floor, floor - size.lower]).nice(3),
    flat,
  };
}

function drawArms(svg, arms, fans, curves, { x, y }) {
  const trace = line().defined(finite).x((_, hour) => x(hour)).y((v) => y(v));
  arms.forEach((arm, i) => {
    const rows = fans[i];
    const band = area().defined(finite).x((_, hour) => x(hour))
      .y0((_, hour) => y(rows[0][hour])).y1((_, hour) => y(rows[4][hour]));
    svg.append("path").attr("class", `arm-band ${arm.key}`).attr("d", band(rows[0]));
  });
  arms.forEach((arm, i) => {
    svg.append("g").attr("class", `arm-curves ${arm.key}`).selectAll("path").data(curves[i])
      .join("path").attr("d", trace);
    svg.append("path").attr("class", `arm-line ${arm.key}`).attr("d", trace(fans[i][2]));
  });
}

function drawGap(svg, gap, { x, d, flat }, size) {
  const floor = size.height - size.below;
  svg.append("text").attr("class", "gap-name").attr("y", floor - size.lower - 22)
    .text(flat ? "No pair differs" : "Difference, as it was less changed");
  svg.append("line").attr("class", "gap-zero").attr("x2", x.range()[1])
    .attr("y1", d(0)).attr("y2", d(0));
  if (flat) return;
  const band = area().defined((_, h) => finite(gap[1][h])).x((_, hour) => x(hour))
    .y0((_, hour) => d(gap[1][hour])).y1((_, hour) => d(gap[2][hour]));
  const trace = line().defined(finite).x((_, hour) => x(hour)).y((v) => d(v));
  svg.append("path").attr("class", "gap-band").attr("d", band(gap[0]));
  svg.append("path").attr("class", "gap-curve").attr("d", trace(gap[0]));
}

function listen(svg, { data, state }, fan, fans, gap, { x }, size) {
  svg.insert("rect", ":first-child").attr("class", "backdrop").attr("width", x.range()[1])
    .attr("height", size.height);
  const at = (event) => {
    const hour = Math.round(x.invert(pointer(event, svg.node())[0]));
    return Math.max(0, Math.min(data.hours - 1, hour));
  };
  const say = (rows, hour) => {
    const [low, , middle, , high] = rows.map((row) => quantity(row[hour], fan.unit));
    return `${middle} (${low} to ${high})`;
  };
  svg.on("pointermove", (event) => {
    const hour = at(event);
    const [mean, low, high] = gap.map((row) => signed(row[hour], fan.unit));
    showTip([moment(data, hour), `as it was ${say(fans[0], hour)}`, `changed ${say(fans[1], hour)}`,
      `difference ${mean}${low === "–" ? "" : ` (95 %: ${low} to ${high})`}`],
    event.clientX, event.clientY - 6);
  }).on("pointerleave", hideTip).on("click", (event) => state.set({ hour: at(event) }));
}

/** Draw one quantity into its figure for the state's scope; returns what moves its playhead. */
export function drawPairFan(figure, key, context) {
  const { data, state } = context;
  const both = data.arms.map((arm) => arm.fans.find((fan) => fan.key === key));
  const difference = data.fanGaps.find((gap) => gap.key === key);
  const scope = state.get("scope");
  const shown = scope !== null && both[0].quantiles(scope) === null ? null : scope;
  const fans = both.map((fan) => fan.quantiles(shown));
  const gap = difference.values(shown) ?? difference.values(null);
  const curves = both.map((fan) => (state.get("curves") ? fan.curves(shown) : []));
  const box = figure.querySelector(".plot");
  const size = sizeOf(Math.max(240, box.clientWidth), figure.classList.contains("first"));
  const axes = scales(fans, curves, gap, size, data.hours);
  const place = shown === null ? data.country : data.region.get(shown).name;
  const svg = create("svg").attr("width", size.width).attr("height", size.height)
    .attr("viewBox", `0 0 ${size.width} ${size.height}`).attr("role", "img")
    .attr("aria-label", `${both[0].title} over time in both histories, ${place}`);
  listen(svg, context, both[0], fans, gap, axes, size);
  drawNotes(svg, data.notes, axes, size);
  const unit = both[0].unit;
  const ticks = axes.y.ticks(size.first ? 4 : 3);
  drawValues(svg, axes, ticks, (v, i, all) =>
    quantity(v, unit) + (i === all.length - 1 && unit === "people" ? " people" : ""));
  if (!axes.flat) {
    drawValues(svg, { x: axes.x, y: axes.d }, axes.d.ticks(3), (v) => signed(v, unit));
  }
  drawDays(svg, data, axes.x, size);
  drawArms(svg, data.arms, fans, curves, axes);
  drawGap(svg, gap, axes, size);
  const head = svg.append("line").attr("class", "head").attr("y1", size.above - 8)
    .attr("y2", size.height - size.below);
  box.replaceChildren(svg.node());
  figure.querySelector("b").textContent =
    (shown === null ? both[0].title : both[0].regionalTitle) + (scope === null ? "" : `, ${place}`);
  const update = () => {
    const at = axes.x(state.get("hour"));
    head.attr("x1", at).attr("x2", at);
  };
  update();
  return update;
}
