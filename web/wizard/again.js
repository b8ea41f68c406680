/** Going on with a case: one that is open, a folder where cases are saved, a zip or folder of the reader's. */

import { get, post } from "../app/api.js";
import { byId, make } from "../charts/dom.js";
import { faultItem } from "./status.js";

const FIRST = 6;

/** Files of a folder without what no case has: hidden files, and folders of results. */
function filesOf(list) {
  return [...list].map((file) => [file, (file.webkitRelativePath || file.name).split("/")])
    .filter(([, steps]) => !steps.some((step) => step.startsWith(".")) && !["runs", "reports"].includes(steps[1]));
}

/** Say what of an opened case is kept as it is, with its place. */
export function drawOutside(outside) {
  byId("outside").hidden = !outside.length;
  byId("outside-words").textContent = `${outside.length} ${outside.length === 1 ? "part" : "parts"} of this case cannot be edited here and stay as they are`;
  byId("outside-list").replaceChildren(...outside.map(faultItem));
}

/** Bind the section; `taken(document)` is called with the case that was opened. */
export function bindAgain(home, taken) {
  let long = false;
  let lists = { drafts: [], folders: [] };

  async function open(work) {
    byId("again-told").textContent = "";
    byId("again-faults").hidden = true;
    byId("again-box").setAttribute("aria-busy", "true");
    try {
      taken(await work());
    } catch (problem) {
      const faults = problem.faults ?? [];
      byId("again-told").textContent = faults.length ? "This case cannot be opened here as it is; nothing of it was changed." : problem.message;
      byId("again-faults").replaceChildren(...faults.slice(0, 12).map(faultItem));
      byId("again-faults").hidden = !faults.length;
    }
    byId("again-box").removeAttribute("aria-busy");
  }

  function send(list) {
    const form = new FormData();
    for (const [file, steps] of filesOf(list)) form.append("file", file, steps.join("/"));
    return open(() => post("/api/drafts/upload", form));
  }

  const row = ({ name, title, about, work }) => make("li", {}, make("button", { type: "button", onclick: () => open(work) },
    make("b", {}, title || name), make("span", {}, about)));

  function draw() {
    const rows = [
      ...lists.drafts.map(({ id, name, title, unsaved }) => ({ name, title, about: `open now${unsaved ? ", not saved" : ""}`, work: () => get(`/api/drafts/${id}`) })),
      ...lists.folders.map(({ name, title, changed }) => ({ name, title, about: `${name}, ${changed}`, work: () => post("/api/drafts/reopen", { name }) })),
    ];
    const more = make("li", {}, make("button.ghost", { type: "button", onclick: () => { long = true; draw(); } }, `Show all ${rows.length}`));
    byId("again-list").replaceChildren(...rows.slice(0, long ? rows.length : FIRST).map(row), ...(long || rows.length <= FIRST ? [] : [more]));
    byId("again-words").replaceChildren(...(!home ? ["Open the zip or the folder that you kept."]
      : lists.folders.length ? ["From ", make("code", {}, home), ", or from any other place:"] : ["There is none yet in ", make("code", {}, home), "; any other place will do too:"]));
  }

  for (const id of ["again-zip", "again-folder"]) {
    byId(id).addEventListener("change", (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      if (files.length) send(files);
    });
  }
  draw();
  get("/api/drafts").then((reply) => { lists = reply; draw(); }).catch((problem) => { byId("again-told").textContent = problem.message; });
}
