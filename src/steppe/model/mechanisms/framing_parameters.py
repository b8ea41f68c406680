"""What the contest of stories rests on: trust in media, prior beliefs, what cues tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters, param
from steppe.core.response import exact_sum
from steppe.model.theory.framing import Belief

BEFORE = "belief before anybody has spoken"
STATE, FOREIGN = (f"what {medium} media say anyway" for medium in ("state", "foreign"))


def _share(default: float, symbol: str, meaning: str, low: float = 0.0) -> Any:
    return param(
        default, "1", (low, 1.0), symbol=symbol, meaning=meaning, source="none", status="assumed"
    )


def _weight(default: float, symbol: str, what: str, story: str) -> Any:
    return _share(default, f"{symbol}_{story}", f"weight of {story} in {what}", 1e-6)


def _cue(default: float, cue: str, story: str) -> Any:
    return _share(default, f"P_{cue}_{story}", f"chance to see {cue} if it is {story}", 1e-6)


@dataclass(frozen=True)
class FramingParameters(Parameters):
    """How often audiences listen, forget, and what belief in the government's story does."""

    interval: float = param(
        6.0,
        "h",
        (1.0, 1000.0),
        symbol="t_fr",
        meaning="hours between messages",
        source="none",
        status="assumed",
    )
    forgetting: float = param(
        0.01,
        "per day",
        (0.0, 1.0),
        symbol="f_fr",
        meaning="share of the way back to the prior belief in a day",
        source="none",
        status="assumed",
    )
    cue_share: float = param(
        1e-4,
        "1",
        (0.0, 1.0),
        symbol="a_cue",
        meaning="share of citizens on the street above which chants are heard by everyone",
        source="none",
        status="assumed",
    )
    sight_share: float = param(
        0.01,
        "1",
        (1e-6, 1.0),
        symbol="a_see",
        meaning="share of citizens on the street at which everyone sees the cues",
        source="none",
        status="assumed",
    )
    prior_economic: float = _weight(0.7, "P0", BEFORE, "economic")
    prior_terrorism: float = _weight(0.1, "P0", BEFORE, "terrorism")
    prior_revolution: float = _weight(0.1, "P0", BEFORE, "revolution")
    prior_plot: float = _weight(0.1, "P0", BEFORE, "plot")
    state_habit_economic: float = _weight(0.1, "pi_s", STATE, "economic")
    state_habit_terrorism: float = _weight(0.5, "pi_s", STATE, "terrorism")
    state_habit_revolution: float = _weight(0.3, "pi_s", STATE, "revolution")
    state_habit_plot: float = _weight(0.1, "pi_s", STATE, "plot")
    foreign_habit_economic: float = _weight(0.6, "pi_f", FOREIGN, "economic")
    foreign_habit_terrorism: float = _weight(0.1, "pi_f", FOREIGN, "terrorism")
    foreign_habit_revolution: float = _weight(0.1, "pi_f", FOREIGN, "revolution")
    foreign_habit_plot: float = _weight(0.2, "pi_f", FOREIGN, "plot")
    cue_burnt_city_hall_economic: float = _cue(0.25, "burnt-city-hall", "economic")
    cue_burnt_city_hall_terrorism: float = _cue(0.5, "burnt-city-hall", "terrorism")
    cue_burnt_city_hall_revolution: float = _cue(0.3, "burnt-city-hall", "revolution")
    cue_burnt_city_hall_plot: float = _cue(0.4, "burnt-city-hall", "plot")
    cue_looting_economic: float = _cue(0.35, "looting", "economic")
    cue_looting_terrorism: float = _cue(0.3, "looting", "terrorism")
    cue_looting_revolution: float = _cue(0.15, "looting", "revolution")
    cue_looting_plot: float = _cue(0.35, "looting", "plot")
    cue_dead_officers_economic: float = _cue(0.1, "dead-officers", "economic")
    cue_dead_officers_terrorism: float = _cue(0.5, "dead-officers", "terrorism")
    cue_dead_officers_revolution: float = _cue(0.15, "dead-officers", "revolution")
    cue_dead_officers_plot: float = _cue(0.3, "dead-officers", "plot")
    cue_shot_bystander_economic: float = _cue(0.4, "shot-bystander", "economic")
    cue_shot_bystander_terrorism: float = _cue(0.2, "shot-bystander", "terrorism")
    cue_shot_bystander_revolution: float = _cue(0.3, "shot-bystander", "revolution")
    cue_shot_bystander_plot: float = _cue(0.2, "shot-bystander", "plot")
    cue_chants_economic: float = _cue(0.5, "chants", "economic")
    cue_chants_terrorism: float = _cue(0.05, "chants", "terrorism")
    cue_chants_revolution: float = _cue(0.35, "chants", "revolution")
    cue_chants_plot: float = _cue(0.15, "chants", "plot")


def state_habit(p: FramingParameters) -> Belief:
    """Return pi of state media: what they say anyway, over stories."""
    return _distribution(
        (
            p.state_habit_economic,
            p.state_habit_terrorism,
            p.state_habit_revolution,
            p.state_habit_plot,
        )
    )


def foreign_habit(p: FramingParameters) -> Belief:
    """Return pi of foreign media: what they say anyway, over stories."""
    return _distribution(
        (
            p.foreign_habit_economic,
            p.foreign_habit_terrorism,
            p.foreign_habit_revolution,
            p.foreign_habit_plot,
        )
    )


def prior_belief(p: FramingParameters) -> Belief:
    """Return the belief of every audience before anybody has spoken."""
    return _distribution((p.prior_economic, p.prior_terrorism, p.prior_revolution, p.prior_plot))


def cue_likelihoods(p: FramingParameters) -> Mapping[str, Belief]:
    """Return P(cue | story) of every cue, in the order of the stories."""
    return {
        "burnt-city-hall": (
            p.cue_burnt_city_hall_economic,
            p.cue_burnt_city_hall_terrorism,
            p.cue_burnt_city_hall_revolution,
            p.cue_burnt_city_hall_plot,
        ),
        "looting": (
            p.cue_looting_economic,
            p.cue_looting_terrorism,
            p.cue_looting_revolution,
            p.cue_looting_plot,
        ),
        "dead-officers": (
            p.cue_dead_officers_economic,
            p.cue_dead_officers_terrorism,
            p.cue_dead_officers_revolution,
            p.cue_dead_officers_plot,
        ),
        "shot-bystander": (
            p.cue_shot_bystander_economic,
            p.cue_shot_bystander_terrorism,
            p.cue_shot_bystander_revolution,
            p.cue_shot_bystander_plot,
        ),
        "chants": (
            p.cue_chants_economic,
            p.cue_chants_terrorism,
            p.cue_chants_revolution,
            p.cue_chants_plot,
        ),
    }


def _distribution(weights: Sequence[float]) -> Belief:
    """Return weights as chances that sum to 1."""
    total = exact_sum(weights)
    return tuple(weight / total for weight in weights)
