/** Whether the laboratory still answers: said within seconds, and the page goes on when it does again. */

import { get } from "./api.js";
import { byId } from "../charts/dom.js";

const EVERY = 4000;

/** Watch the server; `back` is called when it answers again, `strange` when it knows this page no more. */
export function watchServer({ back, strange }) {
  const banner = byId("away");
  let isStrange = false;
  const look = async () => {
    try {
      await get("/api/look");
      if (!banner.hidden || isStrange) back();
      isStrange = false;
      banner.hidden = true;
    } catch (problem) {
      if (problem.status === 401 && !banner.hidden) {
        isStrange = true; // until somebody signs in, here or in another tab
        strange();
      }
      banner.hidden = problem.status !== 0;
    }
  };
  const again = async () => {
    if (!document.hidden) await look();
    setTimeout(again, EVERY);
  };
  setTimeout(again, EVERY);
}
