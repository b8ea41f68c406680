/** Experiments: settings with a name, listed, opened, copied, removed, and several compared. */

import { drawRows } from "../charts/rows.js";
import { byId, make } from "../charts/dom.js";
import { onWidth } from "../charts/width.js";
import { get, post, remove } from "./api.js";
import { say } from "./dom.js";
import { gapWords, rangeWords, valueWords } from "./effects.js";

const MOST = 6;
const WIDEST = 760;

const dateOf = (saved) => saved.replace("T", " ").slice(0, 16);

/** Wait for a whole look; the wish is told apart from that of the page. */
async function lookAt(setting) {
  const reply = await post("/api/look", { ...setting, look: { lane: "experiments" } });
  return reply && { ...reply.differences, how: `quick look by ${reply.engine}, ${reply.seeds} seeds`, engine: reply.engine };
}

/** The pairs of an experiment that are stored or shipped, or null. */
async function storedOf(setting) {
  const reply = await post("/api/compare", setting);
  if (!reply.head.pairs) return null;
  const { engine, scale } = reply.baseline;
  return { ...reply.differences, how: `${reply.head.pairs} ${reply.head.shipped ? "shipped" : "stored"} pairs by ${engine}${
    scale === 1 ? "" : `, scale ${scale}`}`, engine: `${engine} ${scale}` };
}

/** What each experiment changes: from stored pairs if all have them alike, else all from looks. */
async function readAlike(rows, told) {
  const stored = await Promise.all(rows.map(({ setting }) => storedOf(setting)));
  if (stored.every((one) => one && one.engine === stored[0].engine)) return stored;
  const looks = [];
  for (const row of rows) { // one after the other: a newer look overtakes an older one
    told(`Looking at “${row.name}” …`);
    looks.push(await lookAt(row.setting));
  }
  return looks;
}

const clear = (one) => one.low !== null && (one.low > 0 || one.high < 0);

function cell(one) {
  if (!one) return make("td.dim", {}, "not known");
  return make("td", {}, make(clear(one) ? "b" : "span.dim", {}, gapWords(one.difference, one)),
    make("span.range", {}, rangeWords(one)),
    make("span.range", {}, `${valueWords(one.baseline, one)} → ${valueWords(one.variant, one)}`));
}

/** An outcome of one column; what came after the histories diverge is left out where it is the whole. */
function effectOf(effects, outcomes, name) {
  const whole = outcomes.find((one) => one.name === name)?.whole;
  return effects.find((one) => one.name === name) ?? (whole && effects.find((one) => one.name === whole));
}

function drawTable(columns, outcomes) {
  byId("compared-head").replaceChildren(make("tr", {}, make("th", { scope: "col" }, "Baseline minus experiment"),
    ...columns.map(({ row }) => make("th", { scope: "col" }, row.name, row.title === row.name ? null : make("span.range", {}, row.title)))));
  byId("compared-rows").replaceChildren(...outcomes.map(({ name, label }) => {
    return make("tr", {}, make("th", { scope: "row" }, label),
      ...columns.map(({ effects }) => cell(effectOf(effects, outcomes, name))));
  }), make("tr", {}, make("th", { scope: "row" }, "From"),
    ...columns.map(({ how }) => make("td", {}, make("span.range", {}, how)))));
}

function drawChart(columns, outcomes, name) {
  const rows = columns.flatMap(({ row, effects }) => {
    const one = effectOf(effects, outcomes, name);
    return one ? [{ label: row.name, low: one.low, mid: one.difference, high: one.high, unit: one.unit, values: one.gaps }] : [];
  });
  const box = byId("experiments-chart");
  box.replaceChildren(rows.length ? drawRows("effects", { rows, shared: true },
    { width: Math.min(WIDEST, Math.max(280, box.clientWidth)), label: "Differences of the experiments" })
    : make("p.dim", {}, "Nothing is known of this outcome."));
}

/** Draws the chart of the last comparison once more, for another width. */
let redraw = () => {};

