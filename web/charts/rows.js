/** Charts of rows: a name, and on one axis for all or one for each the marks of the row. */

import { quantity, signed } from "./words.js";
import { anchorAt, known, picture, pile, rangeScale, roundValues, spansDecades } from "./svg.js";

const MARGIN = 10;
const AXIS = 18;
const NAME = 17;

const words = (row) => (row.low === null || row.low === row.high ? quantity(row.mid, row.unit)
  : `${quantity(row.mid, row.unit)} (${quantity(row.low, row.unit)} to ${quantity(row.high, row.unit)})`);

/** Where names stand: beside the rows where there is room, else above each. */
function layout(data, width) {
  const longest = Math.max(...data.rows.map((row) => row.label?.length ?? 0));
  const beside = longest > 0 && width >= 520 ? Math.min(0.42 * width, longest * 7 + 12) : 0;
  return { left: beside + MARGIN, right: width - MARGIN, above: longest > 0 && !beside ? NAME : 0, beside };
}

const hasRange = (row) => [row.observed_low, row.observed, row.observed_high].some(known);

function drawTicks(group, scale, unit, name, { top, floor, left, right }) {
  const ticks = roundValues(scale, Math.max(2, Math.min(6, Math.floor((right - left) / 80))));
  group.append("g").attr("class", "grid").selectAll("line").data(ticks).join("line")
    .attr("x1", scale).attr("x2", scale).attr("y1", top).attr("y2", floor);
  group.append("g").selectAll("text").data(ticks).join("text").attr("class", "tick")
    .attr("x", scale).attr("y", floor + 12).text((value) => name(value, unit))
    .attr("text-anchor", (value) => anchorAt(scale(value), left, right));
}

function drawLine(group, scale, row, y, css) {
  if (known(row.low) && known(row.high)) {
    group.append("line").attr("class", `${css}-line`).attr("x1", scale(row.low)).attr("x2", scale(row.high))
      .attr("y1", y).attr("y2", y);
  }
  if (!known(row.mid)) return;
  group.append("circle").attr("class", `${css}-dot`).attr("cx", scale(row.mid)).attr("cy", y).attr("r", 5);
}

/** Dots in piles on the line `y`; piles that are higher than the row above it, `room`, are pressed together. */
function drawDots(group, scale, values, y, room, css) {
  const dots = pile(values, scale);
  const step = Math.min(5, room / Math.max(1, ...dots.map(([, level]) => level)));
  group.append("g").attr("class", css).selectAll("circle").data(dots).join("circle")
    .attr("cx", ([x]) => x).attr("cy", ([, level]) => y - step * level).attr("r", 2.2);
}

/** Observed range and value; an end that nobody knows is open. */
function drawObserved(group, scale, row, top, height) {
  const [low, value, high] = [row.observed_low, row.observed, row.observed_high];
  if (known(low) || known(high)) {
    const [first, last] = scale.range();
    const from = known(low) ? scale(low) : known(value) ? scale(value) : first;
    const to = known(high) ? scale(high) : known(value) ? scale(value) : last;
    group.append("rect").attr("class", "obs-range").attr("x", from - 1).attr("width", Math.max(2, to - from + 2))
      .attr("y", top).attr("height", height).attr("rx", 2);
  }
  if (known(value)) {
    group.append("path").attr("class", "obs-dot").attr("d", "M0-6L6 0L0 6L-6 0Z")
      .attr("transform", `translate(${scale(value)},${top + height / 2})`);
  }
}

