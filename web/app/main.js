/** The app's page: opens a session, a case and a comparison, and wires the parts together. */

import { openHistory, openPlace } from "../charts/data.js";
import { byId, make } from "../charts/dom.js";
import { drawFans } from "../charts/fans.js";
import { makeState } from "../charts/state.js";
import { onWidth } from "../charts/width.js";
import { bindTheme, busiest } from "../report/page.js";
import { Problem, get, post } from "./api.js";
import { drawControls } from "./controls.js";
import { quietly, say, within } from "./dom.js";
import { drawEffects, effectsOfLooks, sentence, standing } from "./effects.js";
import { bindOwn } from "./own.js";
import { drawClaims, drawEvidence, drawModel, drawParameters } from "./pages.js";
import { bindRuns } from "./runs.js";
import { emptySetting, fromFragment, toFragment } from "./setting.js";
import { bindShare } from "./share.js";
import { bindLayers, bindTime, drawStage, drawStrip } from "./stage.js";

const PAGES = ["compare", "evidence", "parameters", "model", "claims"];
const QUICK = 0.01;
/** Milliseconds that one history waits for the other before it is shown alone. */
const SOON = 150;

const state = makeState({
  hour: 0, hover: null, region: null, layer: "active", diff: false, playing: false, speed: 24,
  curves: false, page: "compare",
});
const world = { place: null, base: null, variant: null, arms: [], effects: [], causes: [], head: null, quick: false,
  told: null };
let setting = null;
let screen = {};
let followers = [];
let syncControls = () => {};
let syncRuns = () => {};
let newest = 0;
let followHour = () => {};

/* Drawing */

function titleOf() {
  if (world.head?.title && world.variant) return world.head.title;
  return world.variant ? "Counterfactual" : "Nothing changed";
}

