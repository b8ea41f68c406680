/** The claims of the source text with their verdicts: searched, chosen by verdict, judged here. */

import { byId, make } from "../charts/dom.js";
import { get, post, remove } from "./api.js";
import { say } from "./dom.js";
import { duration } from "./runs.js";

const OVER = ["done", "failed", "cancelled"];
const EVERY = 1200;
const CSS = { contradicted: "missed", undecided: "near", supported: "met" };
const NONE = "This case has no ledger of claims. A file claims.yaml beside its scenario ties each statement of a source to the "
  + "test that judges it.";

/** How many claims have a verdict that came with the package, in words. */
function shippedWords(claims) {
  const n = claims.filter((one) => one.shipped).length;
  return n ? ` ${n === claims.length ? "The verdicts" : `${n} verdicts`} came with this case: by citizens, over its posterior sample.` : "";
}

function item(one) {
  const robust = one.robust ? `The verdict is the same under ${one.robust} other versions of the model${
    one.flips.length ? `, and another with these: ${one.flips.join(", ")}` : ""}.` : null;
  const basis = one.n ? `${one.n} runs${one.engine === "cohorts" ? " by cohorts: a quick look, not a result" : ""}. ` : "";
  return make("li.claim", { "data-verdict": one.verdict }, make(`span.verdict.${CSS[one.verdict] ?? "untested"}`, {}, one.verdict),
    make("div", {}, make("p.claim-text", {}, make("b", {}, `${one.id} `), one.text),
      ...one.reasons.map((reason, at) => make("p.dim", {}, at ? null : make("b", {}, "Why: "), reason)),
      robust || basis ? make("p.dim", {}, `${basis}${robust ?? ""}`) : null,
      make("details", {}, make("summary", {}, `${one.kind}, ${one.asserted_by}: place in the text, and the command`),
        make("p", {}, one.locator, one.rests_on.length ? ` · rests on ${one.rests_on.join(", ")}` : ""),
        make("code", {}, one.judge))));
}

/** How a verdict is read. */
const READING = " Below each stands what was found and what the claim needs, which was fixed before anything was run.";

/** Show the claims that have all words of the search and one of the verdicts that are pressed. */
function filter() {
  const words = byId("claims-find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const pressed = [...byId("claims-verdicts").querySelectorAll("[aria-pressed=true]")].map(({ dataset }) => dataset.verdict);
  const items = [...byId("claims-list").children];
  for (const node of items) {
    const text = node.textContent.toLowerCase();
    node.hidden = !(words.every((word) => text.includes(word)) && (!pressed.length || pressed.includes(node.dataset.verdict)));
  }
  const shown = items.filter((node) => !node.hidden).length;
  byId("claims-count").textContent = words.length || pressed.length ? `${shown} of ${items.length} claims` : "";
}

function verdictButtons(summary) {
  const pressed = new Set([...byId("claims-verdicts").querySelectorAll("[aria-pressed=true]")].map(({ dataset }) => dataset.verdict));
  byId("claims-verdicts").replaceChildren(...Object.entries(summary).map(([verdict, n]) => make("button.ghost", {
    type: "button", "aria-pressed": String(pressed.has(verdict)), "data-verdict": verdict,
    onclick: ({ currentTarget: button }) => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    } }, `${n} ${verdict}`)));
}

function outdatedWords(n) {
  return n ? ` Verdicts on ${n} of them are stored that another version of the case, its claims or the engine gave.` : "";
}

function show(reply) {
  byId("claims-judging").hidden = !reply.present;
  byId("claims-filters").hidden = !reply.present;
  byId("claims-told").textContent = reply.present
    ? `${reply.source}: ${reply.claims.length} claims, those first that the runs contradict.${READING}${shippedWords(reply.claims)}${outdatedWords(reply.outdated)}` : NONE;
  byId("claims-list").replaceChildren(...reply.claims.map(item));
  verdictButtons(reply.summary);
  filter();
}

/** Bind the page of claims; returns what draws it. */
export function bindClaims(context) {
  let timer = 0;
  let running = "";

  const load = async () => show(await get(`/api/cases/${encodeURIComponent(context.place().id)}/claims`));
  const told = (words) => { byId("claims-judge-told").textContent = words; };

  function busy(id) {
    running = id;
    byId("claims-judge").disabled = Boolean(id);
    byId("claims-cancel").hidden = !id;
    byId("claims-progress").hidden = !id;
  }

  async function over(one) {
    busy("");
    told({ done: `Judged in ${duration(one.seconds)}. The report of the verdicts is on the page Analyses.`,
      cancelled: "Cancelled: finished runs are kept, and judging goes on from there." }[one.state] ?? `It failed. ${one.last}`);
    await load();
  }

  async function watch() {
    clearTimeout(timer);
    const one = (await get("/api/analyses")).find(({ id, kind, state }) => (running ? id === running
      : kind === "judge" && !OVER.includes(state)));
    if (!one) {
      busy("");
      return;
    }
    if (OVER.includes(one.state)) {
      await over(one);
      return;
    }
    busy(one.id);
    told(one.state === "waiting" ? "Waiting for its turn." : `${one.last || "Reading the case"}, ${duration(one.seconds)} so far.`);
    if (one.progress === null) byId("claims-progress").removeAttribute("value");
    else byId("claims-progress").value = one.progress;
    if (!byId("page-claims").hidden) timer = setTimeout(() => watch().catch(failed), EVERY);
  }

  function failed(problem) {
    busy("");
    told(problem.message);
  }

  byId("claims-find").addEventListener("input", filter);
  byId("claims-cancel").addEventListener("click", () => {
    remove(`/api/analyses/${running}`).then(watch).catch((problem) => say(problem.message, "error"));
  });
  byId("claims-judge").addEventListener("click", () => {
    const analysis = { kind: "judge", engine: byId("claims-engine").value };
    post("/api/analyses", { ...context.setting(), analysis }).then(({ id }) => {
      busy(id);
      return watch();
    }).catch(failed);
  });
  return async () => {
    byId("claims-told").textContent = "Reading the claims …";
    await load();
    await watch();
  };
}
