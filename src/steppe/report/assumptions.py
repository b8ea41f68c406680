"""What the runs rest on: what history scripts, what the model decides, what is switched off."""

from __future__ import annotations

from collections import Counter

from steppe.case.scenario import DeclaredInput, Scenario
from steppe.model.ledger import NONE, ROLES, chosen_rule
from steppe.report.payload import Assumption
from steppe.report.price_basis import basis_words, price_basis
from steppe.results.formatting import address, count, listing, moment, number

BASES = ("age", "wage", "unemployment", "gini", "online")
ENDOGENOUS = Assumption(
    "endogenous",
    "What people do",
    "Who protests, fights, loots, is arrested, hurt or killed, whom officers obey and when units "
    "change sides is decided by the model hour by hour, never by the script.",
)


def _switches(scenario: Scenario) -> list[Assumption]:
    shock = scenario.prices.shock
    price = "Follows the price table" + (
        "." if shock == 1 else f", its jump times {number(shock)}."
    )
    out = [
        *(
            _switch(f"Price of {good.name}", shock > 0, price, "No price shock.")
            for good in scenario.goods
        ),
        _switch("Internet and telephone", scenario.information.blackout == "scripted",
                "Cut and restored at the hours of the timeline.", "Never cut."),
        _switch("Concessions", scenario.regime.concessions == "scripted",
                "Made at the hours of the timeline.", "Withheld."),
        _switch("Lethal force", scenario.regime.lethal_force == "scripted",
                "Ordered at the hours of the timeline.", "Never ordered."),
    ]  # fmt: skip
    name = scenario.alliance.name or "The alliance"
    scripted = scenario.alliance.rule == "scripted"
    parts = []
    if scenario.alliance.signal:
        parts.append("its signal")
    if scenario.alliance.troops:
        parts.append("its troops")
    active = scripted and bool(parts)
    out.append(
        _switch(name, active, f"Answers as in history; {listing(parts)} take effect.", "No help.")
    )
    return out


def _switch(title: str, scripted: bool, on: str, off: str) -> Assumption:
    return Assumption("scripted" if scripted else "off", title, on if scripted else off)


def input_words(one: DeclaredInput) -> str:
    """Return what a declared input is, where, when and how strong, in one line."""
    when = "" if one.at is None else f" from {moment(one.at)}"
    when += "" if one.until is None else f" to {moment(one.until)}"
    off = "" if one.enabled else "; switched off"
    return f"{one.kind} in {listing(one.where)}{when}, strength {number(one.value)}{off}"


def _declared(scenario: Scenario) -> list[Assumption]:
    out = []
    for one in scenario.inputs:
        words = [
            one.text,
            f"A declared input: {input_words(one)}.",
            "What it explains is no success of the model.",
            f"Source: {address(one.source)}",
        ]
        text = " ".join(word for word in words if word)
        out.append(Assumption("scripted" if one.enabled else "off", f"Input {one.id}", text))
    return out


def _data(scenario: Scenario) -> list[Assumption]:
    regions, out = scenario.regions, []
    bases = {
        "groups": [region.groups[0].basis for region in regions if region.groups],
        **{name: [getattr(region, f"{name}_basis") for region in regions] for name in BASES},
        "exposure": [one.basis for one in scenario.exposures],
    }
    for name, cells in bases.items():
        if cells:
            text = f"{basis_words(Counter(cells), len(regions))}."
            out.append(Assumption("data", f"Regional data: {name}", text))
    if price := price_basis(scenario):
        out.append(Assumption("data", "Regional data: price", price))
    return out


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _values(parameters: str, vary: bool) -> list[Assumption]:
    if not parameters:
        return []
    bands = (
        "Bands and intervals include how little is known of them."
        if vary
        else ("Every seed has the same; bands are over random draws of events alone.")
    )
    return [Assumption("data", "Values of the parameters", f"{_sentence(parameters)} {bands}")]


def assumptions(
    scenario: Scenario, parameters: str = "", vary: bool = False
) -> tuple[Assumption, ...]:
    """Return every choice of the scenario a reader should know before believing a number.

    ``parameters`` says where their values come from, ``vary`` whether each seed has its own.
    """
    levers = Counter(event.do for event in scenario.timeline if event.enabled)
    off = sum(not event.enabled for event in scenario.timeline)
    text = listing([f"{key.replace('_', ' ')} ({levers[key]})" for key in sorted(levers)])
    timeline = Assumption(
        "scripted" if levers else "off",
        f"Timeline of {count(sum(levers.values()), 'event')}",
        (f"Taken from history: {text}." if levers else "Nothing is scripted.")
        + (f" {count(off, 'event')} switched off." if off else ""),
    )
    by_role = {role: chosen_rule(role, scenario.mechanisms) for role in ROLES}
    played = "; ".join(f"{role}: {rule}" for role, rule in by_role.items() if rule != NONE)
    rules = [Assumption("endogenous", "Rules of the model", f"{played}.")]
    rules += [
        Assumption("off", f"Rule for {role}", "Set to its neutral setting.")
        for role, rule in by_role.items()
        if rule == NONE
    ]
    values = _values(parameters, vary)
    return (ENDOGENOUS, *rules, timeline, *_declared(scenario), *_switches(scenario), *values,
            *_data(scenario))  # fmt: skip
