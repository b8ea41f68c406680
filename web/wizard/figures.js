/** The figures of a draft: the list to look up first, the tables, and what opens their editor. */

import { bindChoice } from "../charts/clock.js";
import { byId, make } from "../charts/dom.js";
import { makeState } from "../charts/state.js";
import { bindEditor } from "./editor.js";
import { keys, mark } from "./status.js";
import { AGES, LETTERS, STATUS, TABLES, columnName, figure, sizeWords } from "./words.js";

const FIRST_ROWS = 40;
const FIRST_CELLS = 6;

const column = (table, name) => table.columns.indexOf(name);
const at = (table, row, name) => table.rows[row][column(table, name)];

/** What a row is called. */
function rowName(table, row, context) {
  if (column(table, "name") >= 0) return at(table, row, "name");
  const other = ["group", "good"].find((name) => column(table, name) >= 0);
  const region = context.place(at(table, row, "region"));
  return other ? `${region}, ${at(table, row, other)}` : region;
}

/** The region a row belongs to. */
const regionOf = (table, row) => (table.key === "regions" ? at(table, row, "id") : column(table, "region") >= 0 ? at(table, row, "region") : null);

function field(table, row, name, label) {
  return { label: label ?? columnName(name), value: at(table, row, name), column: name, row };
}

/** The figures that are only right together with this one. */
function group(table, row, name) {
  if (AGES.includes(name)) return AGES.map((one) => field(table, row, one));
  if (table.key !== "group_shares") return [field(table, row, name)];
  const region = at(table, row, "region");
  return table.rows.map((_, i) => i).filter((i) => at(table, i, "region") === region)
    .map((i) => field(table, i, name, `Share of ${at(table, i, "group")}`));
}

/** One field for each group or good, to be put into every region. */
function everywhere(table, name) {
  const key = table.key === "group_shares" ? "group" : "good";
  const seen = new Map();
  table.rows.forEach((_, i) => { if (!seen.has(at(table, i, key))) seen.set(at(table, i, key), i); });
  return [...seen].map(([other, i]) => ({ ...field(table, i, name, `${columnName(name)}: ${other}, every region`),
    rows: table.rows.map((_, j) => j).filter((j) => at(table, j, key) === other) }));
}

const cellsOf = (table, fields, values) => fields.flatMap((one, i) => (one.rows ?? [one.row]).map((row) => (
  { table: table.key, row, column: one.column, value: values[i] })));

/** Numbers of settings are written as numbers; what is none is refused at its field. */
function settingsOf(fields, values) {
  const wrong = fields.map((one, i) => [one, Number(values[i].trim() || "NaN")]).filter(([, value]) => !Number.isFinite(value));
  if (wrong.length) throw Object.assign(new Error(""), { faults: wrong.map(([one]) => ({ key: one.column, line: one.row + 2, message: "not a number", allowed: "as 0.25" })) });
  return Object.fromEntries(fields.map((one, i) => [one.path, Number(values[i])]));
}

