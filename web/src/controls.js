/** Buttons, slider, selectors; the page's tables work without any of them. */

import { bindHour, playToggle, showPlaying, tellHour } from "./clock.js";
import { clock } from "./words.js";
import { mapLayers } from "./layers.js";

const STEP_MS = 90;
const CALM_STEP_MS = 700;

const byId = (id) => document.getElementById(id);

/** Play and pause: an hour at a time, or a quarter of a day where motion is unwelcome. */
function player({ data, state }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const button = byId("play");
  let timer = 0;
  const tick = () => {
    const next = state.get("hour") + (calm.matches ? 6 : 1);
    state.set(next >= data.hours - 1 ? { hour: data.hours - 1, playing: false } : { hour: next });
  };
  state.on(["playing"], () => {
    const playing = state.get("playing");
    clearInterval(timer);
    if (playing) timer = setInterval(tick, calm.matches ? CALM_STEP_MS : STEP_MS);
    showPlaying(button, playing);
  });
  showPlaying(button, false);
  const toggle = playToggle(state, () => data.hours);
  button.addEventListener("click", toggle);
  return toggle;
}

/** The slider and the keys that move it. */
export function bindTime(context) {
  const { data, state } = context;
  const slider = byId("hour");
  bindHour(state, () => data.hours, slider, byId("map"), player(context));
  const follow = () => {
    const hour = state.get("hour");
    tellHour(slider, byId("clock"), hour, clock(data, hour));
  };
  state.on(["hour"], follow);
  follow();
}

/** One button for each of `options` ({key, label}); the one chosen is the state's `name`. */
export function bindChoice(box, options, name, state) {
  const buttons = options.map((option) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "radio");
    button.textContent = option.label;
    button.addEventListener("click", () => state.set({ [name]: option.key }));
    return button;
  });
  const follow = () => buttons.forEach((button, i) => {
    const on = options[i].key === state.get(name);
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  });
  box.replaceChildren(...buttons);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = buttons.indexOf(document.activeElement);
    const next = (at + step + buttons.length) % buttons.length;
    state.set({ [name]: options[next].key });
    buttons[next].focus();
  });
  state.on([name], follow);
  follow();
}

/** One button per quantity of the map; returns the quantity chosen. */
export function bindLayers({ data, state }) {
  const layers = mapLayers(data);
  bindChoice(byId("layers"), layers, "layer", state);
  return () => layers.find((layer) => layer.key === state.get("layer"));
}

/** Where the fans look, and whether single runs are drawn. */
export function bindScope({ data, state }) {
  const select = byId("scope");
  const names = [[" ", data.country], ...data.regions.map((r) => [r.id, r.name])];
  select.replaceChildren(...names.map(([value, text]) => new Option(text, value)));
  select.addEventListener("change", () => {
    state.set({ region: select.value === " " ? null : select.value, hover: null });
  });
  state.on(["scope"], () => { select.value = state.get("scope") ?? " "; });
  byId("curves").addEventListener("change", (event) => state.set({ curves: event.target.checked }));
  byId("presence")?.addEventListener("change", (event) =>
    state.set({ presence: event.target.checked }));
  document.querySelectorAll(".controls [hidden], .search[hidden]").forEach((node) => {
    node.hidden = false;
  });
}
