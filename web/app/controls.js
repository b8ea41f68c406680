/** Controls made from the case: counterfactuals, settings, and every parameter of the ledger. */

import { number } from "../charts/words.js";
import { byId, make } from "../charts/dom.js";
import { quietly, say } from "./dom.js";
import { band, drawnNow, drawSources, posteriorWords, sourceOf, spread } from "./values.js";

const STEPS = 200;
const FIRST_SHOWN = 12;

const tidy = (value) => Number(value.toPrecision(3));

function ends(one) {
  const [low, high] = [one.from ?? one.low, one.to ?? one.high];
  return [Math.min(low, one.value), Math.max(high, one.value)];
}

/** Between the place of a slider and a value; log-uniform priors move by ratios. */
function scaleOf(one) {
  const [low, high] = ends(one);
  if (one.log && low > 0) {
    const ratio = Math.log(high / low);
    return {
      value: (at) => tidy(low * Math.exp((at / STEPS) * ratio)),
      at: (value) => Math.round((Math.log(Math.max(value, low) / low) / ratio) * STEPS),
    };
  }
  const span = high - low || 1;
  return {
    value: (at) => tidy(low + (at / STEPS) * span),
    at: (value) => Math.round(((value - low) / span) * STEPS),
  };
}

/** The value a setting gives: set by hand, else by a counterfactual, else the case's own. */
export function inForce(place, setting, path, own) {
  if (path in setting.set) return setting.set[path];
  for (const name of [...setting.counterfactuals].reverse()) {
    const change = place.counterfactuals.find((one) => one.id === name)?.set;
    if (change && path in change) return change[path];
  }
  return own;
}

function nameOf(one) {
  return one.title ?? one.name.replaceAll("_", " ");
}

/** A slider with a number beside it, its unit, status and a way back. */
function slider(one, context) {
  const scale = scaleOf(one);
  const id = `c-${one.path.replaceAll(".", "-")}`;
  const range = make("input", { type: "range", min: 0, max: STEPS, id, "aria-describedby": `${id}-m` });
  const figure = make("input.value", { type: "number", step: "any", min: one.low, max: one.high,
    "aria-label": `${nameOf(one)}, value` });
  const back = make("button.back", { type: "button", "aria-label": `${nameOf(one)}: back to ${one.value}`,
    title: `Back to ${one.value}` }, "↺");
  const draws = band(STEPS);
  const drawn = make("p.drawn", { hidden: true });
  const set = (value, final) => {
    figure.value = value;
    range.value = scale.at(value);
    range.setAttribute("aria-valuetext", `${number(value)} ${one.unit ?? ""}`);
    context.put(one.path, value, one.value, final);
  };
  range.addEventListener("input", () => set(scale.value(range.valueAsNumber), false));
  range.addEventListener("change", () => set(scale.value(range.valueAsNumber), true));
  figure.addEventListener("change", () => {
    const value = figure.valueAsNumber;
    if (!Number.isFinite(value)) return;
    set(Math.min(one.high, Math.max(one.low, value)), true);
    if (value === one.value && one.drawn?.[sourceOf(context.place(), context.setting(), context.told())]) {
      say(`${number(value)} is the case's own value, which is no change: it is drawn. Another value is held.`);
    }
  });
  back.addEventListener("click", () => set(one.value, true));
  const status = one.status ? make(`span.tag.small.${one.status}`, {}, one.status) : null;
  const source = one.source && one.source !== "none" ? ` Source: ${one.source}.` : "";
  const unit = one.unit && one.unit !== "1" ? ` ${one.unit}` : "";
  const about = make("details.about", {}, make("summary", {}, make("span", { id: `${id}-m` }, one.meaning)),
    make("p", {}, `From ${number(one.low)} to ${number(one.high)}${unit}.`
      + `${one.prior ? ` Prior ${one.prior}.` : ""} ${posteriorWords(one)}${source}${one.role ? ` Rule: ${one.role}, ${one.rule}.` : ""}`));
  const node = make("div.control", {}, make("div.top", {}, make("label", { for: id }, nameOf(one)), status, back),
    make("div.line", {}, make("div.track", {}, range, draws.node), figure, make("span.unit", {}, unit)), drawn, about);
  const sync = (setting) => {
    const origin = sourceOf(context.place(), setting, context.told());
    const ends = drawnNow(context.place(), setting, one, origin);
    const value = ends ? tidy(ends[1]) : inForce(context.place(), setting, one.path, one.value);
    draws.show(one.drawn?.[origin] ?? null, scale.at);
    drawn.hidden = !one.drawn?.[origin];
    const vague = origin === "posterior" && one.identified === false ? "; not identified" : "";
    drawn.textContent = ends ? `Drawn: median ${number(ends[1])}, 90 % ${spread(ends)}${vague}`
      : "Held at this value, not drawn";
    node.classList.toggle("is-drawn", Boolean(ends));
    figure.value = value;
    range.value = scale.at(value);
    range.setAttribute("aria-valuetext", `${number(value)} ${one.unit ?? ""}`);
    node.classList.toggle("changed", one.path in setting.set);
  };
  return { node, sync, words: `${one.path} ${one.meaning} ${one.status} ${one.source}`.toLowerCase() };
}