function showCompared(place, columns) {
  const outcomes = place.outcomes.filter(({ name }) => columns.some(({ effects }) => effects.some((one) => one.name === name)));
  const select = byId("experiments-outcome");
  select.replaceChildren(...outcomes.map(({ name, label }) => make("option", { value: name }, label)));
  redraw = () => drawChart(columns, outcomes, select.value);
  select.onchange = redraw;
  const look = columns.some(({ how }) => how.startsWith("quick look"));
  byId("experiments-told").textContent = `${look ? "Quick looks, not results. " : ""}Each experiment with its own baseline, seed by seed: `
    + "baseline minus experiment, mean of the pairs with its 95 % interval, bold where it leaves out zero; below it the medians, "
    + "baseline → experiment. “After” counts from the hour at which the two histories diverge.";
  drawTable(columns, outcomes);
  redraw();
}

/** Bind the page; returns what draws it. */
export function bindExperiments(context) {
  onWidth([() => redraw()]);
  let rows = [];
  const ticked = new Set();

  const button = (words, work) => make("button.ghost", { type: "button", onclick: () => work().catch(
    (problem) => say(problem.message, "error")) }, words);

  async function save(name, setting) {
    const { case: id, counterfactuals, set, seeds, first, scale, parameters } = setting;
    const board = !byId("board-label").hidden && byId("experiment-board").checked;
    await post("/api/experiments", { name, board, setting: { case: id, counterfactuals, set, seeds, first, scale, parameters } });
    await draw();
  }

  function update() {
    byId("experiments-compare").disabled = ticked.size < 1 || ticked.size > MOST;
    byId("experiments-compare").textContent = ticked.size > MOST ? `Compare at most ${MOST}` : "Compare the ticked";
  }

  function rowOf(row) {
    const tick = make("input", { type: "checkbox", "aria-label": `Compare ${row.name}`, checked: ticked.has(row.id),
      disabled: Boolean(row.problem) || row.title === "Nothing changed",
      onchange: (event) => { ticked[event.target.checked ? "add" : "delete"](row.id); update(); } });
    return make("tr", {}, make("td", {}, tick), make("th", { scope: "row" }, row.name,
      row.board ? make("span.tag.small", {}, "board") : null),
      make("td", { "data-label": "Changed" }, row.problem ? make("span.dim", {}, `cannot be opened: ${row.problem}`) : row.title),
      make("td", { "data-label": "Case" }, row.setting.case), make("td.dim", { "data-label": "Saved" }, dateOf(row.saved)),
      make("td.choices", {}, row.problem ? null : button("Open", () => context.open(row.setting)),
        row.problem ? null : button("Duplicate", () => save(`${row.name.slice(0, 73)} (copy)`, row.setting)),
        button("Remove", async () => { await remove(`/api/experiments/${row.id}`); ticked.delete(row.id); await draw(); })));
  }

  async function draw() {
    byId("experiment-now").textContent = `“${context.title()}”`;
    rows = await get("/api/experiments");
    byId("board-label").hidden = !context.shared();
    for (const id of [...ticked]) if (!rows.some((row) => row.id === id)) ticked.delete(id);
    byId("experiment-table").hidden = !rows.length;
    byId("experiments-none").hidden = rows.length > 0;
    byId("experiment-rows").replaceChildren(...rows.map(rowOf));
    update();
  }

  async function compare() {
    byId("experiments-compared").hidden = false;
    const chosen = rows.filter(({ id }) => ticked.has(id));
    const read = await readAlike(chosen, (words) => { byId("experiments-told").textContent = words; });
    showCompared(context.place(), chosen.flatMap((row, i) => (read[i] ? [{ row, ...read[i] }] : [])));
  }

  byId("experiment-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = byId("experiment-name").value;
    save(name, context.setting()).then(() => {
      byId("experiment-name").value = "";
      say(`“${name}” is saved`);
    }).catch((problem) => say(problem.message, "error"));
  });
  byId("experiments-compare").addEventListener("click", () => compare().catch((problem) => {
    byId("experiments-told").textContent = problem.message;
  }));
  return () => draw().catch((problem) => say(problem.message, "error"));
}
