/** The app's page: opens a session, a case and a comparison, and wires the parts together. */

import { openPlace } from "../charts/data.js";
import { byId, make } from "../charts/dom.js";
import { drawFans } from "../charts/fans.js";
import { makeState } from "../charts/state.js";
import { onWidth } from "../charts/width.js";
import { bindTheme, busiest } from "../report/page.js";
import { watchServer } from "./alive.js";
import { bindAnalyses } from "./analyses.js";
import { Problem, get, post } from "./api.js";
import { bindAtHand } from "./at-hand.js";
import { bindClaims } from "./claims.js";
import { drawControls } from "./controls.js";
import { promptly, quietly, say } from "./dom.js";
import { drawEffects, keptWords, sentence, standing, unreadableWords } from "./effects.js";
import { bindExperiments } from "./experiments.js";
import { bindNowcast } from "./nowcast.js";
import { bindOwn } from "./own.js";
import { drawEvidence, drawModel, drawParameters } from "./pages.js";
import { bindRuns } from "./runs.js";
import { emptySetting, fromFragment, toFragment } from "./setting.js";
import { bindShare } from "./share.js";
import { bindLayers, bindTime, drawStage, drawStrip } from "./stage.js";
import { bindTour } from "./tour.js";
import { viewReader } from "./views.js";

const PAGES = ["compare", "experiments", "analyses", "nowcast", "evidence", "parameters", "model", "claims"];

const state = makeState({
  hour: 0, hover: null, region: null, layer: "active", diff: false, playing: false, speed: 24,
  curves: false, page: "compare",
});
const world = { place: null, base: null, variant: null, arms: [], effects: [], causes: [], gaps: [], crowds: null, head: null,
  look: null, told: null };
let setting = null;
let screen = {};
let followers = [];
let syncControls = () => {};
let syncRuns = () => {};
let followHour = () => {};
let drawExperiments = () => {};
let drawAnalyses = () => {};
let drawNowcast = async () => {};
let drawClaims = async () => {};
let drawn = 0;

/* Drawing */

function titleOf() {
  if (world.head?.title && world.variant) return world.head.title;
  return world.variant ? "Counterfactual" : "Nothing changed";
}

function drawTop() {
  byId("headline").textContent = world.variant ? titleOf() : world.place.title;
  byId("question").textContent = questionOf();
  byId("sentence").textContent = sentence(world);
  const [short, more] = standing(world);
  byId("standing").replaceChildren(make("b", {}, short), more);
  byId("standing").classList.toggle("quick", Boolean(world.look));
  byId("kept").textContent = keptWords(world);
  byId("kept").hidden = !byId("kept").textContent;
  byId("unreadable").textContent = unreadableWords(world.look ?? world.head);
  drawMethods();
  byId("unreadable").hidden = !byId("unreadable").textContent;
}

/** How the runs on the page were made, for a paper; nothing of it is written by hand. */
function drawMethods() {
  const { base, head, look } = world;
  byId("methods-text").textContent = [look ? "A quick look, not stored and no result." : "", base.methods, head?.told,
    head?.command ? `Repeated by: ${head.command}` : ""].filter(Boolean).join(" ");
  byId("bibtex").textContent = base.bibtex;
}

function questionOf() {
  const one = world.place.counterfactuals.find((each) => each.id === setting.counterfactuals[0]);
  return one && world.variant ? one.question : world.variant ? "" : world.place.questions[0] ?? "";
}

function drawAllFans() {
  const { place, arms } = world;
  byId("fans").replaceChildren(...arms[0].fans.map((fan, i) => make(i ? "figure.fan" : "figure.fan.first", { "data-key": fan.key },
    make("figcaption", {}, make("b", {}, fan.title), make("span", {}, fan.meaning)), make("div.plot"))));
  return drawFans([...byId("fans").children], { place, arms, state });
}

function draw() {
  if (!world.base) return;
  world.arms = [world.base, world.variant].filter(Boolean);
  const { clientWidth } = byId("strip"); // read before anything is drawn
  const stage = drawStage({ ...world, title: titleOf() }, state);
  const strip = drawStrip(world, state, clientWidth);
  followers = [stage, strip];
  followHour();
  screen.fans = null;
  drawTop();
  requestAnimationFrame(() => {
    screen.fans = drawAllFans();
    document.body.dataset.ready = String((drawn += 1));
  });
  drawEffects(world.effects, world.causes);
  if (state.get("page") !== "compare") drawPage();
}

