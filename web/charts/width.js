/** Draw again when the width changes, at most once a frame. */
export function onWidth(draws) {
  let width = document.documentElement.clientWidth;
  let waiting = 0;
  window.addEventListener("resize", () => {
    const now = document.documentElement.clientWidth;
    if (now === 0 || now === width) return;
    width = now;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => draws.forEach((draw) => draw()));
  });
}
