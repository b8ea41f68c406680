/** What every chart begins with: a picture of a size, scales over a stretch of pixels, piles of dots. */

import { create } from "d3-selection";
import { scaleLinear, scaleLog } from "d3-scale";

export const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

/** An empty picture with a name for readers who cannot see it. */
export function picture(width, height, label, css = "") {
  return create("svg").attr("class", css).attr("width", width).attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img").attr("aria-label", label);
}

/** Whether values are better read on a logarithmic axis: all positive, over more than a factor eight. */
export function spansDecades(values) {
  return Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 8;
}

/** A scale over `values` and, unless it is logarithmic, zero; a little room at its ends. */
export function rangeScale(values, [left, right], log = false) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (log) return scaleLog([low / 1.2, high * 1.2], [left, right]).clamp(true);
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const room = 0.04 * (to - from || 1);
  return scaleLinear([from < 0 ? from - room : 0, to > 0 || from === 0 ? to + room : 0], [left, right]).clamp(true);
}

/** At most `most` round values of a scale. */
export function roundValues(scale, most) {
  const [low, high] = scale.domain();
  const inside = (value) => value >= low && value <= high;
  if (!scale.base) return scale.ticks(most).filter(inside);
  for (const steps of [[1], [1, 3], [1, 2, 5]]) {
    const values = [];
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) {
      values.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(3))).filter(inside));
    }
    const each = Math.ceil(values.length / most);
    if (values.length > 1) return values.filter((_, i) => i % each === 0);
  }
  return [];
}

/** How the text at pixel `x` hangs, so that it stays between `left` and `right`. */
export function anchorAt(x, left, right, room = 16) {
  if (x < left + room) return "start";
  return x > right - room ? "end" : "middle";
}

/** Places of dots that would overlap, piled up: `[x, level]`, `wide` pixels to a pile. */
export function pile(values, scale, wide = 5, most = 8) {
  const heights = new Map();
  return [...values].sort((a, b) => a - b).map((value) => {
    const column = Math.round(scale(value) / wide);
    const level = heights.get(column) ?? 0;
    heights.set(column, level + 1);
    return [column * wide, Math.min(most, level)];
  });
}

/** 1, 2 or 5 times a power of ten, not above `value`. */
export function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (value / power >= 5 ? 5 : value / power >= 2 ? 2 : 1) * power;
}
