/** What was known on a day, and what was said then of the days after it; one more day narrows it. */

import { dayName, dayNumber, drawDaily, topOf } from "../charts/daily.js";
import { byId, make } from "../charts/dom.js";
import { number } from "../charts/words.js";
import { get, post, remove } from "./api.js";
import { quietly, say } from "./dom.js";
import { duration } from "./runs.js";

const OVER = ["done", "failed", "cancelled"];
const EVERY = 1200;
const AHEAD = 14;
const FIRST = "peak_on_day national";
const LOOKS = 400;
const NOTHING = `No forecast from this day yet. With ${LOOKS} simulated histories it takes some minutes, and is kept.`;

const nameOf = (fan) => `${fan.observable} ${fan.region}`;
const chance = (value) => (value === null ? "–" : value.toFixed(2));
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;
const named = (day) => dayName(dayNumber(day));

/** One fan with its figures; `all` are the documents of every day that is made, for one axis. */
function drawFan(name, { made, all, until, doc, came, width, place }) {
  const days = doc.days.map(dayNumber);
  const points = doc.observed.filter((one) => one.of === name).map((one) => ({ ...one, day: dayNumber(one.day) }));
  const fans = all.map((one) => one.fans.find((fan) => nameOf(fan) === name)).filter(Boolean);
  const [observable, region] = name.split(" ");
  const where = region === "national" ? place.country : place.region.get(region)?.name ?? region;
  const fan = made?.fans.find((one) => nameOf(one) === name) ?? null;
  const title = `${where}: ${doc.meanings[observable]}`;
  const plot = make("div.plot", {}, drawDaily({
    fan, points: points.filter((one) => came || one.day <= until), until, span: [days[0], days.at(-1) + AHEAD],
    top: topOf(fans, points) }, { width, height: name === FIRST ? 300 : 200, label: title }));
  const least = fan?.threshold ? ` (gatherings of ${number(fan.threshold)} and more)` : "";
  return make("figure.daily-figure", {}, make("figcaption", {}, make("b", {}, title), least), plot);
}

function drawFans({ made, ...view }) {
  const [box, more] = ["nowcast-fans", "nowcast-more"].map(byId);
  const others = (made ?? view.all[0])?.fans.map(nameOf).filter((one) => one !== FIRST) ?? [];
  const half = (box.clientWidth - 40) / 2;
  more.classList.toggle("pairs", half >= 380);
  box.replaceChildren(drawFan(FIRST, { ...view, made, width: box.clientWidth }));
  more.replaceChildren(...others.map((name) => drawFan(name, { ...view, made, width: half < 380 ? box.clientWidth : half })));
}

function drawChances(made, looks) {
  byId("nowcast-next").hidden = !made;
  if (!made) return;
  byId("nowcast-chances").replaceChildren(...Object.values(made.chances).map((one) => make("tr", {},
    make("th", { scope: "row" }, sentence(one.meaning)),
    ...[one.p, one.model, one.persistence, one.growth, one.base_rate].map((value) => make("td.num", {}, chance(value))))));
  const figures = made.figures.length;
  byId("nowcast-rests").textContent = `${number(made.looks, 6)} histories simulated by cohorts; ${made.draws} of them are carried on. ${
    figures ? `Given ${figures} figures they are worth ${number(made.effective_size, 2)} of equal weight.` : "No figure was known yet."}`;
  const own = looks === LOOKS ? "" : ` --looks ${looks} --draws ${looks / 2}`;
  byId("nowcast-command").textContent = `steppe nowcast ${made.case} --until ${made.until}${own}`;
}

function drawDays(days, made, at) {
  byId("nowcast-days").replaceChildren(...days.map((one, i) => make("span", {
    class: [one in made ? "made" : "", i === at ? "now" : ""].join(" ").trim() || null }, i % 4 === 0 ? named(one) : "")));
}

