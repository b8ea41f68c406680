/** The clock of a page: its slider, its keys, its button, and the hours that pass while it plays. */

import { byId } from "./dom.js";
import { clock } from "./words.js";

const NS = "http://www.w3.org/2000/svg";
const CALM = 2;

/** Show on the button whether a click plays or pauses. */
function showPlaying(button, playing) {
  const svg = document.createElementNS(NS, "svg");
  const path = document.createElementNS(NS, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M5 2.5v11l8.5-5.5z");
  svg.append(path);
  button.replaceChildren(svg);
  button.setAttribute("aria-label", playing ? "Pause" : "Play");
}

/** Hours pass with the frames of the screen, `speed` a second; few where motion is unwelcome. */
function bindPlayer(state, hours) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let [at, last] = [0, 0];
  const frame = (now) => {
    if (!state.get("playing")) return;
    at += (Math.max(0, now - last) / 1000) * (calm.matches ? CALM : state.get("speed")); // a frame may have begun before the click
    last = now;
    const hour = Math.min(hours() - 1, Math.floor(at));
    if (hour >= hours() - 1) state.set({ hour, playing: false });
    else {
      state.set({ hour });
      requestAnimationFrame(frame);
    }
  };
  const show = () => {
    const playing = state.get("playing");
    showPlaying(byId("play"), playing);
    document.body.classList.toggle("playing", playing);
    if (!playing) return;
    [at, last] = [state.get("hour"), performance.now()];
    requestAnimationFrame(frame);
  };
  state.on(["playing"], show);
  show();
  return () => {
    const playing = !state.get("playing");
    state.set(playing && state.get("hour") >= hours() - 1 ? { playing, hour: 0 } : { playing });
  };
}

/** Hours that a key moves on the slider and, for the arrows, anywhere on the stage. */
export const SLIDER_KEYS = { PageUp: 24, PageDown: -24 };
export const STAGE_KEYS = { ArrowLeft: -1, ArrowRight: 1 };

/** Let slider, keys and button move the state's hour; `place()` is what is shown now. Returns what follows. */
export function bindClock(state, place, stage) {
  const slider = byId("hour");
  const hours = () => place()?.hours ?? 1;
  const toggle = bindPlayer(state, hours);
  const move = (step) => state.set({
    hour: Math.max(0, Math.min(hours() - 1, state.get("hour") + step)), playing: false,
  });
  byId("play").addEventListener("click", toggle);
  slider.addEventListener("input", () => state.set({ hour: slider.valueAsNumber, playing: false }));
  slider.addEventListener("keydown", (event) => {
    if (SLIDER_KEYS[event.key]) move(SLIDER_KEYS[event.key]);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  });
  stage.addEventListener("keydown", (event) => {
    if (event.key === "Escape") state.set({ region: null, hover: null });
    const step = STAGE_KEYS[event.key];
    if (step && !event.target.matches("input, select, textarea, [role=radio]")) move(step);
  });
  return () => {
    const label = clock(place(), state.get("hour"));
    slider.value = state.get("hour");
    slider.setAttribute("aria-valuetext", label);
    byId("clock").textContent = label;
  };
}

/** One button for each of `options` ({key, label}); the one chosen is the state's `name`. */
export function bindChoice(box, options, name, state) {
  const buttons = options.map((option) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: option.label });
    button.setAttribute("role", "radio");
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
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    state.set({ [name]: options[next].key });
    buttons[next].focus();
  });
  state.on([name], follow);
  follow();
}