/** Bind editor, list and tables; returns what draws them, and what edits the trigger. */
export function bindFigures(context) {
  const open = bindEditor();
  const state = makeState({ table: "regions" });
  let [all, long] = [false, false];
  const tableOf = (key) => context.draft().tables.find((one) => one.key === key);

  function editCells(table, fields, { title, why, number }) {
    open({ title, why, fields, save: ({ values, basis, source }) => context.edit({ cells: cellsOf(table, fields, values), basis, source, number }) });
  }

  function editSettings(prefix, { title, why, number }) {
    const fields = context.draft().settings.filter(({ path }) => path.startsWith(prefix))
      .map((one, i) => ({ label: one.label, value: String(one.value), column: one.path.split(".").pop(), row: i, path: one.path }));
    const named = prefix === "triggers";
    open({ title, why, fields, async save({ values, basis, source }) {
      const at = named ? `triggers.${context.draft().triggers[0].number}` : "";
      const own = named ? { [`${at}.basis`]: basis, ...(source ? { [`${at}.source`]: source } : {}) } : {};
      await context.edit({ settings: { ...settingsOf(fields, values), ...own }, basis, source, number });
    } });
  }

  const editTrigger = () => editSettings("triggers", { title: "The size of the trigger", number: 1,
    why: `Its size, and the least and most that it may have been.${context.draft().triggers[0].kind === "price" ? " 0.5 is a rise by half." : ""}` });

  function editItem(item) {
    const words = { title: nameOf(item), why: item.why, number: item.number };
    if (item.file === "scenario.yaml") editSettings(item.column, words);
    else {
      const table = tableOf(item.file.replace(".csv", ""));
      const row = item.row ? table.rows.findIndex((_, i) => at(table, i, "id") === item.row) : -1;
      editCells(table, item.row ? group(table, row, item.column) : everywhere(table, item.column), words);
    }
  }

  const nameOf = (item) => {
    const table = tableOf(item.file.replace(".csv", ""));
    if (item.file === "scenario.yaml") return { triggers: "Size of the trigger", "elite.factions": "Factions of the elite" }[item.column] ?? "The request for help";
    if (!item.column) return "Figures that no table has";
    if (!item.row) return `${item.file.startsWith("group") ? "Shares of the groups" : "Households that pay the price"}, every region`;
    const row = table.rows.findIndex((_, i) => at(table, i, "id") === item.row);
    return `${at(table, row, "name")}: ${columnName(item.column).toLowerCase()}`;
  };

  /** The value and the status now, which an edit may have changed since the list was made. */
  function nowOf(item) {
    const table = tableOf(item.file.replace(".csv", ""));
    if (item.column === "triggers") {
      const [one] = context.draft().triggers;
      const [size, low, high] = [one.size, one.low, one.high].map((value) => sizeWords(one.kind, value));
      return [`${size}, between ${low} and ${high}`, LETTERS[one.basis] ?? "a"];
    }
    if (!table || !item.column) return [item.value, "a"];
    const rows = item.row ? [table.rows.findIndex((_, i) => at(table, i, "id") === item.row)] : everywhere(table, item.column).map((one) => one.row);
    const n = column(table, item.column);
    return [rows.map((row) => figure(table.rows[row][n])).join(", "), table.status[rows[0]][n]];
  }

  function drawCells() {
    const items = context.draft().cells;
    for (const id of ["look-up", "look-up-step"]) byId(id).hidden = !items.length;
    byId("cells").replaceChildren(...items.slice(0, all ? items.length : FIRST_CELLS).map((item) => {
      const [value, letter] = nowOf(item);
      const act = item.column ? make("button.ghost", { type: "button", "aria-label": `${item.done ? "Edit again" : "Edit"}: ${nameOf(item)}`,
        onclick: () => editItem(item) }, item.done ? "Edit again" : "Edit") : make("a.ghost", { href: "#tables" }, "See the table");
      return make(`li.cell-item${item.done ? ".done" : ""}`, {}, make("span.rank", {}, item.done ? "✓" : String(item.number)),
        make("div", {}, make("b", {}, nameOf(item)), make("p", {}, item.why)),
        make("p.now", {}, mark(letter), make("span", {}, value)), act);
    }));
    byId("cells-more").hidden = items.length <= FIRST_CELLS;
    byId("cells-more").textContent = all ? "Show the first six" : `Show all ${items.length}`;
    byId("cells-more").setAttribute("aria-expanded", String(all));
  }

  function cellNode(table, row, name) {
    const n = column(table, name);
    const [text, letter] = [table.rows[row][n], table.status[row][n]];
    const words = name === "region" ? context.place(text) : figure(text);
    if (letter === ".") return make("td", {}, words);
    const title = `${columnName(name)}, ${rowName(table, row, context)}`;
    if (!table.editable) return make("td.num", {}, words);
    return make("td.num", {}, make(`button.cell.st-${letter}`, { type: "button", tabindex: "-1", "aria-label": `${title}: ${words}, ${STATUS[letter][0]}`,
      onclick: () => editCells(table, group(table, row, name), { title, why: `Now ${words}, ${STATUS[letter][0]}.` }) },
    make("i", { "aria-hidden": "true" }), words));
  }

  const isOpen = (status) => /[at]/.test(status);

  function drawTable() {
    const table = tableOf(state.get("table")) ?? context.draft().tables[0];
    const shown = TABLES[table.key][1].filter((name) => column(table, name) >= 0);
    const only = byId("only-open").checked;
    const region = context.region();
    const rows = table.rows.map((_, i) => i).filter((i) => (!region || regionOf(table, i) === null || regionOf(table, i) === region)
      && (!only || isOpen(table.status[i])));
    const body = rows.slice(0, long ? rows.length : FIRST_ROWS).map((i) => make("tr", {}, ...shown.map((name, n) => {
      const node = cellNode(table, i, name);
      return n ? node : make("th", { scope: "row" }, ...node.childNodes);
    })));
    const isFigure = (name) => table.status[0]?.[column(table, name)] !== ".";
    byId("table").replaceChildren(make("caption.visually-hidden", {}, TABLES[table.key][0]),
      make("thead", {}, make("tr", {}, ...shown.map((name) => make(isFigure(name) ? "th.num" : "th", { scope: "col" }, columnName(name))))),
      make("tbody", {}, ...body));
    byId("table-more").hidden = rows.length <= FIRST_ROWS || long;
    byId("table-more").textContent = `Show all ${rows.length} rows`;
    byId("all-regions").hidden = !region;
    byId("table-told").textContent = `${rows.length} of ${table.rows.length} rows${region ? `, ${context.place(region)}` : ""}.${
      table.editable ? " Enter on a figure edits it; the arrows lead from one to the next." : " Made by imports."}`;
    rove();
  }

  /** The table is one tab stop: the arrows lead from figure to figure. */
  function rove() {
    const grid = [...byId("table").querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("button.cell")]);
    const first = grid.flat()[0];
    byId("table-scroller").tabIndex = first ? -1 : 0;
    first?.setAttribute("tabindex", "0");
  }

  byId("table").addEventListener("keydown", (event) => {
    const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    const from = event.target.closest("button.cell");
    if (!step || !from) return;
    event.preventDefault();
    const grid = [...byId("table").querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("button.cell")]);
    const y = grid.findIndex((row) => row.includes(from));
    const next = grid[y + step[0]]?.[grid[y].indexOf(from) + step[1]];
    if (!next) return;
    from.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  byId("cells-more").addEventListener("click", () => { all = !all; drawCells(); });
  byId("table-more").addEventListener("click", () => { long = true; drawTable(); });
  byId("only-open").addEventListener("change", drawTable);
  byId("status-keys").replaceChildren(...keys());
  state.on(["table"], () => { long = false; drawTable(); });
  let tabs = "";
  const draw = () => {
    const options = context.draft().tables.map(({ key }) => ({ key, label: TABLES[key][0] }));
    const names = options.map(({ key }) => key).join();
    if (names !== tabs) bindChoice(byId("table-tabs"), options, "table", state);
    tabs = names;
    drawCells();
    drawTable();
  };
  return { draw, drawTable, editTrigger };
}
