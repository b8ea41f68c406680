"""The words a page of claims is made of: verdicts, measures, figures and changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from steppe.case.claims_quantity import ClaimQuantity
from steppe.report.claims_payload import ClaimsPayload
from steppe.report.effects import value_words
from steppe.report.formatting import count, number, quantity
from steppe.results.outcomes import numbers


class Term(NamedTuple):
    """A verdict as the page shows it: its style, its name, and what it means."""

    css: str
    name: str
    meaning: str


VERDICTS: Mapping[str, Term] = {
    "contradicted": Term("contradicted", "Contradicted", "the record, or the model's histories, "
                         "speak clearly against it"),
    "undecided": Term("undecided", "Undecided", "what is known does not settle it, or the interval "
                      "reaches across the bar; this is no half yes"),
    "supported": Term("supported", "Supported", "the record, or the model's histories, agree with "
                      "it clearly; this is no proof"),
    "not testable": Term("untestable", "Not testable", "nothing that can be observed or simulated "
                         "would count against it; the reason is given"),
}  # fmt: skip
KINDS = {
    "fact": "a fact",
    "figure": "a figure",
    "causal": "a cause",
    "prediction": "a prediction",
    "framing": "a framing",
    "normative": "a demand",
}
SHAPES = {
    "rising": "the answer rises with the dose",
    "falling": "the answer falls as the dose rises",
    "flat": "the answer hardly changes with the dose",
    "enough_at": "a small dose is already enough for most of the answer",
    "jump": "most of the answer comes in one jump",
}


SHARES_SAID = ("share of runs", "share of pairs", "share of seeds", "share of outcomes",
               "necessity", "sufficiency", "both")  # fmt: skip
"""Measures that are shares, said in per cent."""


REDUCED = {"mean": "mean of ", "max": "highest value of ", "min": "lowest value of ",
           "last": "last value of ", "first": "first value of ", "sum": "total of ",
           "change": "change of "}  # fmt: skip


class Test(NamedTuple):
    """One test with what it found: ``kind`` and ``body`` as in the file, ``part`` the finding."""

    kind: str
    body: Mapping[str, Any]
    part: Mapping[str, Any]

    @property
    def minimum(self) -> float | None:
        """The probability the test itself needs, None where it leaves that to the file."""
        value: float | None = self.body.get("minimum_probability")
        return value


def tests_of(claim: Mapping[str, Any]) -> list[Test]:
    """Return the single tests of a claim, one for most, several for all_of and any_of."""
    kind, written = claim["tested_by"], claim["test"]
    if kind not in ("all_of", "any_of"):
        return [Test(kind, written.get(kind, {}), claim)]
    out = []
    for one, part in zip(written[kind], claim["details"]["parts"], strict=True):
        ((single, body),) = one.items()
        out.append(Test(single, body, part))
    return out


def measured(body: Mapping[str, Any], key: str = "quantity") -> str:
    """Return what a test measures, in words."""
    asked = dict(body[key])
    name = asked.get("outcome")
    if name in numbers() and len(asked) == 1:
        return numbers()[name].meaning
    if name == "fate" and "is" in asked:
        return f"whether the regime {asked['is']}"
    if asked.get("targets"):
        text = f"share of {count(len(asked['targets']), 'observed figure')} met"
        least = asked.get("at_least")
        return f"{text}, at least {per_cent(least)}" if least is not None else text
    text = ClaimQuantity.model_validate_json(json.dumps(asked)).name
    return REDUCED.get(asked.get("reduce", ""), "") + text.removeprefix(
        f"{asked.get('reduce', '')} of "
    )


def unit_of(body: Mapping[str, Any]) -> str:
    """Return the unit of what a test measures: ``share`` for what happens or not, '' if unknown."""
    asked = body.get("quantity", {})
    if {"at_least", "at_most", "is", "event", "targets"} & set(asked):
        return "share"
    name = asked.get("outcome")
    return numbers()[name].unit if name in numbers() else ""


def difference(value: float | None, unit: str) -> str:
    """Return a difference with its sign; of shares in percentage points."""
    if value is None:
        return "open"
    shown = quantity(abs(value), unit).replace(" %", " points")
    if not any(digit in shown for digit in "123456789"):
        return "±0"
    return f"{'+' if value > 0 else '−'}{shown}"


def ends(found: Any, say: Callable[[float | None], str]) -> str:
    """Return an interval in words; open ends are said."""
    low, high = found
    if low is None or high is None:
        return f"at most {say(high)}" if low is None else f"at least {say(low)}"
    left, right = say(low), say(high)
    if left == right:
        return left
    unit = next((u for u in (" %", " points") if left.endswith(u) and right.endswith(u)), "")
    return f"{left.removesuffix(unit)} to {right}"


def per_cent(value: float | None) -> str:
    """Return a share in per cent."""
    return quantity(value, "share", 2)


def changed(payload: ClaimsPayload, body: Mapping[str, Any], key: str = "patch") -> str:
    """Return a change by its title, or by the values it sets."""
    if body.get(key):
        return payload.changes.get(body[key], body[key])
    return ", ".join(_setting(payload, *one) for one in body.get("set", {}).items())


def _setting(payload: ClaimsPayload, path: str, value: Any) -> str:
    """Return one changed value in words; an event that is switched off by what it was."""
    head, _, name = path.rpartition(".")
    event = payload.events.get(head.removeprefix("timeline."))
    if event is not None and name == "enabled" and value is False:
        return f"Left out: {event.text.rstrip('.')}"
    return f"{path} = {value_words(value)}"


def observed_words(unit: str) -> tuple[Callable[[float | None], str], str]:
    """Return how observed figures of ``unit`` are said, and the unit to put behind them."""
    plain = unit.replace("_", " ")
    if plain.startswith("share"):
        return per_cent, plain.removeprefix("share").strip()
    return number, plain
