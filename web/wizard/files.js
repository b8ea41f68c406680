/** Files dropped in: what they are, how they are read, what became of them, names to be matched. */

import { post } from "../app/api.js";
import { byId, make } from "../charts/dom.js";
import { number } from "../charts/words.js";
import { faultItem } from "./status.js";
import { SOURCES } from "./words.js";

const optionsOf = (source) => SOURCES.find(([key]) => key === source)?.[2] ?? [];

/** Bind the section; returns what draws the names that wait for a region. */
export function bindFiles(context) {
  let files = [];
  const choose = (list) => {
    files = [...list];
    byId("import").disabled = !files.length;
    byId("drop-told").textContent = files.length ? files.map(({ name }) => name).join(", ") : "Drop a file here, or choose";
    const guess = SOURCES.find(([, , , shape]) => files.some(({ name }) => shape.test(name)));
    if (guess) byId("source").value = guess[0];
    follow();
  };
  const follow = () => document.querySelectorAll("#import-form [data-of]").forEach((node) => {
    node.hidden = !optionsOf(byId("source").value).includes(node.dataset.of);
  });
  byId("source").replaceChildren(...SOURCES.map(([key, label]) => make("option", { value: key }, label)));
  byId("source").addEventListener("change", follow);
  follow();
  byId("file").addEventListener("change", (event) => choose(event.target.files));
  const drop = byId("drop");
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    choose(event.dataTransfer.files);
  });

  function tell({ report }) {
    const { rows, imported, reasons, summary, file } = report;
    const counted = rows === null ? "" : ` ${number(imported)} of ${number(rows)} rows read.`;
    const out = reasons.length ? ` Left out: ${reasons.map(([why, count]) => `${why} (${count})`).join("; ")}.` : "";
    if (imported === 0) byId("import-told").textContent = `${file}: nothing of its ${number(rows)} rows could be imported.${out}`;
    else byId("import-told").textContent = `${file}: ${summary}.${counted}${out}`;
    byId("import-faults").hidden = true;
  }

  async function take(work) {
    byId("import-told").textContent = "Reading …";
    byId("import-faults").hidden = true;
    try {
      tell(await context.change(await work()));
      return true;
    } catch (problem) {
      byId("import-told").textContent = problem.faults?.length ? "Nothing was changed." : problem.message;
      byId("import-faults").replaceChildren(...(problem.faults ?? []).slice(0, 8).map(faultItem));
      byId("import-faults").hidden = !problem.faults?.length;
      await context.read(); // a file of which names do not match leaves its names
      return false;
    }
  }

  byId("import-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const source = byId("source").value;
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    for (const name of optionsOf(source)) if (byId(name).value.trim()) form.append(name, byId(name).value.trim());
    byId("import").disabled = true;
    const done = await take(() => post(`/api/drafts/${context.draft().id}/files/${source}`, form));
    if (done) {
      byId("file").value = "";
      choose([]);
    }
    byId("import").disabled = !files.length;
  });

  let waiting = "";
  function choice(row, left) {
    const near = row.near.map((id) => make("option", { value: id }, context.place(id)));
    const others = context.draft().regions.filter(({ id }) => !row.near.includes(id)).map(({ id, name }) => make("option", { value: id }, name));
    return make("select", { "aria-label": `Region of ${row.name}`, "data-name": row.name }, make("option", { value: "" }, "not matched"),
      make("optgroup", { label: "Nearest" }, ...near), make("optgroup", { label: "Others" }, ...others),
      make("option", { value: "national" }, "the whole country"), make("option", { value: left }, "leave its rows out"));
  }
  byId("match").addEventListener("click", () => {
    const names = Object.fromEntries([...byId("name-rows").querySelectorAll("select")].filter(({ value }) => value)
      .map((one) => [one.dataset.name, one.value]));
    take(() => post(`/api/drafts/${context.draft().id}/names/${waiting}`, { names }));
  });
  return () => {
    const open = context.draft().imports.map((one) => ({ ...one, names: one.names.filter(({ region }) => !region) }))
      .find(({ names }) => names.length);
    byId("names").hidden = !open;
    if (!open) return;
    waiting = open.source;
    byId("names-title").textContent = `${open.names.length} ${open.names.length === 1 ? "name" : "names"} of ${
      SOURCES.find(([key]) => key === waiting)?.[1] ?? waiting} to match`;
    byId("name-rows").replaceChildren(...open.names.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name),
      make("td.num", {}, row.rows), make("td", {}, choice(row, open.left_out)))));
  };
}