function drawTop() {
  byId("headline").textContent = world.variant ? titleOf() : world.place.title;
  byId("question").textContent = questionOf();
  byId("sentence").textContent = sentence(world);
  byId("standing").textContent = standing(world);
  byId("standing").classList.toggle("quick", world.quick);
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
  const stage = drawStage({ ...world, title: titleOf() }, state);
  const strip = drawStrip(world, state);
  followers = [stage, strip];
  followHour();
  screen.fans = null;
  drawTop();
  requestAnimationFrame(() => {
    screen.fans = drawAllFans();
    document.body.dataset.ready = String(newest);
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
  if (page === "evidence") drawEvidence(world);
  if (page === "parameters") drawParameters(world.place, setting, world.told);
  if (page === "model") drawModel(world.place, setting, change);
  if (page === "claims") byId("claims-told").textContent = "Reading the claims …";
  if (page === "claims") drawClaims(world.place).catch((problem) => say(problem.message, "error"));
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

const nothingChanged = () => !setting.counterfactuals.length && !Object.keys(setting.set).length;

/** Show quick looks of both histories; on an empty page the first one to be there is not held back. */
async function looks(mine, scale) {
  const wish = (arm) => post("/api/look", { ...setting, scale, arm });
  const second = nothingChanged() ? Promise.resolve(null) : wish("variant"); // the long one goes first
  const first = Promise.all([wish("baseline"), post("/api/estimate", setting)]);
  const both = Promise.all([first, second]);
  if (!world.base && !(await within(SOON, both))) {
    const [baseline, reply] = await first;
    if (mine === newest && baseline) takeLooks(reply, baseline, null);
  }
  const [[baseline, reply], variant] = await both;
  const overtaken = !baseline || !(variant || nothingChanged());
  if (mine === newest && !overtaken) takeLooks(reply, baseline, variant);
}

/** A history of the server, or null. */
function openArm(doc, key) {
  return doc && openHistory({ ...doc, runs: doc.seeds }, world.place, key, key === "base" ? "Baseline" : "Counterfactual");
}

function takeLooks(reply, baseline, changed) {
  const base = openArm(baseline, "base");
  const variant = openArm(changed, "other");
  take({ base, variant, quick: true, causes: [], head: { title: reply.title, parted: null, parameters: reply.parameters },
    effects: variant ? effectsOfLooks(world.place, base, variant) : [] });
}

/** Show what is stored of the setting; else a rough look at once, then one at the scale asked for. */
async function refresh(quickly = false) {
  newest += 1;
  const mine = newest;
  busy(true);
  try {
    const reply = quickly ? null : await post("/api/compare", setting);
    if (mine !== newest) return;
    const whole = reply && reply.baseline && (nothingChanged() || reply.head.pairs > 0);
    if (whole) {
      take({ base: openArm(reply.baseline, "base"), variant: openArm(reply.variant, "other"),
        effects: reply.head.effects, causes: reply.head.causes, head: reply.head, quick: false });
    } else {
      await looks(mine, Math.min(QUICK, setting.scale));
      if (mine === newest && setting.scale > QUICK) await looks(mine, setting.scale);
    }
    byId("problem").hidden = true;
  } catch (problem) {
    if (mine === newest) refused(problem);
  } finally {
    if (mine === newest) busy(false);
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

const remember = quietly(250, () => {
  if (!setting) return;
  const view = { page: state.get("page"), hour: state.get("hour"), layer: state.get("layer"),
    region: state.get("region"), diff: state.get("diff") };
  history.replaceState(null, "", toFragment(setting, view));
});

const settle = quietly(60, () => refresh());
const glance = quietly(40, () => refresh(true));

function changed() {
  syncControls();
  syncRuns();
  remember();
}

/** Change the setting by `work`, and show what comes of it. */
function change(work) {
  const before = setting.parameters;
  work(setting);
  if (setting.parameters !== before) world.told = null;
  changed();
  settle();
  if (["model", "parameters"].includes(state.get("page"))) drawPage();
}

/** A slider moves: a quick look while it does, everything once it rests. */
function moving(path, value, other, final) {
  if (value === other) delete setting.set[path];
  else setting.set[path] = value;
  if (final) {
    changed();
    settle();
  } else glance();
}

async function openCase(name) {
  if (world.place?.id !== name) {
    Object.assign(world, { place: openPlace(await get(`/api/cases/${encodeURIComponent(name)}`)), base: null, variant: null, told: null });
    screen.fresh = true;
    syncControls = drawControls(world.place, context);
    state.set({ region: world.place.region.has(state.get("region")) ? state.get("region") : null, hover: null });
  }
  document.title = `${world.place.title} · steppe`;
  byId("case").value = name;
}

async function follow(fragment) {
  const reply = fromFragment(fragment);
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
  const hours = world.place.hours;
  const view = { ...reply.view, page, hour: Math.min(reply.view.hour ?? state.get("hour"), hours - 1) };
  if (!world.place.region.has(view.region)) view.region = null;
  if (reply.view.hour !== null) screen.fresh = false;
  state.set(view);
  changed();
  drawPage();
  await refresh();
}

const context = {
  place: () => world.place,
  setting: () => setting,
  told: (values) => { if (values) told(values); return world.told; },
  change,
  moving,
  refresh: () => refresh(),
};

/* Cases and session */

async function listCases() {
  const reply = await get("/api/cases");
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

async function enter(secret) {
  await post("/api/session", { secret });
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
  state.on(["page"], () => { drawPage(); if (state.get("page") === "compare") draw(); });
  state.on(["hour", "layer", "region", "diff", "page"], remember);
  byId("diff").addEventListener("change", (event) => state.set({ diff: event.target.checked }));
  byId("curves").addEventListener("change", (event) => state.set({ curves: event.target.checked }));
  byId("reset").addEventListener("click", () => change((one) => { one.counterfactuals = []; one.set = {}; }));
  document.querySelectorAll("nav a").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    state.set({ page: link.dataset.page, playing: false });
    window.scrollTo(0, 0);
  }));
  byId("whole").addEventListener("click", () => state.set({ region: null, hover: null }));
  state.on(["region"], () => { byId("whole").hidden = state.get("region") === null; });
  onWidth([draw]);
  // Not location.hash: by now a late note of the old view may have been written over it.
  window.addEventListener("hashchange", (event) => follow(new URL(event.newURL).hash).catch(refused));
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
  bindLayers(state);
  bindView();
  bindCases();
  bindShare(context);
  const runs = bindRuns(context);
  syncRuns = runs.sync;
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
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
