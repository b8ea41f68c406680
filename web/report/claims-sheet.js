/** The sheet at the side: the evidence of the claim that the address names (`#claim-...`). */

import { mount } from "../charts/mount.js";

const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet-body");

function cardOf(hash) {
  const card = document.getElementById(decodeURIComponent(hash.slice(1)));
  return card?.matches("details.claim") ? card : null;
}

function fill(card) {
  const head = document.createElement("h3");
  head.textContent = card.querySelector(".claim-text").firstChild.textContent.trim();
  body.replaceChildren(head, card.querySelector(".card-body").cloneNode(true));
  document.getElementById("sheet-title").textContent =
    card.querySelector(".claim-name").textContent;
  mount(body);
  body.scrollTop = 0;
}

function follow() {
  const card = cardOf(location.hash);
  if (!card) {
    sheet.close();
    return;
  }
  fill(card);
  for (const node of document.querySelectorAll("a.node")) {
    node.classList.toggle("chosen", node.dataset.claim === card.dataset.claim);
  }
  if (!sheet.open) sheet.showModal();
}

/** Copy the command beside a button; where the clipboard is closed, select it. */
async function copy(button) {
  const code = button.closest(".command").querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
}

export function bindSheet() {
  for (const button of document.querySelectorAll(".copy-command")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy-command");
    if (button) copy(button);
    const link = event.target.closest("a[data-claim]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The address changes without the jump to the list, so that the argument stays in sight.
    event.preventDefault();
    if (link.getAttribute("href") !== location.hash) history.pushState(null, "", link.getAttribute("href"));
    follow();
  });
  document.getElementById("sheet-close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });
  sheet.addEventListener("close", () => {
    for (const node of document.querySelectorAll("a.node.chosen")) node.classList.remove("chosen");
    if (cardOf(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  });
  for (const event of ["hashchange", "popstate"]) window.addEventListener(event, follow);
  follow();
}
