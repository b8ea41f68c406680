/** The other pages: evidence, parameters, model; from the same data as report and docs. */

import { drawRows } from "../charts/rows.js";
import { spansDecades } from "../charts/svg.js";
import { number, quantity } from "../charts/words.js";
import { inForce } from "./controls.js";
import { drawnNow, sourceOf, sourceWords, spread } from "./values.js";
import { byId, make } from "../charts/dom.js";

const VERDICTS = { missed: "Missed", near: "Nearly met", met: "Met", given: "Given", untested: "Not tested" };

function figure(value, unit) {
  return quantity(value, unit === "1" || unit === "share" ? "share" : "people");
}

function bounds([low, value, high], unit) {
  if (low !== null && high !== null && low !== high) return `${figure(low, unit)} to ${figure(high, unit)}`;
  if (value !== null) return figure(value, unit);
  if (low !== null) return `at least ${figure(low, unit)}`;
  return high === null ? "–" : `at most ${figure(high, unit)}`;
}

/** Observed range, and below it the interval of each history, on one axis. */
function rangePicture({ title, observed: [observed_low, observed, observed_high] }, arms) {
  const rows = arms.flatMap((arm, i) => {
    const [low, mid, high] = arm?.simulated ?? [null, null, null];
    const range = i === 0 ? { observed_low, observed, observed_high } : {};
    return arm ? [{ low, mid, high, key: i ? "other" : "base", ...range }] : [];
  });
  const values = rows.flatMap(Object.values).filter((v) => typeof v === "number");
  if (!values.length) return null;
  return drawRows("intervals", { rows, shared: true, axis: false, log: spansDecades(values) }, { width: 230, label: title });
}

function verdict(row, arm) {
  if (!row) return make("td", {});
  const range = row.simulated ? make("span.range", {}, row.simulated[0] === row.simulated[2]
    ? figure(row.simulated[1], row.unit)
    : `${figure(row.simulated[1], row.unit)} (${figure(row.simulated[0], row.unit)} to ${
      figure(row.simulated[2], row.unit)})`) : make("span.range", {}, row.reason);
  return make("td", { "data-label": arm }, make(`span.verdict.${row.verdict}`, {}, VERDICTS[row.verdict]), range);
}

/** What the model gets wrong in kind, in a sentence; '' where nothing is missed. */
const misfit = (arm) => (/What the model gets wrong:[^.]*\./.exec(arm?.answer.join(" ") ?? "")?.[0] ?? "").replace(/$/, " ").trimStart();

/** How many figures the median run meets; those that the script puts in say nothing, as in the report. */
export function tally(arm) {
  const tested = arm.targets.filter((row) => ["met", "near", "missed"].includes(row.verdict) && !row.is_input);
  return `${tested.filter((row) => row.verdict === "met").length} of ${tested.length}`;
}

/** Observed figures beside both histories; misses come first, as in the report. */
export function drawEvidence({ base, variant }) {
  const arm = base ?? variant;
  byId("evidence-rows").replaceChildren(...(arm?.targets ?? []).map((row) => {
    const other = variant?.targets?.find((one) => one.id === row.id);
    return make("tr", {}, make("th", { scope: "row" }, make("details", {}, make("summary", {}, row.title),
      make("p", {}, [row.note, row.source].filter(Boolean).join(" · ")))),
    make("td.obs-figure", { "data-label": "Observed" }, bounds(row.observed, row.unit)),
    make("td.pic", {}, rangePicture(row, [base && row, variant && other])),
    verdict(base && row, "Baseline"), verdict(variant && other, "Counterfactual"));
  }));
  byId("evidence-tally").textContent = !arm ? "Nothing has been run yet."
    : !arm.targets ? "The figures of the quick look are being held against the observed ones …"
    : `${misfit(base)}Observed figures that the median run meets: ${base ? `baseline ${tally(base)}` : ""}${
      base && variant ? ", " : ""}${variant ? `counterfactual ${tally(variant)}` : ""}. A changed history is not `
    + "expected to meet what was observed: how far it leaves it is the point.";
}

/** Median and 90 % interval of a posterior, and whether the figures tell of the parameter at all. */
function posteriorCell(one) {
  const fitted = one.drawn.posterior;
  if (!fitted) return make("td.posterior", { "data-label": "Posterior" }, "–");
  return make("td.posterior", { "data-label": "Posterior" }, make("b", {}, number(fitted[1])),
    make("span.range", {}, spread(fitted)),
    one.identified === false ? make("span.tag.small.vague", {}, "not identified") : null);
}