/** A closed choice: a list of words. */
function choice(one, context) {
  const id = `c-${one.path.replaceAll(".", "-")}`;
  const select = make("select", { id }, ...one.options.map((value, i) => make("option", { value: i }, one.words[i])));
  const back = make("button.back", { type: "button", "aria-label": `${one.title}: back to the baseline`, title: "Back to the baseline" }, "↺");
  const set = (value) => context.put(one.path, value, one.value);
  select.addEventListener("change", () => set(one.options[Number(select.value)]));
  back.addEventListener("click", () => set(one.value));
  const node = make("div.control", {}, make("div.top", {}, make("label", { for: id }, one.title), back),
    make("div.line", {}, select), make("p.meaning", {}, one.meaning));
  const sync = (setting) => {
    const value = inForce(context.place(), setting, one.path, one.value);
    select.value = one.options.indexOf(value);
    node.classList.toggle("changed", one.path in setting.set);
  };
  return { node, sync, words: `${one.path} ${one.title} ${one.meaning}`.toLowerCase() };
}

function switches(place, context) {
  return place.counterfactuals.map((one) => {
    const node = make("button.what-if", { type: "button", "aria-pressed": "false", title: one.question },
      make("b", {}, one.title), make("span", {}, one.question));
    node.addEventListener("click", () => context.choose(one.id));
    const sync = (setting) => node.setAttribute("aria-pressed", String(setting.counterfactuals.includes(one.id)));
    return { node, sync };
  });
}

function search(place, context, all) {
  const box = byId("find");
  const list = byId("parameters-found");
  const cache = new Map();
  const controlOf = (one) => {
    if (!cache.has(one.path)) {
      const control = slider(one, context);
      cache.set(one.path, control);
      all.push(control);
      control.sync(context.setting());
    }
    return cache.get(one.path);
  };
  const show = () => {
    const query = box.value.trim().toLowerCase();
    const touched = new Set(Object.keys(context.setting().set));
    const fits = (one) => `${one.path} ${one.name.replaceAll("_", " ")} ${one.meaning} ${one.status}`.toLowerCase()
      .includes(query);
    const matches = query ? place.parameters.filter(fits)
      : place.parameters.filter((one) => one.first || touched.has(one.path)).slice(0, FIRST_SHOWN + touched.size);
    list.replaceChildren(...matches.slice(0, 40).map((one) => controlOf(one).node));
    byId("parameters-count").textContent = query ? `${matches.length} of ${place.parameters.length}`
      : `the most uncertain ${matches.length} of ${place.parameters.length}; search for the others`;
  };
  box.oninput = quietly(80, show);
  show();
  return show;
}

/** Draw the controls of a case; returns what brings them to the setting. */
export function drawControls(place, context) {
  const all = [];
  const source = drawSources(place, context);
  const toggles = switches(place, context);
  all.push(...toggles);
  byId("what-ifs").replaceChildren(...toggles.map((one) => one.node));
  const levers = place.levers.map((one) => (one.options.length ? choice(one, context)
    : slider({ ...one, from: one.low, to: Math.min(one.high, 2), low: one.low, high: one.high }, context)));
  all.push(...levers);
  byId("levers").replaceChildren(...levers.map((one) => one.node));
  byId("find").value = "";
  const refresh = search(place, context, all);
  let before = "";
  const sync = () => {
    const setting = context.setting();
    const paths = Object.keys(setting.set).sort().join();
    if (paths !== before) refresh();
    before = paths;
    source();
    for (const control of all) control.sync(setting);
    const count = setting.counterfactuals.length + Object.keys(setting.set).length;
    byId("reset").hidden = count === 0;
    byId("reset").textContent = count === 1 ? "Undo the change" : `Undo ${count} changes`;
  };
  sync();
  return sync;
}
