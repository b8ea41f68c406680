/** The page of a new case: from a country and a day to a folder that the laboratory opens. */

import { get, post, remove } from "../app/api.js";
import { say } from "../app/dom.js";
import { byId, make } from "../charts/dom.js";
import { number } from "../charts/words.js";
import { onWidth } from "../charts/width.js";
import { bindTheme } from "../report/page.js";
import { bindAgain, drawOutside } from "./again.js";
import { bindCountries } from "./countries.js";
import { bindFigures } from "./figures.js";
import { bindFiles } from "./files.js";
import { bindMap } from "./map.js";
import { bindTake } from "./take.js";
import { bindTimeline } from "./timeline.js";
import { bindTrigger } from "./trigger.js";
import { mark } from "./status.js";
import { STATUS } from "./words.js";

let draft = null;
let home = null;
let parts = null;

function refused(problem) {
  if (problem.status === 401) byId("problem").replaceChildren("Sign in first: ", make("a", { href: "/" }, "open the laboratory"), " by its link.");
  else byId("problem").textContent = problem.faults?.length ? problem.faults.map((f) => `${f.key ? `${f.key}: ` : ""}${f.message}`).join("; ") : problem.message;
  byId("problem").hidden = false;
}

/** Draw the case as it is now. */
function show() {
  byId("problem").hidden = true;
  const { title, country, citizens, regions, places, counts, hours, start } = draft;
  document.title = `${title} · steppe`;
  byId("begin-form").hidden = true;
  for (const id of ["begin-done", "made", "steps", "open-top"]) byId(id).hidden = false;
  byId("title").textContent = title;
  byId("facts").textContent = `${number(citizens)} people of ${country} in ${regions.length} ${regions.length === 1 ? "region" : "regions"} and ${
    places} places; ${hours / 24} days from ${start.slice(0, 10)}`;
  const all = Object.values(counts).reduce((a, b) => a + b, 0);
  const letters = Object.keys(STATUS).filter((letter) => counts[letter]);
  byId("tally").textContent = `Of ${number(all, 6)} figures ${letters.map((letter) => `${number(counts[letter], 6)} are ${STATUS[letter][0]}`).join(", ")}.`;
  byId("tally-bar").replaceChildren(...letters.map((letter) => {
    const node = make(`li.bar-${letter}`, { title: `${STATUS[letter][0]}: ${counts[letter]}` }, mark(letter));
    node.style.flexGrow = String(counts[letter]);
    return node;
  }));
  drawOutside(draft.outside);
  for (const draw of parts) draw();
  document.body.dataset.ready = `${draft.id}/${draft.revision}`;
}

function take(document_) {
  draft = document_;
  history.replaceState(null, "", `#draft=${draft.id}`);
  show();
  return draft;
}

/** Take a case and begin at its top. */
function begin(document_) {
  take(document_);
  window.scrollTo(0, 0);
  byId("main").focus({ preventScroll: true });
}

const context = {
  draft: () => draft,
  home: () => home,
  refused,
  place: (id) => draft.names[id] ?? id,
  change: async (reply) => take(reply),
  read: async () => take(await get(`/api/drafts/${draft.id}`)),
  /** Change cells or settings; rejects with what is wrong, and nothing is written then. */
  async edit(edit) {
    try {
      take(await post(`/api/drafts/${draft.id}/edit`, { revision: draft.revision, ...edit }));
    } catch (problem) {
      if (/another page/.test(problem.message)) await context.read();
      throw problem;
    }
    say("Written, and checked by the schema.");
  },
};

function bindParts() {
  const figures = { draw: () => {}, drawTable: () => {}, editTrigger: () => {} };
  const map = bindMap(() => figures.drawTable());
  context.region = map.region;
  context.editTrigger = () => figures.editTrigger();
  Object.assign(figures, bindFigures(context));
  byId("all-regions").addEventListener("click", map.whole);
  parts = [bindTrigger(context), figures.draw, () => map.draw(draft), bindFiles(context), bindTimeline(context), bindTake(context)];
  onWidth([() => { if (draft) show(); }]);
}

function bindStart(country) {
  byId("date").value = new Date().toISOString().slice(0, 10);
  byId("make").addEventListener("submit", async (event) => {
    event.preventDefault();
    const one = country();
    byId("make-told").textContent = "";
    if (!one) {
      byId("make-told").textContent = "Choose a country of the list.";
      byId("country").focus();
      return;
    }
    byId("make-it").disabled = true;
    const chosen = (name) => document.querySelector(`input[name=${name}]:checked`).value;
    try {
      begin(await post("/api/drafts", { country: one.iso3, date: byId("date").value, days: byId("days").valueAsNumber || 0,
        trigger: chosen("trigger"), level: chosen("level") }));
    } catch (problem) {
      byId("make-told").textContent = problem.message;
    }
    byId("make-it").disabled = false;
  });
  byId("again").addEventListener("click", async () => {
    if (draft.unsaved && !window.confirm("Leave this case? What is not saved of it goes.")) return;
    await remove(`/api/drafts/${draft.id}`).catch(refused);
    history.replaceState(null, "", "/new");
    location.reload();
  });
}

/** Where the reader is, marked among the steps. */
function bindSteps() {
  const links = [...document.querySelectorAll("#steps a")];
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault(); // the address holds the draft
    const to = byId(link.hash.slice(1));
    to.scrollIntoView();
    (to.tabIndex < 0 && to.matches("main") ? to : to.querySelector("h2") ?? to).focus({ preventScroll: true });
  });
  document.querySelectorAll("section.step h2").forEach((title) => { title.tabIndex = -1; });
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      links.forEach((link) => {
        if (link.hash === `#${target.id}`) link.setAttribute("aria-current", "step");
        else link.removeAttribute("aria-current");
      });
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("section.step").forEach((section) => watch.observe(section));
}

async function boot() {
  bindTheme();
  bindSteps();
  bindParts();
  try {
    const reply = await get("/api/countries");
    home = reply.home;
    bindStart(bindCountries(reply.countries));
    bindAgain(home, begin);
    document.body.dataset.ready = "start";
    const id = /^#draft=([0-9a-f]{16})$/.exec(location.hash)?.[1];
    if (id) take(await get(`/api/drafts/${id}`));
  } catch (problem) {
    refused(problem);
  }
}

boot();
