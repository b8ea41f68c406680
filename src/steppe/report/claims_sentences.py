"""Verdicts in sentences for readers who never saw the file of claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from steppe.report.claims_payload import ClaimsBasis
from steppe.report.claims_words import (
    SHAPES,
    VERDICTS,
    ClaimTestResult,
    changed,
    difference,
    ends,
    measured,
    observed_words,
    per_cent,
    tests_of,
)
from steppe.results.formatting import count, number, quantity
from steppe.study.claims.decision_rules import (
    CONTRADICTED,
    FEWEST,
    SUPPORTED,
    UNDECIDED,
    UNTESTABLE,
)


def answer(claim: Mapping[str, Any], basis: ClaimsBasis) -> tuple[str, ...]:
    """Return why a claim has its verdict: a paragraph, or one for each test after the common rule.

    ``claim`` is the record of the verdict (``study.claims.verdict``).
    """
    tests = tests_of(claim)
    if len(tests) == 1:
        return (sentence(tests[0], basis),)
    rule = {"all_of": "All of these must hold.", "any_of": "One of these is enough."}
    parts = (f"{VERDICTS[test.part['verdict']].name}: {sentence(test, basis)}" for test in tests)
    return (rule[claim["tested_by"]], *parts)


def sentence(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    """Return what one test found and what the claim needs, in two or three plain sentences."""
    part = test.part
    speaks = part["number"] is not None or test.kind in ("event", "record")
    if part["verdict"] == UNTESTABLE or not speaks:
        return _ended(part["reason"])
    text = _SENTENCES[test.kind](test, basis)
    return f"{text} {closing(test, basis)}".strip().replace(" %", "\u00a0%")


def closing(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    """Return why that is the verdict, where runs were counted."""
    part = test.part
    if test.kind in ("event", "record", "aftermath"):
        return ""
    if test.kind == "evidence":
        return {
            SUPPORTED: "What was observed lies inside what is claimed.",
            CONTRADICTED: "The two do not meet.",
        }.get(part["verdict"], "The two overlap only in part.")
    if part["n"] < FEWEST:
        return f"Only {count(part['n'], 'run')} bear on it: fewer than {FEWEST} decide nothing."
    if other := _other_way(test, basis):
        return other
    return {
        SUPPORTED: "The whole interval lies on the claim's side of the bar.",
        CONTRADICTED: "The whole interval lies on the other side of the bar.",
    }.get(part["verdict"], "The interval leaves it open.")


def _other_way(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    """Return words for a mean effect against the claim that decides over the share of pairs."""
    part = test.part
    if test.kind != "counterfactual" or part["measure"] != "share of pairs":
        return ""
    least, (low, high) = test.minimum(basis), part["interval"]
    if part["verdict"] == CONTRADICTED and high >= 1.0 - least:
        return "The mean effect goes clearly the other way, which decides against it."
    if part["verdict"] == UNDECIDED and low > least:
        return "The mean effect goes the other way, so it stays open."
    return ""


def _share(part: Mapping[str, Any], noun: str, plural: str = "") -> str:
    """Return ``19 of 20 pairs (95 %: 76 to 99 %)``."""
    agree, interval = round(part["number"] * part["n"]), ends(part["interval"], per_cent)
    return f"{agree:,} of {count(part['n'], noun, plural)} (95 %: {interval})"


def _needed(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    least = test.minimum(basis)
    return (
        f"Supported would need surely more than {per_cent(least)}, contradicted surely less than "
        f"{per_cent(1.0 - least)}."
    )


def _ended(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")


def _evidence(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    say, unit = observed_words(test.details["unit"])
    interval = test.part["interval"] or [test.part["number"]] * 2
    observed, claimed = (f"{ends(zone, say)} {unit}".strip()
                         for zone in (interval, test.details["claimed"]))  # fmt: skip
    return f"Observed: {observed}. Claimed: {claimed}."


PRECISION = {"reported": "", "approx": " (at about that time)", "day": " (the day alone is known)",
             "assumed": " (a time that is assumed)"}  # fmt: skip
"""How well the time of an event is known, in words."""


def _event(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    when = {event.id: f"{event.at:%Y-%m-%d %H:%M}" for event in basis.scenario.timeline}
    names = [test.body["id"], *(test.body[k] for k in ("after", "before") if k in test.body)]
    rows = [event for name in names for event in basis.scenario.timeline if event.id == name]
    if len(rows) < len(names):
        return _ended(test.part["reason"])
    record = "; ".join(
        f"{when[row.id]}: {row.text.rstrip('.')}" + PRECISION[row.precision] for row in rows
    )
    order = [f"{word} {when[test.body[word]]}" for word in ("after", "before")
             if word in test.body]  # fmt: skip
    order += [f"{word} {test.body[word][:16]}".replace("T", " ") for word in ("from", "until")
              if word in test.body]  # fmt: skip
    needs = f" The claim puts the first {' and '.join(order)}." if order else ""
    return f"On the record: {record}.{needs}"


def _record(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    return _ended(test.body.get("note") or test.part["reason"])


def _aftermath(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    if test.body.get("from"):
        return _ended(test.part["reason"])
    rows = basis.later(test.body["rows"])
    agree, against = (
        sum(row.verdict in test.body.get(key, ()) for row in rows) for key in ("expect", "against")
    )
    rest = len(rows) - agree - against
    tally = f"{agree} as claimed, {against} against it"
    tally += f", {rest} settling nothing" if rest else ""
    return (
        f"{count(len(rows), 'later outcome')} on record: {tally}. Supported needs all of them as "
        "claimed, contradicted all against."
    )


def _run(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    condition = f", counting only those with {measured(test.body, 'given')}" if (
        test.body.get("given")) else ""  # fmt: skip
    text = (
        f"“{measured(test.body).removeprefix('whether ')}” came true in "
        f"{_share(test.part, 'simulated history', 'simulated histories')}{condition}."
    )
    bounds = test.body.get("probability")
    if bounds:
        needed = f"{per_cent(bounds['low'])} and {per_cent(bounds['high'])}"
        return f"{text} The claim needs between {needed}."
    return f"{text} {_needed(test, basis)}"


def _spread(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    return (
        f"Over {count(test.part['n'], 'history', 'histories')} of the same situation, "
        f"{measured(test.body)} differ {number(test.part['number'])}-fold between the lowest and "
        f"the highest twentieth (95 %: {ends(test.part['interval'], number)}). The claim needs at "
        f"least {number(test.body['ratio'])}-fold."
    )


def compared(test: ClaimTestResult, basis: ClaimsBasis) -> tuple[str, str]:
    """Return the two histories of an effect: the one it is counted in, and against which."""
    patched = f"“{changed(basis, test.body)}”"
    other = f"“{changed(basis, test.body, 'than')}”" if test.body.get("than") else "the baseline"
    addition = test.body.get("patch_is") == "addition"
    return (patched, other) if addition else (other, patched)


def claimed_effect(test: ClaimTestResult) -> str:
    """Return the effect that a claim asserts, with its margin."""
    margin, unit = test.body["margin"], test.unit
    amount = per_cent(margin) if test.body.get("margin_is") == "relative" else (
        quantity(margin, unit).replace(" %", " points"))  # fmt: skip
    return {
        "increase": f"a rise of more than {amount}",
        "decrease": f"a fall of more than {amount}",
        "none": f"no difference beyond {amount}",
    }[str(test.body["direction"])]


def _counterfactual(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    effect, unit = test.details["effect"], test.unit
    here, other = compared(test, basis)

    def say(value: float | None) -> str:
        return difference(value, unit)

    what = measured(test.body)
    text = (
        f"{what[:1].upper()}{what[1:]}: {say(effect['mean'])} on average "
        f"(95 %: {ends(effect['interval'], say)}) in {here}, compared with {other}."
    )
    if test.part["measure"] == "mean effect":
        return f"{text} The claim needs {claimed_effect(test)}."
    return f"{text} {_share(test.part, 'pair')} show {claimed_effect(test)}. {_needed(test, basis)}"


def _cause(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    what, n = measured(test.body).removeprefix("whether "), count(test.part["n"], "pair")
    share = _share(test.part, "pair")
    removed = test.body.get("patch_is") != "addition"
    change = f"“{changed(basis, test.body)}”"
    here, elsewhere = (
        ("in the baseline", f"with {change}") if removed else (f"with {change}", "in the baseline")
    )
    text = {
        "necessary": f"In {n} of histories this comes about {here}: {what}. "
                     f"{_begun(elsewhere)}, this fails in {share}.",
        "sufficient": f"In {n} of histories this does not come about {elsewhere}: {what}. "
                      f"{_begun(here)}, it does in {share}.",
        "both": f"{share} show this {here} but not {elsewhere}: {what}.",
    }[str(test.body["role"])]  # fmt: skip
    return f"{text} {_needed(test, basis)}"


def _begun(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _doses(test: ClaimTestResult, basis: ClaimsBasis) -> str:
    body = test.body
    shape = SHAPES[body["shape"]]
    if body["shape"] == "enough_at":
        shape = (f"{number(body['dose'])} of {body['path']} brings at least "
                 f"{per_cent(body['fraction'])} of the rise that {number(body['doses'][-1])} "
                 "brings")  # fmt: skip
    margin = f", by more than {quantity(body['margin'], test.unit)}" if body.get(
        "margin") and body["shape"] != "flat" else ""  # fmt: skip
    return (
        f"The claim means that {shape}{margin}; {_share(test.part, 'seed')} show this. "
        f"{_needed(test, basis)}"
    )


_SENTENCES: Mapping[str, Callable[[ClaimTestResult, ClaimsBasis], str]] = {
    "evidence": _evidence,
    "event": _event,
    "record": _record,
    "aftermath": _aftermath,
    "run": _run,
    "spread": _spread,
    "counterfactual": _counterfactual,
    "cause": _cause,
    "dose_response": _doses,
}