/** The value in force: what every seed has, or the middle of what they draw. */
function valueCell(one, value, ends) {
  if (!ends) return make("td.num", { "data-label": "Value" }, number(value));
  return make("td.num.is-drawn", { "data-label": "Value" }, number(ends[1]), make("span.range", {}, "drawn"));
}

/** The whole ledger, searchable, with counts by status. */
export function drawParameters(place, setting, told) {
  const source = sourceOf(place, setting, told);
  const fitted = place.sources.rows > 0;
  byId("page-parameters").classList.toggle("fitted", fitted);
  byId("ledger-source").textContent = sourceWords(place, setting, told);
  const rows = place.parameters.map((one) => {
    const value = inForce(place, setting, one.path, one.value);
    const ends = drawnNow(place, setting, one, source);
    return { one, node: make("tr", value !== one.value && !ends ? { class: "changed" } : {},
      make("th", { scope: "row" }, make("b", {}, one.name.replaceAll("_", " ")),
        one.symbol ? make("span.symbol", {}, ` ${one.symbol}`) : null, make("span.mean", {}, one.meaning)),
      make("td", { "data-label": "Rule" }, `${one.role}: ${one.rule}`),
      valueCell(one, value, ends),
      make("td", { "data-label": "Unit" }, one.unit),
      make("td", { "data-label": "Range" }, `${number(one.low)} to ${number(one.high)}`),
      make("td", { "data-label": "Prior" }, one.prior || "–"),
      fitted ? posteriorCell(one) : null,
      make("td", { "data-label": "Status" }, make(`span.tag.small.${one.status}`, {}, one.status)),
      make("td.source", { "data-label": "Source" }, one.source)) };
  });
  byId("ledger-rows").replaceChildren(...rows.map((row) => row.node));
  const counts = new Map();
  for (const { one } of rows) counts.set(one.status, (counts.get(one.status) ?? 0) + 1);
  byId("ledger-tally").textContent = [...counts].map(([status, n]) => `${n} ${status}`).join(", ");
  byId("ledger-find").oninput = () => {
    const query = byId("ledger-find").value.trim().toLowerCase();
    for (const { one, node } of rows) {
      node.hidden = !`${one.path} ${one.meaning} ${one.status} ${one.source}`.toLowerCase()
        .replaceAll("_", " ").includes(query);
    }
  };
}

/** The order of an hour; rivals of a rule can be picked. */
export function drawModel(place, setting, put) {
  let phase = "";
  const items = place.plan.flatMap((rule) => {
    const head = rule.phase === phase ? [] : [make("h3.phase", {}, rule.phase)];
    phase = rule.phase;
    const role = place.roles.find((one) => one.role === rule.role);
    const path = `mechanisms.${rule.role}`;
    const now = setting.set[path] ?? role.rule;
    const select = role.rules.length > 1 ? make("select", { "aria-label": `Rule for ${rule.role}`,
      onchange: (event) => put(path, event.target.value, role.rule) }, ...role.rules.map((one) => make("option", { value: one.name, selected: one.name === now }, one.name)))
      : null;
    return [...head, make("article.rule", path in setting.set ? { "data-changed": "1" } : {},
      make("div.rule-head", {}, make("h4", {}, rule.title), make("span.tag.small", {}, rule.evidence),
        select ?? make("span.dim", {}, rule.name)),
      make("pre.equation", { tabindex: "0", "aria-label": `Equation of ${rule.title}` }, rule.equation),
      make("details", {}, make("summary", {}, "Reads, writes, sources"),
        make("p", {}, `Reads: ${rule.reads.join(", ") || "nothing"}.`),
        make("p", {}, `Writes: ${rule.writes.join(", ")}.`),
        make("p", {}, `Sources: ${rule.sources.join("; ")}`)))];
  });
  byId("model-list").replaceChildren(...items);
  byId("assumption-list").replaceChildren(...place.assumptions.flatMap((one) => [
    make("dt", {}, make(`span.tag.small.${one.kind}`, {}, one.kind), ` ${one.title}`), make("dd", {}, one.text)]));
}
