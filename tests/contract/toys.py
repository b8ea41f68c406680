"""Toy mechanisms: sound ones, and for each check some that must fail it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.params import Parameters, param, uniform, values_type
from steppe.core.random import Purpose
from steppe.core.response import exp
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.mechanisms.crowd import PEACEFUL, QUIET, CrowdParameters
from steppe.model.phases import Phase

Broken = tuple[str, Mechanism, str]
"""Name of the check, the mechanism, and words of the sentence that must be said."""


def number(name: str, **changes: Any) -> Any:
    """A parameter complete but for ``changes``."""
    told: dict[str, Any] = {"symbol": name, "meaning": name, "source": "none", "status": "assumed"}
    bounds = changes.pop("bounds", (0.0, 1.0))
    return param(0.5, "1", bounds, **{**told, **changes})


@dataclass(frozen=True)
class ToyParameters(Parameters):
    """One number."""

    share: float = number("share")


ToyValues = values_type(ToyParameters, "ToyValues")


# ---- a sound field rule and a sound rule of each kind for citizens


def calm(p: Any, *, place_outrage: Any, place_deaths: Any, u_luck: Any) -> dict[str, Any]:
    """Let outrage fade: o(t+1) = share o + deaths, but by luck."""
    faded = p.share * place_outrage * (1.0 - 0.1 * (u_luck > 0.5))
    return {"place_outrage": np.minimum(faded + 0.01 * place_deaths, 1.0)}


def field(**changes: Any) -> Mechanism:
    """The sound field rule but for ``changes``."""
    sound: dict[str, Any] = {
        "name": "toy", "role": "outrage", "phase": Phase.GRIEVANCE, "title": "Toy",
        "equation": "o(t+1) = share o + deaths", "parameters": ToyParameters, "rule": calm,
        "writes": ("place_outrage",), "sources": ("a book",), "evidence": "supported",
        "random_numbers": {"u_luck": RandomNumber(Purpose.INTELLIGENCE, "place")},
    }  # fmt: skip
    return Mechanism(**{**sound, **changes})


@dataclass(frozen=True)
class JoinParameters(CrowdParameters):
    """How much it takes."""

    level: float = number("level")


JoinValues = values_type(JoinParameters, "JoinValues")


def join(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Return peaceful iff hardship and the city's pull, smoothed, exceed a random level."""
    pull = 1.0 - exp(-(citizen.hardship + here.city_pull))
    return PEACEFUL if pull > p.level + 0.2 * u else QUIET


def citizen_rule(**changes: Any) -> Mechanism:
    """The sound citizen rule but for ``changes``."""
    sound: dict[str, Any] = {
        "name": "toy", "role": "participation", "phase": Phase.STREET, "title": "Toy",
        "equation": "out iff 1 - e^-(H + pull) > level + u/5", "parameters": JoinParameters,
        "rule": join, "writes": ("citizen_state",), "citizen": True, "values": JoinValues,
        "citizen_reads": ("place_peaceful", "place_violent", "place_looting", "place_population"),
        "sources": ("a book",), "evidence": "supported",
    }  # fmt: skip
    return Mechanism(**{**sound, **changes})


def tire(p: Any, here: Any, willing: float) -> float:
    """Return a hazard of going home that rises with the crowd and falls with willingness."""
    return float(p.share * (1.0 - willing) * here.crowd / (here.crowd + 100.0))


def hazard_rule(**changes: Any) -> Mechanism:
    """The sound rule of hazards but for ``changes``."""
    sound: dict[str, Any] = {
        "name": "toy", "role": "leaving", "street": "hazards", "phase": Phase.STREET,
        "title": "Toy", "equation": "hazard = share (1 - w) A/(A + 100)",
        "parameters": ToyParameters, "rule": tire, "writes": ("citizen_state",), "citizen": True,
        "values": ToyValues, "citizen_reads": ("place_peaceful", "place_violent"),
        "sources": ("a book",), "evidence": "supported",
    }  # fmt: skip
    return Mechanism(**{**sound, **changes})


