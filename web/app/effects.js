/** What the change did, in a sentence and in a table; differences are baseline minus counterfactual. */

import { drawRows } from "../charts/rows.js";
import { moment, number, quantity } from "../charts/words.js";
import { byId, make } from "../charts/dom.js";
import { lookWords } from "./values.js";

const WIDE = 190;

/** A value of an outcome; of most nobody counts parts, from ten on. */
function valueWords(value, one) {
  const parts = ["share", "index"].includes(one.unit) || !(Math.abs(value) >= 10);
  return quantity(parts ? value : Math.round(value), one.unit, one.digits);
}

export function signed(value, one) {
  if (value === null || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  return `${value > 0 ? "+" : "−"}${valueWords(Math.abs(value), one)}`;
}

/** Differences of two single runs: what there is before anything is stored. */
export function effectsOfLooks(place, base, variant) {
  return place.outcomes.map((one) => {
    const [was, now] = [base.outcome[one.name], variant.outcome[one.name]];
    return { ...one, baseline: was, variant: now, difference: was - now, low: null, high: null,
      pairs: 1, gaps: [was - now] };
  }).filter((one) => Number.isFinite(one.difference));
}

const clear = (one) => one.low !== null && (one.low > 0 || one.high < 0);

/** The effect of one row on a scale of its own, with the zero line. */
function effectPicture({ label, gaps, low, difference, high }) {
  return drawRows("effects", { rows: [{ values: gaps, low, mid: difference, high }], axis: false }, { width: WIDE, label });
}

function row(one) {
  const range = one.low === null ? "one pair: not known"
    : one.low === one.high ? "" : `${signed(one.low, one)} to ${signed(one.high, one)}`;
  return make("tr", clear(one) ? { class: "clear" } : {},
    make("th", { scope: "row" }, one.label),
    make("td.num", { "data-label": "Baseline" }, valueWords(one.baseline, one)),
    make("td.num", { "data-label": "Counterfactual" }, valueWords(one.variant, one)),
    make("td.num.gap", { "data-label": "Difference" }, signed(one.difference, one)),
    make("td.pic", {}, one.gaps.some(Boolean) ? effectPicture(one) : null),
    make("td.range", { "data-label": "95 % interval" }, range));
}

function chance(p) {
  if (!p) return "no seed bears on it";
  const per = (v) => Math.round(100 * v);
  return `${per(p[0])} % (${per(p[1])} to ${per(p[2])})`;
}

function causeRow(one) {
  return make("tr", {}, make("th", { scope: "row" }, one.label),
    make("td.num", { "data-label": "Baseline" }, `${one.baseline} of ${one.pairs}`),
    make("td.num", { "data-label": "Counterfactual" }, `${one.variant} of ${one.pairs}`),
    make("td", { "data-label": "Necessary" }, chance(one.necessity)),
    make("td", { "data-label": "Sufficient" }, chance(one.sufficiency)));
}

/** Fill both tables; without a variant they hide. */
export function drawEffects(effects, causes) {
  byId("effects").hidden = !effects.length;
  byId("effect-rows").replaceChildren(...effects.map(row));
  byId("causes").hidden = !causes.length;
  byId("cause-rows").replaceChildren(...causes.map(causeRow));
}

const scaleWords = (scale) => (scale >= 1 ? "one agent per citizen"
  : `one agent for ${number(1 / scale)} citizens`);

function fate(causes) {
  const one = causes.find((cause) => cause.name === "regime_stays");
  if (!one) return "";
  const [was, now, of] = [one.baseline, one.variant, one.pairs];
  if (was === now) return ` The regime stays in ${now} of ${of} seeds either way.`;
  return ` The regime stays in ${now} of ${of} seeds instead of ${was}.`;
}

/** The sentence above the maps: never more certain than the seeds allow. */
export function sentence({ place, base, variant, effects, causes, head, quick }) {
  if (!variant) {
    if (!base) return "";
    return `${base.answer.join(" ")}`;
  }
  const peak = effects.find((one) => one.name === "peak_active");
  const killed = effects.find((one) => one.name === "killed");
  if (!peak) return "";
  const range = (one) => (one.low === null || one.low === one.high ? ""
    : `, 95 % interval ${signed(one.low, one)} to ${signed(one.high, one)}`);
  const gap = (one) => `baseline minus counterfactual ${signed(one.difference, one)}${range(one)}`;
  const parted = head && head.parted !== null && head.parted < place.hours
    ? ` The histories part on ${moment(place, head.parted)}.` : "";
  const crowd = peak.difference === 0 && peak.low === peak.high ? "The street's peak does not move"
    : `The street peaks at ${valueWords(peak.baseline, peak)} people in the baseline, in the counterfactual at ${
      valueWords(peak.variant, peak)} (${gap(peak)})`;
  const alike = killed && killed.difference === 0 && killed.low === killed.high;
  const dead = !killed ? "" : alike ? `; ${valueWords(killed.baseline, killed)} citizens are killed either way`
    : `; ${valueWords(killed.baseline, killed)} citizens are killed in the baseline, ${valueWords(killed.variant, killed)} in the counterfactual${
      quick ? "" : ` (${gap(killed)})`}`;
  return `${crowd}${dead}.${fate(causes)}${parted}`;
}

/** How much the figures on the page can be trusted. */
export function standing({ head, base, variant, quick }) {
  const arm = base ?? variant;
  if (!arm) return "";
  if (quick) {
    return `Quick look: ${lookWords(head?.parameters)}, ${scaleWords(arm.scale)}, not stored. One pair says nothing of how `
      + "sure a difference is: run more seeds.";
  }
  const n = variant ? head.pairs : arm.seeds;
  const what = variant ? (n === 1 ? "pair of runs" : "pairs of runs") : (n === 1 ? "run" : "runs");
  const few = n < 20 ? " Few seeds: intervals are rough." : "";
  const old = head.current ? "" : " Made by another version of the model.";
  const rough = arm.scale < 1 ? " Away from one agent per citizen, sizes are only indicative." : "";
  const values = head.parameters.source === "default" ? ""
    : ` Each seed has its own draw of the ${head.parameters.source}, so bands and intervals include how little is `
      + "known of the parameters.";
  return `${n} ${what} with the same seeds, ${scaleWords(arm.scale)}.${values}${few}${rough}${old}`;
}
