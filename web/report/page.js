/** What makes the rest of the page convenient: theme, search in the parameters, copying. */

import { byId } from "../charts/dom.js";

function keep(theme) {
  try {
    localStorage.setItem("steppe-theme", theme);
  } catch {
    // A page opened from a file may have no storage: the choice then lasts as long as the page.
  }
}

/** A button that turns the page dark or light. */
export function bindTheme() {
  const button = byId("theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const now = () => document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");
  const label = () => { button.textContent = now() === "dark" ? "Light" : "Dark"; };
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = now() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    keep(theme);
    label();
  });
  system.addEventListener("change", label);
  label();
}

/** Search and status filter over the parameter tables. */
export function bindParameters() {
  const search = byId("search");
  if (!search) return;
  const buttons = [...document.querySelectorAll("#statuses button")];
  const tables = [...document.querySelectorAll(".mechanism")];
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const on = buttons.filter((b) => b.getAttribute("aria-pressed") === "true");
    const statuses = new Set(on.map((b) => b.dataset.status));
    let found = 0;
    for (const table of tables) {
      let shown = 0;
      for (const row of table.querySelectorAll("tbody tr")) {
        const name = table.querySelector("summary b").textContent;
        const text = `${name} ${row.textContent}`.toLowerCase();
        const fits = text.includes(wanted) && (!statuses.size || statuses.has(row.dataset.status));
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      table.hidden = shown === 0;
      if (wanted || statuses.size) table.open = shown > 0;
      found += shown;
    }
    byId("found").textContent = wanted || statuses.size ? `${found} shown` : "";
  };
  search.addEventListener("input", filter);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
}

/** Text that a spreadsheet takes as text, whatever it begins with. */
function cell(value) {
  const text = String(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Rows of a table as text, its first `words` columns as words. */
export function csv(rows, words) {
  return rows.map((row) => row.map((v, i) => (i < words ? cell(v) : v)).join(",")).join("\n");
}

/** One row for each quantity, place and hour: `columns(key, scope)` are series, or null for none. */
function hourly(place, fans, names, columns) {
  const rows = [["quantity", "unit", "where", "time", ...names]];
  for (const fan of fans) {
    for (const scope of [null, ...place.regions.map((region) => region.id)]) {
      const series = columns(fan, scope);
      if (!series) continue;
      for (let hour = 0; hour < place.hours; hour += 1) {
        const time = new Date(place.origin + hour * 3600e3).toISOString().slice(0, 16);
        const values = series.map((row) => (Number.isFinite(row[hour]) ? +row[hour].toFixed(3) : ""));
        rows.push([fan.key, fan.unit, scope ?? "national", time, ...values]);
      }
    }
  }
  return csv(rows, 4);
}

/** The quantiles of all charts. */
export function quantileTable(place, arm) {
  return hourly(place, arm.fans, ["q05", "q25", "median", "q75", "q95"], (fan, scope) => fan.quantiles(scope));
}

/** Medians of both histories and the difference with its interval, for every chart. */
export function pairTable({ place, arms: [base, other], gaps }) {
  return hourly(place, base.fans, ["baseline", "counterfactual", "difference", "low", "high"], (fan, scope) => {
    const twin = other.fans.find((one) => one.key === fan.key).quantiles(scope);
    const gap = gaps.find((one) => one.key === fan.key).values(scope);
    const own = fan.quantiles(scope);
    return own && twin && gap ? [own[2], twin[2], ...gap] : null;
  });
}

/** The hour of the largest value: a page opens there. */
export const busiest = (values) => values.reduce((best, value, hour) => (value > values[best] ? hour : best), 0);

/** Save a table under the name of the case. */
export function bindDownload(name, table) {
  const button = byId("download");
  button.hidden = false;
  button.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${table()}\n`], { type: "text/csv" }));
    link.download = `${name.replaceAll(/[^\w-]/g, "_")}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

/** Copy the command; where the clipboard is closed, select it. */
export function bindCopy() {
  const button = byId("copy");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = byId("command");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(text);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected";
    }
  });
}