SOUND = (field(), citizen_rule(), hazard_rule())


# ---- sources


def silent(p: Any, *, place_outrage: Any) -> dict[str, Any]:
    return {"place_outrage": place_outrage}


SOURCES: list[Broken] = [
    ("sources", field(title=" "), "title is empty"),
    ("sources", field(equation=""), "equation is empty"),
    ("sources", field(evidence="certain"), "'certain' is not a known grade"),
    ("sources", field(sources=("a book", " ")), "a source is empty"),
    ("sources", field(sources=("conjecture of mine",)), "conjecture of mine"),
    ("sources", field(rule=silent, random_numbers={}), "no docstring"),
]


# ---- parameters


@dataclass(frozen=True)
class Undeclared(Parameters):
    """A number without its entry."""

    share: float = 0.5


@dataclass(frozen=True)
class Twins(Parameters):
    """Two numbers under one symbol."""

    share: float = number("share", symbol="s")
    other: float = number("other", symbol="s")


@dataclass(frozen=True)
class Unsourced(Parameters):
    """A number from a literature nobody names."""

    share: float = number("share", status="literature")


@dataclass(frozen=True)
class Unsure(Parameters):
    """A default outside its prior."""

    share: float = number("share", prior=uniform(0.6, 0.9))


@dataclass(frozen=True)
class Rigid(Parameters):
    """No room between the bounds."""

    share: float = number("share", bounds=(0.5, 0.5))


@dataclass(frozen=True)
class Endless(Parameters):
    """No bounds."""

    share: float = number("share", bounds=(0.0, float("inf")))


@dataclass(frozen=True)
class Blank(Parameters):
    """A symbol of blanks."""

    share: float = number("share", symbol=" ")


PARAMETERS: list[Broken] = [
    ("parameters", field(parameters=Undeclared), "['share'] are not declared"),
    ("parameters", field(parameters=Twins), "two parameters share a symbol"),
    ("parameters", field(parameters=Unsourced), "literature without a source"),
    ("parameters", field(parameters=Unsure), "outside its prior"),
    ("parameters", field(parameters=Rigid), "no room"),
    ("parameters", field(parameters=Endless), "no finite range"),
    ("parameters", field(parameters=Blank), "lacks symbol"),
]


# ---- arguments and random numbers


def nameless(q: Any, *, place_outrage: Any) -> dict[str, Any]:
    """Take the parameters under another name."""
    return {"place_outrage": place_outrage}


def positional(p: Any, place_outrage: Any) -> dict[str, Any]:
    """Take a column by position."""
    return {"place_outrage": place_outrage}


def spoilt(p: Any, *, place_outrage: Any = None) -> dict[str, Any]:
    """Take a column with a default."""
    return {"place_outrage": place_outrage}


def lucky(p: Any, *, place_outrage: Any, u_luck: Any, u_chance: Any) -> dict[str, Any]:
    """Take two random numbers."""
    return {"place_outrage": place_outrage * u_luck * u_chance}


def hasty(p: Any, here: Any, u: float) -> int:
    """Take less than citizens are given."""
    return QUIET


LUCK = RandomNumber(Purpose.INTELLIGENCE, "place")
BELOW = RandomNumber(Purpose.INTELLIGENCE, "place", -1)
NOWHERE = RandomNumber(Purpose.REPORT, "street")  # type: ignore[arg-type]
OtherValues = values_type(ToyParameters, "OtherValues")

