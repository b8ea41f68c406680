/** Which claims are shown: by verdict, kind, part of the text and words. */

const byId = (id) => document.getElementById(id);

function wanted(buttons) {
  const on = buttons.filter((button) => button.getAttribute("aria-pressed") === "true");
  const verdicts = new Set(on.map((button) => button.dataset.value));
  const kind = byId("filter-kind").value;
  const section = byId("filter-section").value;
  const words = byId("filter-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  return {
    any: verdicts.size > 0 || kind !== "" || section !== "" || words.length > 0,
    fits: ({ dataset }) => (!verdicts.size || verdicts.has(dataset.verdict))
      && (!kind || dataset.kind === kind) && (!section || dataset.section === section)
      && words.every((word) => dataset.search.includes(word)),
  };
}

function show(cards, fits) {
  const shown = new Set();
  for (const card of cards) {
    card.hidden = !fits(card);
    if (!card.hidden) shown.add(card.dataset.claim);
  }
  for (const group of document.querySelectorAll(".verdict-group")) {
    group.hidden = !group.querySelector("details.claim:not([hidden])");
  }
  for (const node of document.querySelectorAll("a.node")) {
    node.classList.toggle("faded", !shown.has(node.dataset.claim));
  }
  return shown.size;
}

/** Filters hide claims of the list and fade those of the argument. */
export function bindFilters() {
  const cards = [...document.querySelectorAll("details.claim")];
  const buttons = [...document.querySelectorAll("button[data-filter]")];
  const fields = ["filter-kind", "filter-section", "filter-search"].map(byId);
  const filter = () => {
    const { any, fits } = wanted(buttons);
    const found = show(cards, fits);
    byId("found").textContent = any ? `${found} of ${cards.length} claims` : "";
    byId("filter-clear").hidden = !any;
    byId("none").hidden = found > 0;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
  for (const field of fields) field.addEventListener("input", filter);
  byId("filter-clear").addEventListener("click", () => {
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    for (const field of fields) field.value = "";
    filter();
    fields[2].focus();
  });
  byId("filters").hidden = false;
  filter();
}
