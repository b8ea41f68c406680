/** What can be taken along: the link, figures as SVG and PNG, data, the command, the changes. */

import { saveReport } from "./analyses.js";
import { download, post, save } from "./api.js";
import { byId, make } from "../charts/dom.js";
import { say } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
  "stroke-linejoin", "stroke-linecap", "font-family", "font-size", "font-weight", "opacity", "paint-order",
  "text-anchor"];

/** A copy of a drawing that looks the same without the page's style sheet. */
function standalone(svg) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map((root) => [...root.querySelectorAll("*")]);
  from.forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of STYLES) to[i].setAttribute(name, style.getPropertyValue(name));
    if (style.display === "none") to[i].setAttribute("visibility", "hidden");
    for (const name of ["class", "tabindex", "role", "aria-label", "aria-pressed", "data-class"]) {
      to[i].removeAttribute(name);
    }
  });
  return copy;
}

function text(x, y, words, { size = 14, weight = 400, fill }) {
  const node = document.createElementNS(SVG, "text");
  const set = { x, y, fill, "font-size": size, "font-weight": weight, "font-family": "Georgia, serif" };
  for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
  node.textContent = words;
  return node;
}

function placed(svg, x, y) {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("transform", `translate(${x},${y})`);
  const [, , width, height] = (svg.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const [w, h] = [width || svg.clientWidth, height || svg.clientHeight];
  group.append(...standalone(svg).childNodes);
  return { group, w, h };
}

/** The stage as one drawing: title, both maps, the first chart, the clock, what it rests on. */
function figureOf() {
  const ink = getComputedStyle(document.body).color;
  const out = document.createElementNS(SVG, "svg");
  const add = (...nodes) => out.append(...nodes);
  const maps = ["map-base", "map-variant"].map((id) => byId(id).querySelector("svg")).filter(Boolean);
  let x = 24;
  let y = 44;
  const back = document.createElementNS(SVG, "rect");
  add(back, text(24, y, byId("headline").textContent, { size: 24, weight: 700, fill: ink }));
  add(text(24, y += 28, byId("clock").textContent, { size: 15, fill: ink }));
  y += 34;
  let low = y;
  maps.forEach((map, i) => {
    const { group, w, h } = placed(map, x, y + 10);
    const name = document.querySelectorAll("#stage figure .name")[i].textContent;
    add(text(x, y, name, { size: 16, weight: 700, fill: ink }), group);
    x += w + 28;
    low = Math.max(low, y + h + 20);
  });
  const chart = document.querySelector("#fans .plot svg");
  if (chart) {
    const { group, w, h } = placed(chart, 24, low + 34);
    add(text(24, low + 22, document.querySelector("#fans b").textContent, { size: 16, weight: 700, fill: ink }), group);
    x = Math.max(x, w + 48);
    low += h + 44;
  }
  add(text(24, low + 24, byId("standing").textContent, { size: 12, fill: ink }));
  const [width, height] = [Math.ceil(x), Math.ceil(low + 44)];
  back.setAttribute("width", width);
  back.setAttribute("height", height);
  back.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  out.setAttribute("viewBox", `0 0 ${width} ${height}`);
  out.setAttribute("width", width);
  out.setAttribute("height", height);
  out.setAttribute("xmlns", SVG);
  return { text: new XMLSerializer().serializeToString(out), width, height };
}

async function png({ text: source, width, height }) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
  await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = url; });
  const canvas = make("canvas", { width: 2 * width, height: 2 * height });
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  pen.drawImage(image, 0, 0);
  URL.revokeObjectURL(url);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

async function copy(words, what) {
  try {
    await navigator.clipboard.writeText(words);
    say(`${what} copied`);
  } catch {
    byId("copied").value = words;
    byId("copied").hidden = false;
    byId("copied").select();
    say(`${what}: copy it from the box`);
  }
}

/** The address, with leave to see runs of one's own where many share the laboratory. */
async function linkOf(setting) {
  const { link } = await post("/api/share", setting);
  if (!link) return location.href;
  const [before, query = ""] = location.href.split("?");
  const words = new URLSearchParams(query);
  words.set("link", link);
  return `${before}?${words}`;
}

const COLUMNS = ["outcome", "label", "unit", "statistic", "pairs", "baseline", "variant", "difference", "low", "high"];
const field = (value) => (/[",\n]/.test(value ?? "") ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? ""));

/** The effects on screen as a table, with what they were made with in every row. */
function effectsTable({ place, base, head, look, effects }) {
  const facts = { case: place.id, counterfactual: head.title, seeds: base.seedList.join(" "), engine: base.engine, scale: base.scale,
    parameters: head.parameters.source, model_version: base.model, command: head.command,
    standing: look ? "quick look, not a result" : head.shipped ? "result shipped with the program" : "stored runs" };
  const rows = effects.map((one) => [...COLUMNS.map((name) => one[name]), ...Object.values(facts)]);
  return [[...COLUMNS, ...Object.keys(facts)], ...rows].map((row) => row.map(field).join(",")).join("\n").concat("\n");
}

/** Bind the dialog of sharing and exporting. */
export function bindShare(context) {
  const dialog = byId("share");
  byId("open-share").addEventListener("click", () => {
    byId("copied").hidden = true;
    dialog.showModal();
  });
  byId("close-share").addEventListener("click", () => dialog.close());
  const actions = {
    link: async () => copy(await linkOf(context.setting()), "Link"),
    command: async () => copy(byId("command").textContent, "Command"),
    report: () => saveReport(context.setting(), (words) => { byId("share-told").textContent = words; }),
    effects: async () => {
      if (!context.view().effects.length) throw new Error("nothing is compared: choose a what-if first");
      save("effects.csv", new Blob([effectsTable(context.view())], { type: "text/csv" }));
    },
    svg: async () => save("steppe.svg", new Blob([figureOf().text], { type: "image/svg+xml" })),
    png: async () => save("steppe.png", await png(figureOf())),
  };
  for (const form of ["csv", "parquet", "netcdf", "scenario", "figures", "bundle"]) {
    actions[form] = async () => {
      const at = form === "figures" ? `?hour=${context.hour()}` : ""; // the maps are those on screen
      const { name, blob } = await download(`/api/export/${form}${at}`, context.setting());
      save(name, blob);
    };
  }
  dialog.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    button.disabled = true;
    const told = (words) => { byId("share-told").textContent = words; };
    told(button.dataset.do === "figures" ? "The figures are being drawn, in about half a minute …" : "");
    try {
      await actions[button.dataset.do]();
      if (button.dataset.do === "figures") told("The figures are saved.");
    } catch (problem) {
      say(problem.message, "error");
      told(problem.message);
    }
    button.disabled = false;
  });
}
