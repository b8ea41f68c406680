"""The words a page of claims is made of: verdicts, measures, figures and changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.scenario import Value
from steppe.report.claims_payload import ClaimsBasis, parameter_words
from steppe.report.effects import value_words
from steppe.results.formatting import count, number, quantity
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


REDUCED = {"mean": "mean of ", "max": "highest value of ", "min": "lowest value of ",
           "last": "last value of ", "first": "first value of ", "sum": "total of ",
           "change": "change of "}  # fmt: skip


MEASURES = {"share of runs": "of the histories", "share of pairs": "of the pairs",
            "share of seeds": "of the seeds", "share of outcomes": "of what came later",
            "necessity": "of the pairs", "sufficiency": "of the pairs", "both": "of the pairs",
            "observed figure": "observed"}  # fmt: skip
"""What the number of a verdict is, in few words; all but the last are shares."""


class ClaimTestResult(NamedTuple):
    """One test with what came of it: ``kind`` and ``body`` as in the file, ``part`` the finding."""

    kind: str
    body: Mapping[str, Any]
    part: Mapping[str, Any]

    @property
    def details(self) -> Mapping[str, Any]:
        """What else the test found."""
        details: Mapping[str, Any] = self.part["details"]
        return details

    @property
    def unit(self) -> str:
        """The unit measured: ``share`` for what happens or not, '' if unknown."""
        quantity = self.body.get("quantity", {})
        if {"at_least", "at_most", "is", "event", "targets"} & set(quantity):
            return "share"
        name = quantity.get("outcome")
        return numbers()[name].unit if name in numbers() else ""

    def minimum(self, basis: ClaimsBasis) -> float:
        """Return the probability the test needs, its own or that of the file."""
        return float(self.body.get("minimum_probability") or basis.minimum)

    def words(self, value: float | None) -> str:
        """Return a number of this test in words, by what it measures."""
        measure = self.part["measure"]
        if self.kind == "evidence":
            return observed_words(self.details["unit"])[0](value)
        if measure in MEASURES and measure != "observed figure":
            return per_cent(value)
        return difference(value, self.unit) if measure == "mean effect" else number(value)


def tests_of(claim: Mapping[str, Any]) -> list[ClaimTestResult]:
    """Return the single tests of a claim, one for most, several for all_of and any_of."""
    kind, tests = claim["tested_by"], claim["test"]
    if kind not in ("all_of", "any_of"):
        return [ClaimTestResult(kind, tests.get(kind, {}), claim)]
    out = []
    for one, part in zip(tests[kind], claim["details"]["parts"], strict=True):
        ((single, body),) = one.items()
        out.append(ClaimTestResult(single, body, part))
    return out


def measured(body: Mapping[str, Any], key: str = "quantity") -> str:
    """Return what a test measures, in words."""
    quantity = dict(body[key])
    name = quantity.get("outcome")
    if name in numbers() and len(quantity) == 1:
        return numbers()[name].meaning
    if name == "fate" and "is" in quantity:
        return f"whether the regime {quantity['is']}"
    if quantity.get("targets"):
        text = f"share of {count(len(quantity['targets']), 'observed figure')} met"
        least = quantity.get("at_least")
        return f"{text}, at least {per_cent(least)}" if least is not None else text
    text, how = ClaimQuantity.model_validate_json(json.dumps(quantity)).name, quantity.get("reduce")
    return REDUCED.get(how or "", "") + text.removeprefix(f"{how or ''} of ")


def difference(value: float | None, unit: str) -> str:
    """Return a difference with its sign; of shares in percentage points."""
    if value is None:
        return "open"
    amount = quantity(abs(value), unit).replace(" %", " points")
    if not any(digit in amount for digit in "123456789"):
        return "±0"
    return f"{'+' if value > 0 else '−'}{amount}"


def ends(zone: Sequence[float | None], say: Callable[[float | None], str]) -> str:
    """Return an interval in words; open ends are said."""
    low, high = zone
    if low is None or high is None:
        return f"at most {say(high)}" if low is None else f"at least {say(low)}"
    start, end = say(low), say(high)
    if start == end:
        return start
    unit = next((u for u in (" %", " points") if start.endswith(u) and end.endswith(u)), "")
    return f"{start.removesuffix(unit)} to {end}"


def per_cent(value: float | None) -> str:
    """Return a share in per cent."""
    return quantity(value, "share", 2)


def changed(basis: ClaimsBasis, body: Mapping[str, Any], key: str = "patch") -> str:
    """Return a change by its title, or by the values it sets."""
    if body.get(key):
        return basis.change(body[key])
    return ", ".join(_setting(basis, *one) for one in body.get("set", {}).items())


def _setting(basis: ClaimsBasis, path: str, value: Value) -> str:
    """Return one changed value in words: an event by its text, a parameter with its meaning."""
    head, _, name = path.rpartition(".")
    events = {f"timeline.{event.id}": event for event in basis.scenario.timeline}
    event, new = events.get(head), value_words(value)
    if event is not None and name == "enabled" and value is False:
        return f"Left out: {event.text.rstrip('.')}"
    if event is not None and name == "at":
        return f"At {new.replace('T', ' ')} instead: {event.text.rstrip('.')}"
    meaning = parameter_words(path.removeprefix("parameters."))
    return f"{path} = {new}" + (f" ({meaning})" if meaning else "")


def observed_words(unit: str) -> tuple[Callable[[float | None], str], str]:
    """Return how observed figures of ``unit`` are said, and the unit to put behind them."""
    plain = unit.replace("_", " ")
    if plain.startswith("share"):
        return per_cent, plain.removeprefix("share").strip()
    if plain == "rank":
        return lambda value: f"rank {number(value)}", ""
    return number, plain
