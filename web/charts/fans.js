/** All fans of a page: for every quantity one figure, which follows the reader's hour and place. */

import { drawFan } from "./fan.js";
import { hideTip } from "./tip.js";

/** What is worth a word on the fan of a quantity. */
const WORTH = { active: "max", troops: "max", connectivity: "min", obeying: "min" };

/** One quantity of all histories at a place; null where only the country is known. */
export function chartOf(key, { place, arms, gaps = [], curves = true }, scope) {
  const fans = arms.map((arm) => arm.fans.find((fan) => fan.key === key));
  const [fan] = fans;
  const gap = gaps.find((one) => one.key === key);
  const where = scope === null ? place.country : place.region.get(scope).name;
  return {
    name: `${fan.title} over time, ${where}`, unit: fan.unit, step: fan.step, origin: place.origin,
    arms: fans.map((one, i) => ({
      key: arms[i].key, name: arms.length > 1 ? arms[i].name : "", runs: arms[i].runs,
      quantiles: one.quantiles(scope), curves: curves ? one.curves(scope) : [],
    })),
    gap: gap ? gap.values(scope) ?? gap.values(null) : null,
    observed: fan.observed(scope),
    notes: place.notes ?? arms[0].notes,
    worth: arms.length > 1 ? null : WORTH[key] ?? "last",
  };
}

const plotOf = (figure) => figure.querySelector(".plot");

function drawOne(figure, width, context, scope) {
  const { place, arms, state } = context;
  const key = figure.dataset.key;
  const fan = arms[0].fans.find((one) => one.key === key);
  const inside = scope !== null && fan.quantiles(scope) === null ? null : scope;
  const { svg, follow } = drawFan(chartOf(key, { ...context, curves: state.get("curves") }, inside), {
    width, large: figure.classList.contains("first"),
    choose: (hour) => state.set({ hour, playing: false }),
  });
  plotOf(figure).replaceChildren(svg);
  figure.querySelector("b").textContent = (inside === null ? fan.title : fan.regionalTitle)
    + (scope === null ? "" : `, ${inside === null ? place.country : place.region.get(inside).name}`);
  return follow;
}

/** Draw the fans of `figures`; returns `{follow, mark}` for the hour and for the place. */
export function drawFans(figures, context) {
  const { state } = context;
  let heads = [];
  const follow = () => heads.forEach((head) => head(state.get("hour")));
  const mark = () => {
    hideTip();
    const widths = figures.map((figure) => Math.max(240, plotOf(figure).clientWidth)); // read before anything is drawn
    heads = figures.map((figure, i) => drawOne(figure, widths[i], context, state.get("scope")));
    follow();
  };
  mark();
  return { follow, mark };
}
