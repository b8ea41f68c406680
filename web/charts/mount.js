/**
 * Charts of a page: every `<figure data-chart="KIND">` carries its data in a JSON block, and a table
 * that readers without scripts see. The table stays for screen readers when the chart is drawn.
 */

import { drawCurve } from "./curve.js";
import { drawFan } from "./fan.js";
import { drawRows } from "./rows.js";

const rows = (kind) => (data, options) => drawRows(kind, data, options);

/** A fan of one history: `hours`, `median`, `low`, `high` and observed points. */
function still(data, { width, label }) {
  const { hours, median, low, high, observed = [], unit = "", start = null, notes = [] } = data;
  const points = observed.map((point) => ({ hours: 0, low: null, value: null, high: null, label: "", ...point }));
  return drawFan({
    name: label, unit, origin: start === null ? null : Date.parse(`${start}:00Z`), at: hours,
    arms: [{ key: "base", name: "", quantiles: [low, null, median, null, high], curves: [] }], observed: points, notes,
  }, { width }).svg;
}

const KINDS = { intervals: rows("intervals"), effects: rows("effects"), shares: rows("shares"), curve: drawCurve, fan: still };

/** Draw the chart of one figure at a width in pixels. */
export function drawFigure(figure, width) {
  const draw = KINDS[figure.dataset.chart];
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const label = figure.querySelector("figcaption")?.textContent.trim() || (data.title ?? "");
  figure.querySelector("svg.kit")?.remove();
  const svg = draw(data, { width, label });
  svg.classList.add("kit");
  figure.querySelector(".scroll, table")?.classList.add("visually-hidden");
  figure.append(svg);
}

/** Draw all figures below `root`, now and whenever their width changes. */
export function mount(root = document) {
  const widths = new Map();
  const watch = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const width = Math.round(contentRect.width);
      if (width > 0 && width !== widths.get(target)) {
        widths.set(target, width);
        drawFigure(target, Math.max(200, width));
      }
    }
  });
  for (const figure of root.querySelectorAll("[data-chart]")) watch.observe(figure);
}
