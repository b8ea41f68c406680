/** Analyses: commands of the terminal on the setting, with their progress, cancel and result. */

import { byId, make } from "../charts/dom.js";
import { get, post, remove } from "./api.js";
import { say } from "./dom.js";
import { duration } from "./runs.js";

const OVER = ["done", "failed", "cancelled"];
const EVERY = 1200;
const KINDS = {
  sweep: ["Sweep and tipping point", "Runs the case at several values of one number and finds the value from which a large protest is more likely than not."],
  counterfactuals: ["All counterfactuals", "Compares every counterfactual of the case with the same baseline, in one table."],
  sensitivity: ["Which parameters matter", "Varies every uncertain parameter over its prior and ranks them by what they do."],
  branch: ["Branch of one history", "One history until a time, and from there on with and without the what-if that is set."],
  free: ["The actors decide", "Both histories follow the record until a time; from then on regime, elite and alliance decide for themselves."],
  judge: ["Judge the claims", "Gives each claim of a text about the case a verdict, with the rules and parameters that would turn it."],
  report: ["Report of what is on screen", "One page for the whole comparison that asks nothing of the network: a quick look carries its banner."],
};
const FIELDS = { sweep: ["path", "low", "high", "points"], branch: ["at"], free: ["at"] };

/** Wait until an analysis is over; `told` hears of its last line. */
async function ended(id, told) {
  for (;;) {
    const one = (await get("/api/analyses")).find((each) => each.id === id);
    if (!one || OVER.includes(one.state)) return one;
    told(one);
    await new Promise((done) => { setTimeout(done, EVERY); });
  }
}

/** Make the report of the setting and save it; `told` hears how far it is. */
export async function saveReport(setting, told) {
  const { id } = await post("/api/analyses", { ...setting, analysis: { kind: "report" } });
  const one = await ended(id, ({ last, seconds }) => told(`The report is being made, ${duration(seconds)} so far. ${last}`));
  if (!one?.page) throw new Error(one?.last || "no report was made");
  make("a", { href: `/api/analyses/${id}/page?save`, download: "" }).click();
  told("The report is saved. It asks nothing of the network.");
}

function fieldsOf(place) {
  const varied = [...place.levers.filter((one) => !one.options.length), ...place.parameters];
  const path = byId("analysis-path");
  path.replaceChildren(...varied.map((one) => make("option", { value: one.path },
    one.title ?? `${one.role}: ${one.name.replaceAll("_", " ")}`)));
  path.onchange = () => {
    const one = varied.find((each) => each.path === path.value);
    const [low, high] = one.title ? [one.low, Math.min(one.high, 1)] : [one.from ?? one.low, one.to ?? one.high];
    byId("analysis-low").value = Number(low.toPrecision(3));
    byId("analysis-high").value = Number(high.toPrecision(3));
  };
  path.onchange();
}

function card(one, redraw) {
  const going = !OVER.includes(one.state);
  const words = { waiting: "waiting for its turn", running: `running, ${duration(one.seconds)} so far. ${one.last}`,
    done: `done in ${duration(one.seconds)}`, failed: `failed. ${one.last}`, cancelled: "cancelled: finished runs are kept" };
  const drop = make("button.ghost", { type: "button", onclick: () => remove(`/api/analyses/${one.id}`).then(redraw,
    (problem) => say(problem.message, "error")) }, going ? "Cancel" : "Remove");
  const links = one.page ? [make("a.ghost", { href: `/api/analyses/${one.id}/page`, target: "_blank", rel: "noopener" }, "Open the page"),
    make("a.ghost", { href: `/api/analyses/${one.id}/page?save`, download: "" }, "Save the page")] : [];
  if (one.figures) links.push(make("a.ghost", { href: `/api/analyses/${one.id}/figures`, download: "" }, "Save the figures (SVG, PNG, PDF)"));
  return make("li.analysis", { "data-state": one.state }, make("b", {}, one.title),
    make("p.job-words", {}, words[one.state]), one.answer ? make("p.analysis-found", {}, one.answer) : null, going ? make("progress", { "aria-label": `Progress of ${one.title}`, max: 1, value: one.progress }) : null,
    make("div.choices", {}, ...links, drop),
    one.text ? make("details", { open: !one.page }, make("summary", {}, "What it printed"), make("pre", { tabindex: "0" }, one.text)) : null,
    make("code.fine", {}, one.command));
}

/** Bind the page; returns what draws it. */
export function bindAnalyses(context) {
  const kind = byId("analysis-kind");
  let shown = "";
  let timer = 0;
  kind.replaceChildren(...Object.entries(KINDS).map(([value, [title]]) => make("option", { value }, title)));
  const sync = () => {
    byId("analysis-about").textContent = KINDS[kind.value][1];
    document.querySelectorAll("[data-of]").forEach((node) => {
      node.hidden = !(FIELDS[kind.value] ?? []).includes(node.dataset.of);
    });
    byId("analysis-seeds").closest("label").hidden = ["judge", "report"].includes(kind.value);
    byId("analysis-engine").closest("label").hidden = ["branch", "report"].includes(kind.value);
  };
  kind.onchange = sync;
  sync();

  async function list() {
    clearTimeout(timer);
    const all = await get("/api/analyses");
    const now = JSON.stringify(all);
    if (now !== shown) {
      shown = now;
      byId("analyses-list").replaceChildren(...all.map((one) => card(one, list)));
    }
    byId("analyses-none").hidden = all.length > 0;
    const open = !byId("page-analyses").hidden;
    if (open && all.some((one) => !OVER.includes(one.state))) timer = setTimeout(() => list().catch(() => {}), EVERY);
  }

  byId("analysis-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const analysis = { kind: kind.value, engine: byId("analysis-engine").value, seeds: byId("analysis-seeds").valueAsNumber || 8 };
    for (const name of FIELDS[kind.value] ?? []) {
      const field = byId(`analysis-${name}`);
      analysis[name] = field.type === "number" ? field.valueAsNumber : field.value;
    }
    byId("analysis-told").textContent = "";
    try {
      await post("/api/analyses", { ...context.setting(), analysis });
      await list();
    } catch (problem) {
      byId("analysis-told").textContent = problem.message;
    }
  });
  let place = null;
  return () => {
    if (place !== context.place()) fieldsOf(place = context.place());
    byId("analysis-now").textContent = `“${context.title() || place.title}”`;
    list().catch((problem) => say(problem.message, "error"));
  };
}
