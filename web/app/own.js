/** A case of one's own: a folder opened or uploaded, with all its faults in their place. */

import { post } from "./api.js";
import { byId, make } from "../charts/dom.js";

function faultRow(fault) {
  const where = fault.line ? `${fault.file}:${fault.line}:${fault.column}` : fault.file;
  const near = fault.nearest ? ` Did you mean ${fault.nearest}?` : "";
  return make("tr", {}, make("td.where", {}, where), make("td", {}, make("code", {}, fault.key)),
    make("td", {}, fault.message, fault.allowed ? make("span.range", {}, `Allowed: ${fault.allowed}.`) : null,
      near ? make("span.range", {}, near) : null));
}

function show(problem) {
  const faults = problem.faults ?? [];
  byId("own-told").textContent = faults.length
    ? `${faults.length} ${faults.length === 1 ? "fault" : "faults"}; nothing was taken in.` : problem.message;
  byId("own-table").hidden = !faults.length;
  byId("own-faults").replaceChildren(...faults.map(faultRow));
}

async function send(files) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return post("/api/cases/upload", form);
}

/** Bind the dialog; `opened(id)` is called with the case that was taken in. */
export function bindOwn(opened) {
  const dialog = byId("own");
  const take = async (work) => {
    byId("own-told").textContent = "Checking …";
    byId("own-table").hidden = true;
    try {
      const upload = await work();
      byId("own-told").textContent = "";
      dialog.close();
      opened(upload.case);
    } catch (problem) {
      show(problem);
    }
  };
  byId("close-own").addEventListener("click", () => dialog.close());
  for (const id of ["own-files", "own-folder"]) {
    byId(id).addEventListener("change", (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      if (files.length) take(() => send(files));
    });
  }
  byId("own-path").addEventListener("submit", (event) => {
    event.preventDefault();
    take(() => post("/api/cases/open", { path: byId("own-where").value.trim() }));
  });
  const drop = byId("own-drop");
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const files = [...event.dataTransfer.files];
    if (files.length) take(() => send(files));
  });
  return (folders) => {
    byId("own-path").hidden = !folders;
    byId("own-told").textContent = "";
    byId("own-table").hidden = true;
    dialog.showModal();
  };
}
