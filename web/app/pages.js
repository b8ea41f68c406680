/** The other pages: evidence, parameters, model, claims; from the same data as report and docs. */

import { drawRows } from "../charts/rows.js";
import { spansDecades } from "../charts/svg.js";
import { get } from "./api.js";
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

function verdict(row) {
  if (!row) return make("td", {});
  const range = row.simulated ? make("span.range", {}, row.simulated[0] === row.simulated[2]
    ? figure(row.simulated[1], row.unit)
    : `${figure(row.simulated[1], row.unit)} (${figure(row.simulated[0], row.unit)} to ${
      figure(row.simulated[2], row.unit)})`) : make("span.range", {}, row.reason);
  return make("td", {}, make(`span.verdict.${row.verdict}`, {}, VERDICTS[row.verdict]), range);
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
    verdict(base && row), verdict(variant && other));
  }));
  const tested = (rows) => rows.filter((row) => ["met", "near", "missed"].includes(row.verdict));
  const tally = (one) => `${tested(one.targets).filter((row) => row.verdict === "met").length} of ${
    tested(one.targets).length}`;
  byId("evidence-tally").textContent = !arm ? "Nothing has been run yet."
    : !arm.targets ? "The figures of the quick look are being held against the observed ones …"
    : `Observed figures that the median run meets: ${base ? `baseline ${tally(base)}` : ""}${
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

function claimItem(one) {
  const css = { contradicted: "missed", undecided: "near", supported: "met" }[one.verdict] ?? "untested";
  const robust = one.robust ? `Holds under ${one.robust} rival rules and removals${
    one.flips.length ? `; turned round by ${one.flips.join(", ")}` : ""}.` : null;
  return make("li.claim", {}, make(`span.verdict.${css}`, {}, one.verdict),
    make("div", {}, make("p.claim-text", {}, make("b", {}, `${one.id} `), one.text),
      one.reason ? make("p.dim", {}, one.reason) : null,
      robust ? make("p.dim", {}, robust) : null,
      make("details", {}, make("summary", {}, `${one.kind}, ${one.asserted_by}`),
        make("p", {}, one.locator, one.rests_on.length ? ` · rests on ${one.rests_on.join(", ")}` : ""),
        make("code", {}, one.judge))));
}

/** The claims of the source text with their verdicts, failures first, and how to judge them. */
export async function drawClaims(place) {
  const reply = await get(`/api/cases/${encodeURIComponent(place.id)}/claims`);
  const told = byId("claims-told");
  byId("claims-list").replaceChildren(...reply.claims.map(claimItem));
  if (!reply.present) {
    told.textContent = "This case has no ledger of claims. A file claims.yaml beside its scenario ties each "
      + "statement of a source to the test that judges it.";
    return;
  }
  const tally = Object.entries(reply.summary).map(([verdict, n]) => `${n} ${verdict}`).join(", ");
  const outdated = reply.outdated
    ? `Verdicts on ${reply.outdated} of them are stored that another version of the case, its claims or the engine gave. ` : "";
  told.replaceChildren(make("span", {}, `${reply.source}: ${reply.claims.length} claims, ${tally}. ${outdated}`),
    make("span", {}, "Judging makes many runs; the command does it: "), make("code", {}, reply.command));
}
