/** The editor of figures: their values, what they are, where they are from, and what is wrong at each. */

import { byId, make } from "../charts/dom.js";
import { BASES } from "./words.js";

/** The input that a fault speaks of: by its column, and its row where there are several. */
function inputOf(inputs, fault) {
  const fits = inputs.filter(({ field }) => fault.key === field.column || fault.key.endsWith(field.column));
  return fits.find(({ field }) => field.row === fault.line - 2) ?? fits[0] ?? null;
}

const faultWords = (fault) => `${fault.message}${fault.allowed ? `; allowed: ${fault.allowed}` : ""}${
  fault.nearest ? `; did you mean ${fault.nearest}?` : ""}`;

function fieldNode(field, i) {
  const id = `edit-${i}`;
  const input = make("input", { id, type: "text", inputmode: "decimal", value: field.value, autocomplete: "off", "aria-describedby": `${id}-wrong` });
  const wrong = make("p.wrong", { id: `${id}-wrong` });
  return { field, input, wrong, node: make("div.field", {}, make("label", { for: id }, field.label), input, wrong) };
}

/**
 * Bind the dialog; `save({values, basis, source})` rejects with what is wrong. Returns `open({title, why,
 * fields, save})`; a field is `{label, value, column, row}`.
 */
export function bindEditor() {
  const dialog = byId("editor");
  let inputs = [];
  let save = null;
  byId("basis").replaceChildren(...Object.entries(BASES).map(([value, words]) => make("option", { value }, words)));
  const clear = () => {
    for (const { input, wrong } of inputs) { input.removeAttribute("aria-invalid"); wrong.textContent = ""; }
    for (const id of ["from-wrong", "editor-wrong"]) byId(id).textContent = "";
  };
  const refuse = (problem) => {
    const faults = problem.faults ?? [];
    let first = null;
    for (const fault of faults) {
      const at = inputOf(inputs, fault);
      if (!at) byId("editor-wrong").textContent = `${fault.key ? `${fault.key}: ` : ""}${faultWords(fault)}`;
      else if (!at.wrong.textContent) {
        at.wrong.textContent = faultWords(fault);
        at.input.setAttribute("aria-invalid", "true");
        first ??= at.input;
      }
    }
    if (!faults.length) {
      const from = problem.message.startsWith("source:");
      byId(from ? "from-wrong" : "editor-wrong").textContent = problem.message;
      if (from) first = byId("from");
    }
    (first ?? inputs[0].input).focus();
  };
  byId("editor-cancel").addEventListener("click", () => dialog.close());
  byId("editor-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    clear();
    byId("editor-save").disabled = true;
    try {
      await save({ values: inputs.map(({ input }) => input.value.trim()), basis: byId("basis").value, source: byId("from").value.trim() });
      dialog.close();
    } catch (problem) {
      refuse(problem);
    }
    byId("editor-save").disabled = false;
  });
  return (order) => {
    save = order.save;
    inputs = order.fields.map(fieldNode);
    byId("editor-title").textContent = order.title;
    byId("editor-why").textContent = order.why ?? "";
    byId("editor-fields").replaceChildren(...inputs.map(({ node }) => node));
    byId("editor-fields").classList.toggle("many", inputs.length > 1);
    byId("basis").value = "measured";
    byId("from").value = "";
    clear();
    dialog.showModal();
    inputs[0].input.select();
  };
}