function drawPage() {
  const page = state.get("page");
  for (const name of PAGES) byId(`page-${name}`).hidden = name !== page;
  document.querySelectorAll("nav a").forEach((link) => {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  if (!world.place) return;
  if (page === "experiments") drawExperiments();
  if (page === "analyses") drawAnalyses();
  if (page === "nowcast") drawNowcast().catch((problem) => say(problem.message, "error"));
  if (page === "evidence") drawEvidence(world);
  if (page === "parameters") drawParameters(world.place, setting, world.told);
  if (page === "model") drawModel(world.place, setting, put);
  if (page === "claims") drawClaims().catch((problem) => say(problem.message, "error"));
}

/* Numbers */

const busy = (on) => document.body.classList.toggle("busy", on);

function take(reply) {
  Object.assign(world, reply);
  told(reply.head?.parameters);
  if (screen.fresh) {
    screen.fresh = false;
    if (state.get("hour") === 0) state.set({ hour: busiest(world.base.layers.get("active")?.national ?? [0]) });
  }
  draw();
}

/** The server says where the parameters of this setting come from. */
function told(values) {
  if (!values || JSON.stringify(values) === JSON.stringify(world.told)) return;
  world.told = values;
  syncControls();
  if (state.get("page") === "parameters") drawPage();
}

const reader = viewReader({
  place: () => world.place,
  setting: () => setting,
  evidence: () => state.get("page") === "evidence",
  show: take,
  wait: (words) => { byId("waiting").textContent = words; byId("waiting").hidden = !words; },
});

/** Show what is stored of the setting, else a quick look; `quickly` while a slider moves. */
async function refresh(quickly = false) {
  busy(true);
  const reading = reader.read(quickly);
  const mine = reader.count();
  try {
    await reading;
    if (mine === reader.count()) byId("problem").hidden = true;
  } catch (problem) {
    if (mine === reader.count()) refused(problem);
  } finally {
    if (mine === reader.count()) busy(false);
  }
}

function refused(problem) {
  if (problem.status === 401) {
    signIn();
    return;
  }
  const lines = problem.faults?.length
    ? problem.faults.map((f) => `${f.key ? `${f.key}: ` : ""}${f.message}${f.allowed ? `; allowed: ${f.allowed}` : ""}`)
    : [problem.message];
  byId("problem").replaceChildren(make("b", {}, "This cannot be run. "), ...lines.slice(0, 5).map((line) => make("span", {}, line)));
  byId("problem").hidden = false;
}

/* Setting and address */

function address() {
  return toFragment(setting, { page: state.get("page"), hour: state.get("hour"), layer: state.get("layer"),
    region: state.get("region"), diff: state.get("diff") });
}

/** The view is part of the address; only what is run is a step for the browser's back button. */
const remember = quietly(250, () => {
  if (setting) history.replaceState(null, "", address());
});

const settle = quietly(60, () => refresh());
const glance = promptly(40, () => refresh(true));

function changed() {
  syncControls();
  syncRuns();
  remember();
}

/** A step that the back button undoes. */
function step() {
  if (address() !== location.hash) history.pushState(null, "", address());
}

/** Change the setting by `work`, and show what comes of it. */
function change(work) {
  const before = setting.parameters;
  work(setting);
  if (setting.parameters !== before) world.told = null;
  step();
  changed();
  settle();
  if (["model", "parameters"].includes(state.get("page"))) drawPage();
}

const changeCount = () => setting.counterfactuals.length + Object.keys(setting.set).length;

/** Make room for a change: one at a time, unless the user combines. */
function alone(path, final) {
  const others = changeCount() - (path in setting.set ? 1 : 0);
  if (!others || byId("combine").checked) return;
  setting.counterfactuals = [];
  setting.set = path in setting.set ? { [path]: setting.set[path] } : {};
  if (final) say("One change at a time: the one before gave way. Tick Combine to have several, or go back.");
}

/** Switch a counterfactual of the case on or off. */
function choose(name) {
  const on = setting.counterfactuals.includes(name);
  change((one) => {
    if (!on) alone("", true);
    one.counterfactuals = on ? one.counterfactuals.filter((each) => each !== name) : [...one.counterfactuals, name];
  });
}

/** Set an address to a value, or back to the baseline's; a quick look while a slider moves. */
function put(path, value, other, final = true) {
  const before = changeCount();
  if (value === other) delete setting.set[path];
  else {
    alone(path, final);
    setting.set[path] = value;
  }
  if (!final) {
    if (changeCount() < before) syncControls();
    glance();
    return;
  }
  change(() => {});
}

async function openCase(name) {
  if (world.place?.id !== name) {
    Object.assign(world, { place: openPlace(await get(`/api/cases/${encodeURIComponent(name)}`)), base: null, variant: null, told: null });
    reader.forget();
    followers = []; // what is drawn is of another case, until the new one is
    screen.fans = null;
    screen.fresh = true;
    syncControls = drawControls(world.place, context);
    state.set({ region: world.place.region.has(state.get("region")) ? state.get("region") : null, hover: null });
  }
  document.title = `${world.place.title} · steppe`;
  byId("case").value = name;
}

/** Leave out of a setting what its case does not know (any more), and say what. */
function tidyNames(one, place) {
  const paths = new Set([...place.levers, ...place.parameters].map(({ path }) => path));
  const knows = (path) => paths.has(path) || path.startsWith("mechanisms.") || path.startsWith("timeline.");
  const names = one.counterfactuals.filter((name) => place.counterfactuals.some(({ id }) => id === name));
  const set = Object.fromEntries(Object.entries(one.set).filter(([path]) => knows(path)));
  const gone = [...one.counterfactuals.filter((name) => !names.includes(name)),
    ...Object.keys(one.set).filter((path) => !(path in set))];
  if (gone.length) say(`This case does not know ${gone.slice(0, 4).join(", ")}${gone.length > 4 ? " …" : ""}: left out`, "error");
  return { ...one, counterfactuals: names, set };
}

async function follow(fragment) {
  const reply = fromFragment(fragment);
  const before = world.place?.id;
  const page = PAGES.includes(reply.view.page) ? reply.view.page : "compare";
  const request = reply.setting ?? (setting && { ...setting }) ?? (await get("/api/start")).setting;
  setting = { ...emptySetting(request.case), ...request };
  try {
    await openCase(setting.case);
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    say(`${problem.message}; the first case is shown`, "error");
    setting = { ...emptySetting(""), ...(await get("/api/start")).setting };
    await openCase(setting.case);
  }
  setting = tidyNames(setting, world.place);
  const hours = world.place.hours;
  if (before && before !== world.place.id && reply.view.hour === null) state.set({ hour: 0 });
  const view = { ...reply.view, page, hour: Math.min(reply.view.hour ?? state.get("hour"), hours - 1) };
  if (!world.place.region.has(view.region)) view.region = null;
  if (changeCount() > 1) byId("combine").checked = true;
  if (reply.view.hour !== null) screen.fresh = false;
  state.set(view);
  changed();
  drawPage();
  await refresh();
}

const context = {
  hour: () => state.get("hour"),
  title: () => world.head?.title ?? "",
  shared: () => screen.shared === true,
  place: () => world.place,
  view: () => world,
  setting: () => setting,
  told: (values) => { if (values) told(values); return world.told; },
  change,
  choose,
  put,
  refresh: () => refresh(),
  /** Open another setting, as a step of its own. */
  async open(other) {
    setting = { ...emptySetting(other.case), ...other };
    await openCase(setting.case);
    if (changeCount() > 1) byId("combine").checked = true;
    state.set({ page: "compare" });
    change(() => {});
  },
};

/* Cases and session */

async function listCases() {
  const reply = await get("/api/cases");
  screen.shared = !reply.folders;
  byId("case").replaceChildren(...reply.cases.map((one) => make("option", { value: one.id }, one.title)),
    make("option", { value: "" }, "Own case …"));
  if (setting) byId("case").value = setting.case;
  return reply;
}

async function switchTo(name) {
  setting = { ...emptySetting(name), ...(await get(`/api/start?case=${encodeURIComponent(name)}`)).setting };
  state.set({ hour: 0, region: null, hover: null, playing: false });
  await openCase(name);
  changed();
  drawPage();
  await refresh();
}

function bindCases() {
  const openOwn = bindOwn(async (name) => { await listCases(); await switchTo(name); });
  byId("case").addEventListener("change", async (event) => {
    const name = event.target.value;
    if (name) await switchTo(name).catch(refused);
    else {
      event.target.value = setting.case;
      openOwn((await get("/api/cases")).folders);
    }
  });
}

function signIn() {
  const dialog = byId("sign-in");
  if (!dialog.open) dialog.showModal();
}

const codeOf = (hash) => /^#code=([\w-]+)$/.exec(hash)?.[1];

async function enter(secret) {
  await post("/api/session", { secret });
  if (codeOf(location.hash)) history.replaceState(null, "", location.pathname);
  byId("sign-in").close();
  await begin();
}

byId("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const secret = byId("secret").value.trim();
  enter(/#code=(.+)$/.exec(secret)?.[1] ?? secret).catch((problem) => {
    byId("sign-in-told").textContent = problem.message;
  });
});

