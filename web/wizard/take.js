/** Taking a draft along: a folder of this machine, a zip, a case of the laboratory. */

import { download, post, save } from "../app/api.js";
import { byId } from "../charts/dom.js";

/** Bind the section; returns what brings it to a draft. */
export function bindTake(context) {
  const told = byId("save-told");
  let name = "";
  const at = (what) => `/api/drafts/${context.draft().id}/${what}`;
  const tell = (problem) => { told.textContent = problem.message; told.classList.add("wrong"); };
  const opened = (id) => { location.assign(`/#/compare?case=${encodeURIComponent(id)}&with=no-trigger&seeds=20&scale=1`); };
  let saved = null;

  async function write(replace) {
    const folder = byId("folder").value.trim();
    byId("replace").hidden = true;
    told.classList.remove("wrong");
    try {
      const reply = await post(at("save"), { name: folder, replace });
      saved = { case: reply.case, revision: context.draft().revision };
      Object.assign(context.draft(), { saved: folder, unsaved: false });
      told.textContent = `Saved: ${reply.folder}. Open it again on this page, or with steppe app ${reply.folder}`;
    } catch (problem) {
      if (problem.status !== 409) tell(problem);
      else {
        told.textContent = "";
        byId("replace-words").textContent = problem.message;
        byId("replace").hidden = false;
        byId("replace-no").focus();
      }
    }
  }

  async function open(event) {
    event.target.disabled = true;
    try {
      const id = saved?.revision === context.draft().revision ? saved.case : (await post(at("open"), {})).case;
      opened(id);
    } catch (problem) {
      tell(problem);
      event.target.disabled = false;
    }
  }

  byId("save-form").addEventListener("submit", (event) => { event.preventDefault(); write(false); });
  byId("replace-yes").addEventListener("click", () => write(true));
  byId("replace-no").addEventListener("click", () => {
    byId("replace").hidden = true;
    byId("folder").focus();
    byId("folder").select();
  });
  for (const id of ["open-case", "open-top"]) byId(id).addEventListener("click", open);
  byId("zip").addEventListener("click", async () => {
    try {
      const file = await download(at("zip"), {});
      save(file.name, file.blob);
    } catch (problem) {
      tell(problem);
    }
  });
  return () => {
    const draft = context.draft();
    byId("save-form").hidden = !context.home();
    byId("home").textContent = context.home() ?? "";
    if (draft.name !== name) byId("folder").value = draft.name;
    name = draft.name;
  };
}
