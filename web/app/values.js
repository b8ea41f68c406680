/** Where the parameters of the runs come from: the choice, and what it means, in words. */

import { create } from "d3-selection";
import { number } from "../charts/words.js";
import { byId, make } from "../charts/dom.js";

const NAMES = { default: "the case's own", prior: "drawn from the prior",
  posterior: "drawn from the posterior", population: "drawn from the law of crises" };
const WHY_NOT = { prior: "no priors", posterior: "not for this case", population: "not for these rules" };

/** The source in force: as chosen, else what the server says is usual for this setting. */
export function sourceOf(place, setting, told) {
  return setting.parameters ?? told?.source ?? place.sources.usual;
}

/** Low, middle and high of a parameter that each seed draws, or null where it is set or fixed. */
export function drawnNow(place, setting, one, source) {
  const set = one.path in setting.set || setting.counterfactuals.some((name) =>
    one.path in (place.counterfactuals.find((each) => each.id === name)?.set ?? {}));
  return set ? null : one.drawn?.[source] ?? null;
}

export const spread = ([low, , high]) => `${number(low)} to ${number(high)}`;

/** What is known of a parameter beside its prior: the posterior, if the case has one. */
export function posteriorWords(one) {
  const fitted = one.drawn?.posterior;
  if (!fitted) return "";
  const vague = one.identified === false ? "; not identified by the figures it was fitted to" : "";
  return `Posterior median ${number(fitted[1])}, 90 % ${spread(fitted)}${vague}.`;
}

function heldWords(told) {
  if (!told?.held.length) return "";
  return ` Held in the changed history: ${told.held.map((path) => path.replaceAll("_", " ")).join(", ")}.`;
}

/** What the choice means for the runs. */
export function sourceWords(place, setting, told) {
  const source = sourceOf(place, setting, told);
  if (source === "default") {
    if (setting.parameters === null && place.sources.usual !== "default") {
      return "The posterior sample does not fit the rules you chose, so every seed has the case's own values.";
    }
    return "Every seed has the case's own values, and those you set.";
  }
  const count = told?.source === source ? told.drawn
    : place.sources.offered.find((one) => one.source === source).drawn;
  const what = source === "prior" ? `Each seed draws ${count} parameters, each from its prior`
    : `Each seed has a row of the posterior sample (seed 1 the first of ${place.sources.rows}, and so on), which `
      + `gives ${count} parameters together`;
  return `${what}; both histories have the same draw. What you set is held.${heldWords(told)}`;
}

/** What each seed of a quick look has for parameters. */
export function lookWords(told) {
  if (!told || told.source === "default") return "every seed with the same parameters";
  return `each seed with its ${told.source === "posterior" ? "row of the posterior sample" : "draw of the prior"}`;
}

/** Fill the choice for a case; returns what brings it to the setting. */
export function drawSources(place, context) {
  const select = byId("source");
  select.replaceChildren(...place.sources.offered.map((one) => make("option", { value: one.source,
    disabled: Boolean(one.reason), title: one.reason },
  one.reason ? `${NAMES[one.source]} (${WHY_NOT[one.source]})` : NAMES[one.source])));
  select.onchange = () => context.change((setting) => {
    setting.parameters = select.value === place.sources.usual ? null : select.value;
  });
  const missing = place.sources.offered.filter((one) => one.reason).map((one) => one.reason);
  return () => {
    const [setting, told] = [context.setting(), context.told()];
    select.value = sourceOf(place, setting, told);
    const why = missing.length ? ` Not offered: ${missing.join("; ")}.` : "";
    byId("source-told").textContent = sourceWords(place, setting, told) + why;
  };
}

/** A band under a slider: where 90 % of the draws lie, with their median; `at` places a value. */
export function band(steps) {
  const svg = create("svg").attr("class", "draws").attr("viewBox", `0 0 ${steps} 6`).attr("aria-hidden", "true")
    .attr("preserveAspectRatio", "none");
  const bar = svg.append("rect").attr("y", 1).attr("height", 4);
  const middle = svg.append("rect").attr("class", "middle").attr("y", 0).attr("height", 6).attr("width", 1.6);
  const show = (ends, at) => {
    svg.classed("none", !ends);
    if (!ends) return;
    const [low, median, high] = ends.map((value) => Math.max(0, Math.min(steps, at(value))));
    bar.attr("x", low).attr("width", Math.max(1, high - low));
    middle.attr("x", median - 0.8);
  };
  return { node: svg.node(), show };
}