const KINDS = {
  intervals: {
    height: (row) => (row.values ? 46 : 30),
    values: (row) => [row.low, row.mid, row.high, row.observed_low, row.observed, row.observed_high, ...row.values ?? []],
    name: quantity,
    words,
    paint(group, scale, row, { top, height }) {
      if (row.values) {
        drawObserved(group, scale, row, top, height);
        drawDots(group, scale, row.values, top + height - 4, height - 8, "run-dots");
        group.append("line").attr("class", "sim-line thin").attr("x1", scale(row.mid)).attr("x2", scale(row.mid))
          .attr("y1", top).attr("y2", top + height);
        return;
      }
      drawObserved(group, scale, row, top + 2, 9);
      drawLine(group, scale, row, top + (hasRange(row) ? 22 : 15), `sim ${row.key ?? ""} sim`);
    },
  },
  effects: {
    height: () => 44,
    values: (row) => [0, row.low, row.mid, row.high, ...row.values ?? []],
    name: signed,
    words: (row) => `${signed(row.mid, row.unit)}${known(row.low)
      ? ` (95 % interval ${signed(row.low, row.unit)} to ${signed(row.high, row.unit)})` : ""}`,
    paint(group, scale, row, { top, height }) {
      group.append("line").attr("class", "zero").attr("x1", scale(0)).attr("x2", scale(0))
        .attr("y1", top).attr("y2", top + height);
      drawDots(group, scale, row.values ?? [], top + 26, 22, "pair-dots");
      drawLine(group, scale, row, top + 36, known(row.low) && row.low <= 0 && row.high >= 0 ? "gap unclear gap" : "gap");
    },
  },
  shares: {
    height: () => 22,
    values: () => [0, 1],
    name: quantity,
    words: (row) => words({ ...row, unit: row.unit ?? "share" }),
    paint(group, scale, row, { top }) {
      const [from, to] = scale.range();
      group.append("rect").attr("class", "bar-back").attr("x", from).attr("width", to - from)
        .attr("y", top + 4).attr("height", 14).attr("rx", 2);
      group.append("rect").attr("class", `bar ${row.key ?? ""}`).attr("x", from)
        .attr("width", scale(row.mid) - from).attr("y", top + 4).attr("height", 14).attr("rx", 2);
      for (const css of known(row.low) ? ["whisker under", "whisker"] : []) {
        group.append("line").attr("class", css).attr("x1", scale(row.low)).attr("x2", scale(row.high))
          .attr("y1", top + 11).attr("y2", top + 11);
      }
    },
  },
};

function scaleOf(kind, rows, data, range) {
  const values = rows.flatMap(kind.values).filter(known);
  if (kind === KINDS.shares) return rangeScale([0, 1 / 1.04], range);
  return rangeScale(values.length ? values : [0, 1], range, data.log ?? (kind === KINDS.intervals && spansDecades(values)));
}

/** Draw `data` = {rows, shared?, log?, axis?} as rows of a kind; returns the picture. */
export function drawRows(name, data, { width, label }) {
  const kind = KINDS[name];
  const place = layout(data, width);
  const range = [place.left, place.right];
  const common = data.shared || name === "shares" ? scaleOf(kind, data.rows, data, range) : null;
  const ticks = data.axis ?? name !== "shares";
  const svg = picture(width, 10, label, "rows");
  const back = svg.append("g");
  let top = 2;
  for (const row of data.rows) {
    const scale = common ?? scaleOf(kind, [row], data, range);
    const height = kind.height(row);
    const group = svg.append("g");
    if (row.label && !data.plain) {
      group.append("text").attr("class", "row-name").text(row.label).attr("x", place.beside || 0)
        .attr("text-anchor", place.beside ? "end" : "start")
        .attr("y", place.beside ? top + height / 2 + 4 : top + 12);
    }
    top += place.above;
    const band = { top, height, floor: top + height, ...place };
    if (!common && ticks) drawTicks(group, scale, row.unit, kind.name, band);
    kind.paint(group, scale, row, band);
    group.append("title").text(`${row.label ?? ""} ${kind.words(row)}`.trim());
    top += height + (common || !ticks ? 4 : AXIS);
  }
  if (common && ticks) {
    drawTicks(back, common, data.rows[0]?.unit ?? (name === "shares" ? "share" : ""), kind.name, { ...place, top: 2, floor: top });
    top += AXIS;
  }
  return svg.attr("height", top).attr("viewBox", `0 0 ${width} ${top}`).node();
}
