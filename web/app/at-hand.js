/** On a phone the player stays at the lower edge as long as there is a map above it to play. */

import { byId } from "../charts/dom.js";

/** Pixels at the lower edge that player and controls take, and so much of a map besides. */
const TAKEN = 240;

/** Let the stage say when so much of its maps is in view that the player has something to show. */
export function bindAtHand() {
  const watch = new IntersectionObserver(([entry]) => {
    byId("stage").classList.toggle("at-hand", entry.isIntersecting);
  }, { rootMargin: `0px 0px -${TAKEN}px 0px` });
  watch.observe(document.querySelector("#stage .maps"));
}
