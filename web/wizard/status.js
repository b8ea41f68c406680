/** What a figure is, as a sign that does without colour, and as a word. */

import { make } from "../charts/dom.js";
import { STATUS } from "./words.js";

/** The sign of a status, with its word if `worded`. */
export function mark(letter, worded = false) {
  const [word, meaning] = STATUS[letter];
  return make(`span.status.st-${letter}`, { title: `${word}: ${meaning}` }, make("i", { "aria-hidden": "true" }), worded ? word : null);
}

/** The key of all signs. */
export const keys = () => Object.keys(STATUS).map((letter) => make("span.key", {}, mark(letter, true)));

/** A fault with its place: file, line, key, what is wrong and what is allowed. */
export function faultItem(fault) {
  const where = fault.line ? `${fault.file}, line ${fault.line}: ` : fault.file ? `${fault.file}: ` : "";
  return make("li", {}, make("b", {}, where), fault.key ? make("code", {}, fault.key) : "", fault.key ? ": " : "",
    `${fault.message}${fault.allowed ? `; allowed: ${fault.allowed}` : ""}${fault.nearest ? `; did you mean ${fault.nearest}?` : ""}`);
}
