/** What the page shows of a setting: stored runs, else quick looks, refined step by step. */

import { openGap, openHistory, unpack } from "../charts/data.js";
import { get, post } from "./api.js";

/** Milliseconds after which the page says why a look takes so long, and between two such words. */
const LONG = 1000;
/** What the differences of crowds are multiples of. */
const CROWD = 0.1;

export const isUnchanged = (setting) => !setting.counterfactuals.length && !Object.keys(setting.set).length;

const rest = (ms) => new Promise((done) => { setTimeout(done, ms); });

function openArm(doc, place, key) {
  return doc && openHistory({ ...doc, runs: doc.seeds }, place, key, key === "base" ? "Baseline" : "Counterfactual");
}

/** Mean differences of the crowds of the cities of the maps, by hour, or null. */
function openCrowds(crowds, count, hours) {
  return crowds && count ? unpack(crowds.values, count, hours, CROWD).map((row) => row.map((value) => value + crowds.floor)) : null;
}

/** A view: both histories, what the change did, and where it comes from (`look`: no stored runs). */
function viewOf(reply, place, { base, head, look = null }) {
  const { gaps, crowds, ...differences } = reply.differences;
  return { base, variant: openArm(reply.variant, place, "other"), head, look, ...differences,
    gaps: gaps.map((gap) => openGap(gap, place)), crowds: openCrowds(crowds, base.cities.length, place.hours) };
}

function waitingWords(compiling, seconds) {
  return compiling ? `The rules are being turned into machine code, once after an update, in about half a minute; ${seconds} s so far.`
    : `The quick look is being made; ${seconds} s so far.`;
}

/**
 * A reader of views for `context`: `place()`, `setting()`, `evidence()` (whether observed figures are
 * looked at), `show(view)` for every view that is still wanted, `wait(words)` while one takes long.
 */
export function viewReader({ place, setting, evidence, show, wait }) {
  let newest = 0;
  let pending = 0;
  let known = { name: "", base: null };
  let stored = null;
  let notice = "";
  let unreadable = [];

  async function explain(mine) {
    await rest(LONG);
    for (let seconds = 1; pending === mine; seconds += 1) {
      const { compiling } = await get("/api/look");
      if (pending === mine) wait(waitingWords(compiling, seconds));
      await rest(LONG);
    }
  }

  async function ask(mine, first) {
    const wish = { first, cached: known.name, evidence: evidence() && !first };
    pending = mine;
    explain(mine).catch(() => {}); // the look itself says what is wrong
    try {
      return await post("/api/look", { ...setting(), look: wish });
    } finally {
      if (pending === mine) {
        pending = 0;
        wait("");
      }
    }
  }

  /** Show a look; returns whether there is no more to come of it. */
  async function look(mine, first) {
    const reply = await ask(mine, first);
    if (!reply || mine !== newest) return true;
    const base = reply.baseline ? openArm(reply.baseline, place(), "base") : known.base;
    known = { name: reply.name, base };
    const { head, engine, scale, reason, seeds, whole } = reply;
    show(viewOf(reply, place(), { base, head: { ...head, pairs: reply.variant ? seeds : 0, current: true },
      look: { engine, scale, reason, seeds, whole, stored, notice, unreadable } }));
    return whole;
  }

  return {
    /** Show the setting, `quickly` with a first look only; rejects with what is wrong. */
    async read(quickly = false) {
      newest += 1;
      pending = 0;
      wait("");
      const mine = newest;
      const reply = quickly ? null : await post("/api/compare", setting());
      if (mine !== newest) return;
      const base = reply?.baseline && openArm(reply.baseline, place(), "base");
      if (base && (isUnchanged(setting()) || reply.head.pairs > 0)) {
        stored = null;
        show(viewOf(reply, place(), { base, head: reply.head }));
        return;
      }
      if (!quickly) {
        stored = base;
        ({ notice, unreadable } = reply.head);
      }
      if (!(await look(mine, true)) && !quickly) await look(mine, false);
    },
    /** A number that grows with every view that is asked for. */
    count: () => newest,
    /** Another case: nothing of the last one is known. */
    forget() {
      newest += 1;
      known = { name: "", base: null };
      stored = null;
    },
  };
}
