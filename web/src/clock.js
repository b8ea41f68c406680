/** What every page with a clock has alike: the sign on the button, and the keys that move the hour. */

const NS = "http://www.w3.org/2000/svg";

/** Show on the button whether a click plays or pauses. */
export function showPlaying(button, playing) {
  const svg = document.createElementNS(NS, "svg");
  const path = document.createElementNS(NS, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M5 2.5v11l8.5-5.5z");
  svg.append(path);
  button.replaceChildren(svg);
  button.setAttribute("aria-label", playing ? "Pause" : "Play");
}

/** What starts and stops playing, from the beginning when it is over. */
export function playToggle(state, hours) {
  return () => {
    const playing = !state.get("playing");
    const over = state.get("hour") >= hours() - 1;
    state.set(playing && over ? { playing, hour: 0 } : { playing });
  };
}

/** Let the slider, and the arrow keys on the `stage`, move the hour; `toggle` plays and pauses. */
export function bindHour(state, hours, slider, stage, toggle) {
  const move = (step) => {
    const hour = Math.max(0, Math.min(hours() - 1, state.get("hour") + step));
    state.set({ hour, playing: false });
  };
  slider.addEventListener("input", () => state.set({ hour: slider.valueAsNumber, playing: false }));
  slider.addEventListener("keydown", (event) => {
    const step = { PageUp: 24, PageDown: -24 }[event.key];
    if (step) move(step);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  });
  stage.addEventListener("keydown", (event) => {
    if (event.key === "Escape") state.set({ region: null, hover: null });
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && !event.target.matches("input, select, textarea, [role=radio]")) move(step);
  });
}

/** Say the hour on the slider and in words. */
export function tellHour(slider, clock, hour, label) {
  slider.value = hour;
  slider.setAttribute("aria-valuetext", label);
  clock.textContent = label;
}