/* Wiring */

function bindView() {
  followHour = bindTime(state, () => world.place);
  const everyHour = () => {
    if (!world.base) return;
    followHour();
    for (const one of followers) one.follow();
    screen.fans?.follow();
  };
  state.on(["hour"], everyHour);
  state.on(["scope", "region", "playing"], () => {
    if (world.base) for (const one of followers) one.mark();
  });
  state.on(["scope", "curves"], quietly(70, () => screen.fans?.mark()));
  state.on(["layer", "diff"], () => {
    byId("diff").checked = state.get("diff");
    if (world.base) [followers[0]] = [drawStage({ ...world, title: titleOf() }, state)];
  });
  state.on(["page"], () => {
    drawPage();
    if (state.get("page") === "compare") draw();
    if (state.get("page") === "evidence" && world.look && !world.base?.targets) refresh();
  });
  state.on(["hour", "layer", "region", "diff", "page"], remember);
  byId("diff").addEventListener("change", (event) => state.set({ diff: event.target.checked }));
  byId("curves").addEventListener("change", (event) => state.set({ curves: event.target.checked }));
  byId("reset").addEventListener("click", () => change((one) => { one.counterfactuals = []; one.set = {}; }));
  document.querySelectorAll("nav a").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    state.set({ page: link.dataset.page, playing: false });
    step();
    window.scrollTo(0, 0);
  }));
  byId("whole").addEventListener("click", () => state.set({ region: null, hover: null }));
  state.on(["region"], () => { byId("whole").hidden = state.get("region") === null; });
  onWidth([draw]);
  // Not location.hash: by now a late note of the old view may have been written over it.
  window.addEventListener("hashchange", (event) => {
    const { hash } = new URL(event.newURL);
    const code = codeOf(hash); // a link of the terminal, opened in this very tab
    (code ? enter(code) : follow(hash)).catch(refused);
  });
  document.querySelectorAll("a.skip").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault(); // the address holds the view
    const to = byId(link.hash.slice(1));
    if (to.offsetParent === null) state.set({ page: "compare" });
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  }));
  byId("controls-toggle").addEventListener("click", () => {
    const open = byId("controls").classList.toggle("open");
    byId("controls-toggle").setAttribute("aria-expanded", String(open));
  });
}

async function begin() {
  const [reply] = await Promise.all([listCases(), follow(location.hash)]);
  byId("case").value = setting.case;
  return reply;
}

async function boot() {
  bindTheme();
  bindAtHand();
  bindLayers(state);
  bindView();
  bindCases();
  bindTour();
  bindShare(context);
  drawExperiments = bindExperiments(context);
  drawAnalyses = bindAnalyses(context);
  drawNowcast = bindNowcast(context);
  drawClaims = bindClaims(context);
  const runs = bindRuns(context);
  syncRuns = runs.sync;
  watchServer({
    back: () => { byId("sign-in").close(); say("The laboratory answers again."); if (world.place) refresh(); runs.resume(); },
    strange: signIn,
  });
  const code = codeOf(location.hash);
  if (code) {
    history.replaceState(null, "", location.pathname);
    await post("/api/session", { secret: code }).catch((problem) => {
      byId("sign-in-told").textContent = problem.message;
    });
  }
  try {
    await begin();
    await runs.resume();
  } catch (problem) {
    if (problem instanceof Problem) refused(problem);
    else throw problem;
  }
}

boot();
