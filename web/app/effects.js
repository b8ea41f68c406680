/** What the change did, in a sentence and in a table; differences are baseline minus counterfactual. */

import { drawRows } from "../charts/rows.js";
import { moment, number, quantity, signed } from "../charts/words.js";
import { byId, make } from "../charts/dom.js";
import { tally } from "./pages.js";
import { lookWords } from "./values.js";

const FEW = 20;
const CHOOSE = "One history cannot answer that: choose a “what if”, which is compared with it.";

const WIDE = 190;

/** A value of an outcome, as every surface writes it. */
export const valueWords = (value, one) => quantity(value, one.unit, one.digits);

export const gapWords = (value, one) => signed(value, one.unit, one.digits);

/** The interval of a difference; '' where no pair differs. */
export function rangeWords(one) {
  if (one.low === null) return "one pair: not known";
  if (one.low === 0 && one.high === 0) return "";
  const [low, high] = [gapWords(one.low, one), gapWords(one.high, one)];
  if (low === high) return one.low === one.high ? "in every pair" : low;
  return `${low.replace(/ pp$/, "")} to ${high}`;
}

const clear = (one) => one.low !== null && (one.low > 0 || one.high < 0);

/** The effect of one row on a scale of its own, with the zero line. */
function effectPicture({ label, gaps, low, difference, high }) {
  return drawRows("effects", { rows: [{ values: gaps, low, mid: difference, high }], axis: false }, { width: WIDE, label });
}

function row(one) {
  return make("tr", clear(one) ? { class: "clear" } : {},
    make("th", { scope: "row" }, one.label),
    make("td.num", { "data-label": "Baseline" }, valueWords(one.baseline, one)),
    make("td.num", { "data-label": "Counterfactual" }, valueWords(one.variant, one)),
    make("td.num.gap", { "data-label": "Difference" }, gapWords(one.difference, one)),
    make("td.pic", {}, one.gaps.some(Boolean) ? effectPicture(one) : null),
    make("td.range", { "data-label": "95 % interval" }, rangeWords(one)));
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

/** The sentence above the maps: what the change did, as the server says it for every surface. */
export function sentence({ place, base, variant, answer, effects, causes, parted }) {
  if (!variant) {
    return base ? [place.questions.length && place.counterfactuals.length ? CHOOSE : "", ...base.answer].join(" ").trim() : "";
  }
  if (!answer) return "";
  const peak = effects.find((one) => one.name === "peak_active");
  const when = parted !== null && parted < place.hours ? ` The histories diverge on ${moment(place, parted)}.`
    : " The histories never part.";
  return `${answer}${peak ? ` The median run of the baseline peaks at ${valueWords(peak.baseline, peak)} people.` : ""}${
    fate(causes)}${when}`;
}

function engineWords({ engine, scale, reason }) {
  if (engine === "cohorts") return "by cohorts, at the scale of the country";
  return `by citizens, ${scaleWords(scale)}, where rare things go missing (${reason})`;
}

/** What a quick look is, first in a few words, then what it leaves out. */
function lookStanding({ head, look }) {
  const seeds = lookWords(head.parameters);
  if (look.engine !== "cohorts") {
    return [`Quick look by citizens, ${scaleWords(look.scale)}, ${look.seeds} ${look.seeds === 1 ? "seed" : "seeds"}: not a result.`,
      ` Rare things are lost at this scale (${look.reason}). Press Run for one agent per citizen.`];
  }
  return [`Quick look by cohorts, ${look.seeds} ${look.seeds === 1 ? "seed" : "seeds"}: not a result.`,
    ` At the scale of the country, ${seeds}; where history decides, all units obey and the fate of the regime is left out. ${
      look.whole ? "Press Run to simulate every citizen." : "More seeds are on their way …"}`];
}

/** How much the figures on the page can be trusted: in a few words, and the rest. */
export function standing({ head, base, variant, look }) {
  if (!base) return ["", ""];
  if (look) return lookStanding({ head, look });
  const n = variant ? head.pairs : base.seeds;
  const what = variant ? (n === 1 ? "pair of runs" : "pairs of runs") : (n === 1 ? "run" : "runs");
  const few = n < FEW ? " Few seeds: intervals are rough." : "";
  const old = head.current ? "" : " Made by another version of the model.";
  const rough = base.scale < 1 ? ` ${scaleTruth(base.scale)}` : "";
  const values = head.parameters.source === "default" ? ""
    : ` Each seed has its own draw of the ${head.parameters.source}, so bands and intervals include how little is `
      + "known of the parameters.";
  const made = head.shipped ? "Result shipped with the program, simulated" : "Simulated";
  const fit = variant && base.targets ? ` The baseline meets ${tally(base)} observed figures: see Evidence.` : "";
  return [`${made} by ${base.engine}, ${scaleWords(base.scale)}: ${n} ${what}${variant ? " with the same seeds" : ""}.`,
    `${values}${few}${rough}${old}${fit}`];
}

/** What is lost when there are fewer agents than citizens. */
export function scaleTruth(scale) {
  if (scale >= 1) return "";
  return scale >= 0.1 ? "With one agent for ten citizens medians hold, but not the spread and not the chance of a crisis."
    : "A crisis begins with a group of about thirty: at this scale that is less than three agents, and most crises never begin.";
}

/** Which runs of the store cannot be read, and what can be done. */
export function unreadableWords(origin) {
  const bad = origin?.unreadable ?? [];
  if (!bad.length) return "";
  const named = bad.slice(0, 3).map(({ run, why }) => `${run} (${why})`).join("; ");
  const more = bad.length > 3 ? `; and ${bad.length - 3} more` : "";
  return `${bad.length} stored ${bad.length === 1 ? "run" : "runs"} cannot be read and ${bad.length === 1 ? "is" : "are"} left out: `
    + `${named}${more}.`;
}

/** The stored baseline beside the quick look of a change, and why shipped results are not shown. */
export function keptWords({ look }) {
  const { stored, notice = "" } = look ?? {};
  if (!stored) return notice;
  return `${notice} Stored baseline (${stored.seeds} ${stored.seeds === 1 ? "run" : "runs"} by ${stored.engine}, ${
    scaleWords(stored.scale)}): ${stored.answer[0] ?? ""} It is kept; a quick look is compared with looks only.`.trim();
}
