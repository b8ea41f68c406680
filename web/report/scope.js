/** Where the charts look, and what they show beside: the page's tables work without any of it. */

import { byId } from "../charts/dom.js";

/** The choice of a place, single runs, and reported protest. */
export function bindScope({ place, state }) {
  const select = byId("scope");
  const names = [[" ", place.country], ...place.regions.map((r) => [r.id, r.name])];
  select.replaceChildren(...names.map(([value, text]) => new Option(text, value)));
  select.addEventListener("change", () => {
    state.set({ region: select.value === " " ? null : select.value, hover: null });
  });
  state.on(["scope"], () => { select.value = state.get("scope") ?? " "; });
  for (const name of ["curves", "presence"]) {
    byId(name)?.addEventListener("change", (event) => state.set({ [name]: event.target.checked }));
  }
  document.querySelectorAll(".controls [hidden], .search[hidden]").forEach((node) => { node.hidden = false; });
}