ARGUMENTS: list[Broken] = [
    ("arguments", field(rule=nameless, random_numbers={}), "not the parameters p"),
    ("arguments", field(rule=positional, random_numbers={}), "not a keyword-only"),
    ("arguments", field(rule=spoilt, random_numbers={}), "place_outrage has a default"),
    ("arguments", field(rule=lucky, random_numbers={"u_luck": LUCK}), "u_chance is no column"),
    ("arguments", field(rule=calm, random_numbers={"u_luck": LUCK, "u_more": LUCK}), "['u_more']"),
    (
        "arguments",
        field(rule=lucky, random_numbers={"u_luck": LUCK, "u_chance": LUCK}),
        "share an address",
    ),
    ("arguments", field(random_numbers={"u_luck": BELOW}), "index -1"),
    ("arguments", field(random_numbers={"u_luck": NOWHERE}), "no scale"),
    ("arguments", field(writes=("place_outrage", "place_outrage")), "a column twice"),
    ("arguments", citizen_rule(rule=hasty), "citizens are given"),
    ("arguments", citizen_rule(values=OtherValues), "its tuple holds"),
    ("arguments", citizen_rule(role="outrage"), "once for every citizen"),
    ("arguments", citizen_rule(role="leaving"), "leaving runs once for every citizen (street='c"),
    ("arguments", hazard_rule(role="contact"), "citizens are given ('p', 'here', 'state')"),
]


# ---- neutral values

NEUTRAL: list[Broken] = [
    ("neutral", field(neutral={"place_risk": 0.0}), "['place_risk']"),
    ("neutral", field(neutral={"place_outrage": float("nan")}), "is nan"),
    ("neutral", field(writes=("building_lost",), neutral={"building_lost": 0.5}), "whole number"),
    ("neutral", field(writes=("place_curfew",), neutral={"place_curfew": 0.3}), "neither 0 nor 1"),
    ("neutral", field(writes=("place_deaths",), neutral={"place_deaths": -1}), "less than nobody"),
]


# ---- what is written


def writing(rule: Callable[[Any], Any], **changes: Any) -> Mechanism:
    """A field rule that makes of outrage what ``rule`` says."""

    def made(p: Any, *, place_outrage: Any) -> Any:
        """Write something else."""
        return rule(place_outrage)

    return field(rule=made, random_numbers={}, **changes)


def divided(p: Any, *, place_outrage: Any, place_peaceful: Any) -> dict[str, Any]:
    """Divide by a crowd that may not be there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"place_outrage": place_outrage / place_peaceful}


def leaderless(p: Any, *, faction_share: Any) -> dict[str, Any]:
    """Ask for the first of the factions."""
    return {"nation_elite_split": faction_share[:1] + faction_share[0]}


WRITES: list[Broken] = [
    ("writes", writing(lambda o: {}), "declares ['place_outrage'] but does not write"),
    ("writes", writing(lambda o: {"place_outrage": o, "place_risk": o}), "writes ['place_risk']"),
    ("writes", writing(lambda o: {"place_outrage": 0.1}), "not an array"),
    ("writes", writing(lambda o: {"place_outrage": o[:1]}), "has shape (1,), not (9,)"),
    ("writes", writing(lambda o: {"place_outrage": o > 0.5}), "is bool, not float64"),
    ("writes", writing(lambda o: o), "not return a mapping"),
    ("writes", field(rule=divided, random_numbers={}), "not finite in a"),
    ("writes", field(rule=leaderless, writes=("nation_elite_split",), random_numbers={}),
     "fails in a world without any faction (IndexError"),
]  # fmt: skip


# ---- purity


def overwriting(p: Any, *, place_outrage: Any) -> dict[str, Any]:
    """Change an argument."""
    place_outrage *= p.share
    return {"place_outrage": place_outrage}


CALLED: list[int] = []


def remembering(p: Any, *, place_outrage: Any) -> dict[str, Any]:
    """Give another result at each call."""
    CALLED.append(1)
    return {"place_outrage": place_outrage / len(CALLED)}


PURITY: list[Broken] = [
    ("purity", field(rule=overwriting, random_numbers={}), "changes its arguments"),
    ("purity", field(rule=remembering, random_numbers={}), "after the rule has run elsewhere"),
]


# ---- rows

RELABELLING: list[Broken] = [
    ("relabelling", writing(lambda o: {"place_outrage": o * np.arange(len(o))}), "numbered"),
    ("relabelling", writing(lambda o: {"place_outrage": np.maximum(o, o[0])}), "numbered"),
    ("relabelling", writing(lambda o: {"place_outrage": np.cumsum(o)}), "numbered"),
]
SHARDS: list[Broken] = [
    ("shards", writing(lambda o: {"place_outrage": o / len(o)}), "not that of its parts"),
    ("shards", writing(lambda o: {"place_outrage": o + (len(o) % 2)}), "not that of its parts"),
]


# ---- citizens


def lost(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Send citizens where nobody can go."""
    return 7 if u > 0.9 else QUIET


