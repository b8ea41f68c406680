"""Framing: competing stories of the same events, believed by different audiences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.response import Floats, exact_sum
from steppe.model.audiences import SECURITY
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.framing_parameters import (
    FramingParameters,
    cue_likelihoods,
    foreign_habit,
    prior_belief,
    state_habit,
)
from steppe.model.phases import Phase
from steppe.model.theory.framing import (
    FRAMES,
    Belief,
    exposed,
    forget,
    hear,
    message_likelihood,
)

STORIES = ("audience_economic", "audience_terrorism", "audience_revolution", "audience_plot")
"""Columns of how far each audience believes a story, in the order of ``FRAMES``."""

Stories = tuple[Floats, Floats, Floats, Floats]
"""How far each audience believes a story (audience,), in the order of ``FRAMES``."""

ECONOMIC, TERRORISM = FRAMES.index("economic-grievance"), FRAMES.index("terrorism")


def _cues(
    p: FramingParameters, active: float, looting: float, lost: bool, deaths: float, officers: float
) -> tuple[str, ...]:
    cues = []
    if active > p.cue_share:
        cues.append("chants")
    if lost:
        cues.append("burnt-city-hall")
    if looting > 0.0:
        cues.append("looting")
    if deaths > 0.0:
        cues.append("shot-bystander")
    if officers > 0.0:
        cues.append("dead-officers")
    return tuple(cues)


@dataclass(frozen=True, slots=True)
class News:
    """What there is to hear and see: share on the street, reach of the net, story, cues."""

    active: float
    online: float
    official: bool
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """An audience: its trust in media of the state and in foreign ones, what it sees, where it is.

    ``sees`` is whether it can see the streets with its own eyes.
    """

    state_media: float
    foreign_media: float
    sees: bool
    abroad: bool


def _listeners(*columns: Floats) -> Iterator[Listener]:
    """Yield the audiences of columns of trust in state and foreign media, sight and place."""
    for state, foreign, sees, abroad in zip(*columns, strict=True):
        yield Listener(float(state), float(foreign), bool(sees), bool(abroad))


def listen(p: FramingParameters, audience: Listener, before: Belief, news: News) -> Belief:
    """Return the belief of ``audience`` after some hours of news.

    State media call it terrorism once the government does; foreign media call it hardship, as far
    as the internet reaches; cues convince those who can see them.
    """
    belief = forget(before, prior_belief(p), p.forgetting * p.interval / 24.0)
    if news.official:
        message = message_likelihood(TERRORISM, audience.state_media, state_habit(p))
        belief = hear(belief, [message])
    if news.active > p.cue_share:
        message = message_likelihood(ECONOMIC, audience.foreign_media, foreign_habit(p))
        reach = 1.0 if audience.abroad else news.online
        belief = exposed(belief, hear(belief, [message]), reach)
    if audience.sees and news.cues:
        likelihoods = cue_likelihoods(p)
        posterior = hear(belief, [likelihoods[cue] for cue in news.cues])
        belief = exposed(belief, posterior, min(1.0, news.active / p.sight_share))
    return belief


def listen_all(
    p: FramingParameters, audiences: Iterable[Listener], stories: Stories, news: News
) -> Stories:
    """Return what all ``audiences`` believe of each story after some hours of news."""
    before = zip(*(story.tolist() for story in stories), strict=True)
    after = [listen(p, who, belief, news) for who, belief in zip(audiences, before, strict=True)]
    economic, terrorism, revolution, plot = np.array(after).T.copy()
    return economic, terrorism, revolution, plot


def prior_stories(p: FramingParameters, audiences: int) -> Stories:
    """Return what ``audiences`` believe of each story before there is any news."""
    economic, terrorism, revolution, plot = (np.full(audiences, b) for b in prior_belief(p))
    return economic, terrorism, revolution, plot


def places_believe(accepted: Floats, listeners: tuple[Any, Any, Floats], places: int) -> Floats:
    """Return the acceptance of a story by place: that of its audiences, by their shares.

    a_c = sum_b w_cb a_b;  w_cb = share of audience b among the people of place c
    """
    place, audience, share = listeners
    belief = np.bincount(place, weights=share * accepted[audience], minlength=places)
    return np.asarray(belief, dtype=np.float64)


def persuade(
    p: FramingParameters,
    *,
    audience_economic: Floats,
    audience_terrorism: Floats,
    audience_revolution: Floats,
    audience_plot: Floats,
    place_frame: Floats,
    nation_frame_security: Floats,
    nation_reframed: Floats,
    nation_seized: Floats,
    nation_officers_killed: Floats,
    place_peaceful: Floats,
    place_violent: Floats,
    place_looting: Floats,
    place_deaths: Floats,
    place_internet_cut: Floats,
    place_population: Floats,
    audience_state_media: Floats,
    audience_foreign_media: Floats,
    audience_sees: Floats,
    audience_abroad: Floats,
    listening_place: Any,
    listening_audience: Any,
    listening_share: Floats,
    persons: float,
    hour: int,
) -> dict[str, Any]:
    """Update every audience by Bayes every few hours.

    P(message f | truth f') = kap [f' = f] + (1 - kap) pi(f); cues have fixed rows; beliefs drift
    back to the prior (see ``listen``). Between messages all is left as it is.
    """
    stories = (audience_economic, audience_terrorism, audience_revolution, audience_plot)
    begins = not any(story[SECURITY] for story in stories)
    hears = hour % int(p.interval) == 0
    if not (begins or hears):
        return {
            **dict(zip(STORIES, stories, strict=True)),
            "place_frame": place_frame,
            "nation_frame_security": nation_frame_security,
            "nation_frame_change": np.zeros(1),
        }
    if begins:
        stories = prior_stories(p, len(audience_sees))
    before = float(stories[TERRORISM][SECURITY])
    if hears:
        active = exact_sum(place_peaceful + place_violent + place_looting) / persons
        news = News(
            active=active,
            online=1.0 - exact_sum(place_internet_cut * place_population) / persons,
            official=bool(nation_reframed[0] > 0.0),
            cues=_cues(p, active, exact_sum(place_looting), bool(nation_seized[0] > 0.0),
                       exact_sum(place_deaths), float(nation_officers_killed[0])),
        )  # fmt: skip
        audiences = _listeners(
            audience_state_media, audience_foreign_media, audience_sees, audience_abroad
        )
        stories = listen_all(p, audiences, stories, news)
    accepted = stories[TERRORISM]
    return {
        **dict(zip(STORIES, stories, strict=True)),
        "place_frame": places_believe(
            accepted, (listening_place, listening_audience, listening_share), len(place_population)
        ),
        "nation_frame_security": np.array([accepted[SECURITY]]),
        "nation_frame_change": np.array([float(accepted[SECURITY]) - before]),
    }


FRAMING = Mechanism(
    name="bayes",
    role="framing",
    phase=Phase.INFORMATION,
    title="The contest of stories",
    equation="P(f | message) ~ P(f) (kap [f = said] + (1-kap) pi(said));  cues likewise",
    parameters=FramingParameters,
    rule=persuade,
    writes=(*STORIES, "place_frame", "nation_frame_security", "nation_frame_change"),
    sources=(
        "Chong & Druckman, American Political Science Review 101 (2007)",
        "Guriev & Treisman, Journal of Public Economics 186 (2020)",
    ),
    evidence="conjecture",
)