/** Bind the page of nowcasts; returns what draws it. */
export function bindNowcast(context) {
  const slider = byId("nowcast-until");
  const state = { doc: null, of: "", running: null, queue: [], timer: 0, asked: 0 };
  const looks = () => Number(byId("nowcast-looks").value);
  const day = () => state.doc.days[slider.valueAsNumber];
  const missing = () => state.doc.days.filter((one) => !(one in state.doc.made));
  const told = (words) => { byId("nowcast-told").textContent = words; };

  function sync() {
    const made = day() in state.doc.made;
    const busy = Boolean(state.running);
    const left = missing().length;
    byId("nowcast-make").disabled = made || busy;
    byId("nowcast-make").textContent = made ? "This day is made" : `Make ${named(day())}`;
    byId("nowcast-all").disabled = !left || busy;
    byId("nowcast-all").textContent = left ? `Make all ${left} that are missing` : "Every day is made";
    byId("nowcast-cancel").hidden = !busy;
    byId("nowcast-progress").hidden = !busy;
    if (!busy) told(made ? "" : NOTHING);
  }

  function draw() {
    const { doc } = state;
    if (!doc) return; // what was asked for last is still to come
    const made = doc.made[day()] ?? null;
    byId("nowcast-day").textContent = named(day());
    slider.setAttribute("aria-valuetext", `${named(day())}${made ? "" : ", not made yet"}`);
    drawDays(doc.days, doc.made, slider.valueAsNumber);
    byId("nowcast-limits").replaceChildren(...(made?.limits ?? doc.limits).map((one) => make("li", {}, one)));
    drawFans({ made, all: Object.values(doc.made), until: dayNumber(day()), doc,
      came: byId("nowcast-came").checked, place: context.place() });
    drawChances(made, looks());
    sync();
  }

  async function load() {
    const name = context.setting().case;
    const asked = state.asked += 1;
    const found = await get(`/api/cases/${encodeURIComponent(name)}/nowcasts?looks=${looks()}`);
    if (name !== context.setting().case || asked !== state.asked) return; // answers can come out of order
    const fresh = state.of !== name;
    Object.assign(state, { doc: found, of: name });
    slider.max = found.days.length - 1;
    if (!fresh) return;
    const last = found.days.findLastIndex((one) => one in found.made);
    slider.value = last >= 0 ? last : Math.min(7, found.days.length - 1);
  }

  function failed(problem) {
    Object.assign(state, { running: null, queue: [] });
    if (state.doc) sync();
    told(problem.message);
  }

  /** This case has no nowcasts: say why, and show nothing of another. */
  function refuse(problem) {
    Object.assign(state, { doc: null, of: "" });
    for (const id of ["nowcast-fans", "nowcast-more", "nowcast-days", "nowcast-limits"]) byId(id).replaceChildren();
    for (const id of ["nowcast-make", "nowcast-all"]) byId(id).disabled = true;
    byId("nowcast-next").hidden = true;
    byId("nowcast-day").textContent = "";
    told(problem.message);
  }

  function tell({ state: now, at, last, seconds, progress }) {
    const later = state.queue.length ? `, ${state.queue.length} more to come` : "";
    told(now === "waiting" ? "Waiting for its turn." : `${named(at)}${later}: ${last || "reading the case"}, ${duration(seconds)} so far.`);
    if (progress === null) byId("nowcast-progress").removeAttribute("value");
    else byId("nowcast-progress").value = progress;
  }

  async function watch() {
    clearTimeout(state.timer);
    const one = (await get("/api/analyses")).find(({ id }) => id === state.running?.id);
    if (one && !OVER.includes(one.state)) {
      tell(one);
      state.timer = setTimeout(() => watch().catch(failed), EVERY);
      return;
    }
    state.running = null;
    await load();
    if (one?.state === "done" && state.queue.length) await start(state.queue.shift());
    draw();
    if (one?.state === "failed") failed({ message: one.last || "The nowcast failed." });
  }

  async function start(which) {
    const analysis = { kind: "nowcast", at: which, looks: looks() };
    state.running = await post("/api/analyses", { case: context.setting().case, analysis });
    told("Starting …");
    sync();
    state.timer = setTimeout(() => watch().catch(failed), 200);
  }

  byId("nowcast-make").onclick = () => start(day()).catch(failed);
  byId("nowcast-all").onclick = () => {
    state.queue = missing();
    start(state.queue.shift()).catch(failed);
  };
  byId("nowcast-cancel").onclick = () => {
    state.queue = [];
    remove(`/api/analyses/${state.running.id}`).catch((problem) => say(problem.message, "error"));
  };
  for (const [id, event] of [["nowcast-until", "input"], ["nowcast-came", "change"]]) {
    byId(id).addEventListener(event, () => { if (state.doc) draw(); });
  }
  byId("nowcast-looks").addEventListener("change", () => load().then(draw, refuse));
  window.addEventListener("resize", quietly(80, () => { if (state.doc && !byId("page-nowcast").hidden) draw(); }));

  let loading = null;
  return async () => {
    if (!state.doc || state.of !== context.setting().case) told("Reading the days of the case …");
    loading ??= load().finally(() => { loading = null; });
    try {
      await loading;
    } catch (problem) { // such as rules that cohorts do not know
      refuse(problem);
      return;
    }
    const going = (await get("/api/analyses")).find(({ kind, state: now }) => kind === "nowcast" && !OVER.includes(now));
    if (going && !state.running) {
      state.running = going;
      watch().catch(failed);
    }
    draw();
  };
}