def doubtful(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> float:
    """Answer with a chance."""
    return u


ASKED: list[int] = []


def imitating(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Do what those asked before did."""
    ASKED.append(PEACEFUL if u > 0.5 else QUIET)
    return ASKED[len(ASKED) // 2]


def overflowing(p: Any, here: Any, citizen: Any, u: float, looked: bool) -> int:
    """Multiply whole numbers beyond what a machine word holds."""
    n = int(u * 4294967296.0)
    return PEACEFUL if (n * n * 5) % 7 > 3 else QUIET


def eager(p: Any, here: Any, willing: float) -> float:
    """Draw in the unwilling first."""
    return float((2.0 - willing) * here.crowd)


def unprompted(p: Any, here: Any, willing: float) -> float:
    """Draw people in where there is no crowd."""
    return float(p.share * willing)


def negative(p: Any, here: Any, willing: float) -> float:
    """Return less than nothing."""
    return -1.0


def certain(p: Any, here: Any, hardship: float) -> float:
    """Be more than willing."""
    return 1.0 + hardship


def snobbish(p: Any, here: Any, rank: float) -> float:
    """Let the rich loot first."""
    return float(rank * here.cover)


def merciful(p: Any, here: Any, state: int) -> float:
    """Return one hazard of three."""
    return 0.1


CHOICES: list[Broken] = [
    ("choices", hazard_rule(rule=negative), "returned -1.0; it must return a finite number"),
    ("choices", hazard_rule(role="participation", rule=eager), "falls with willingness"),
    ("choices", hazard_rule(role="participation", rule=unprompted), "without a crowd"),
    ("choices", hazard_rule(role="looting", rule=snobbish), "rises with the income rank"),
    ("choices", hazard_rule(role="willingness", rule=certain), "is a chance, 0 to 1"),
    ("choices", hazard_rule(role="contact", rule=merciful), "hazards of death, wound and arrest"),
    ("choices", citizen_rule(rule=lost), "in state 7"),
    ("choices", citizen_rule(rule=doubtful), "in state 0."),
]
ORDER: list[Broken] = [("citizen_order", citizen_rule(rule=imitating), "who was asked before")]
READS: list[Broken] = [
    ("citizen_reads", citizen_rule(citizen_reads=("place_peaceful",)), "looks at city_pull"),
    ("citizen_reads", hazard_rule(citizen_reads=("place_peaceful",)), "looks at crowd without"),
]
COMPILED: list[Broken] = [
    ("compiled", citizen_rule(rule=overflowing, citizen_reads=()), "where plain Python gives"),
]


# ---- told parameters


def deaf(p: Any, *, place_outrage: Any, place_risk: Any) -> dict[str, Any]:
    """Ask for a column and ignore it."""
    return {"place_outrage": p.share * place_outrage}


def restless(p: Any, *, place_outrage: Any, place_deaths: Any) -> dict[str, Any]:
    """Rise with deaths whatever the parameters are."""
    return {"place_outrage": p.share * place_outrage + 0.01 * place_deaths}


DEAF = field(rule=deaf, random_numbers={})
RESTLESS = field(rule=restless, random_numbers={})

BROKEN: list[Broken] = [
    *SOURCES, *PARAMETERS, *ARGUMENTS, *NEUTRAL, *WRITES, *PURITY, *RELABELLING, *SHARDS,
    *CHOICES, *ORDER, *READS, *COMPILED,
]  # fmt: skip
