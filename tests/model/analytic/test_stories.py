"""Stories and rumours: Bayes by hand, the limits of credibility, the share nobody told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.case.society import USUAL_AUDIENCES
from steppe.model.audiences import PUBLICS, RURAL, SECURITY, URBAN
from steppe.model.mechanisms.framing import FRAMING, Listener, News, listen
from steppe.model.mechanisms.framing_parameters import (
    FramingParameters,
    cue_likelihoods,
    prior_belief,
)
from steppe.model.mechanisms.rumour import RUMOUR
from steppe.model.theory.framing import FRAMES

from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
DEFAULT = FramingParameters()
HOME_PRIOR, CUES = prior_belief(DEFAULT), cue_likelihoods(DEFAULT)
AUDIENCES = sorted(
    USUAL_AUDIENCES, key=lambda one: PUBLICS.index(one.id) if one.id in PUBLICS else len(PUBLICS)
)
LISTENING: dict[str, Any] = {
    "audience_state_media": [one.state_media for one in AUDIENCES],
    "audience_foreign_media": [one.foreign_media for one in AUDIENCES],
    "audience_sees": [float(one.sees) for one in AUDIENCES],
    "audience_abroad": [float(one.where == "abroad") for one in AUDIENCES],
    "listening_place": [0], "listening_audience": [URBAN], "listening_share": [1.0],
}  # fmt: skip
ROWS = {"audience": len(AUDIENCES), "listening": 1}
TOWNSMAN = Listener(0.3, 0.5, sees=True, abroad=False)
BELIEFS = ("audience_economic", "audience_terrorism", "audience_revolution", "audience_plot")
STATE = (*BELIEFS, "place_frame", "nation_frame_security")


def told(
    hours: int = 1, start: int = 0, p: dict[str, float] | None = None, **changes: Any
) -> list[dict[str, Any]]:
    """What audiences believe hour by hour in one city."""
    state: dict[str, Any] = dict.fromkeys(STATE, 0.0)
    out = []
    base = {"place_population": 1e6} | LISTENING | changes
    for hour in range(start, start + hours):
        out.append(tried(FRAMING, p, rows=ROWS, hour=hour, **{**base, **state}))
        state = {name: out[-1][name] for name in STATE}
    return out


def table(out: dict[str, Any]) -> np.ndarray:
    """Beliefs by audience (rows) and frame (columns)."""
    return np.stack([out[name] for name in BELIEFS], axis=1)


def posterior(prior: Any, likelihood: Any) -> np.ndarray:
    joint = np.asarray(prior) * np.asarray(likelihood)
    return np.asarray(joint / joint.sum())


# ---- when nothing happens


def test_where_nothing_happens_everybody_keeps_the_prior() -> None:
    for out in told(60):
        assert table(out) == pytest.approx(np.tile(HOME_PRIOR, (len(AUDIENCES), 1)), abs=1e-12)
        assert only(out, "place_frame") == pytest.approx(0.1, abs=1e-12)
        assert only(out, "nation_frame_change") == pytest.approx(0.0, abs=1e-12)


@given(st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4), st.integers(1, 8))
@repeatable
def test_beliefs_drift_back_by_one_percent_a_day(raw: list[float], hours: int) -> None:
    prior = np.array(HOME_PRIOR)
    held = tuple(float(v) for v in np.array(raw) / sum(raw))
    p = FramingParameters.build({"interval": float(hours)})
    news = News(active=0.0, online=1.0, official=False, cues=())
    after = np.array(listen(p, TOWNSMAN, held, news))
    rate = 0.01 * hours / 24
    assert after - prior == pytest.approx((1 - rate) * (np.array(held) - prior), abs=1e-14)


# ---- one message, by hand


@pytest.mark.parametrize("row", range(len(AUDIENCES)), ids=[a.id for a in AUDIENCES])
def test_the_official_story_is_believed_by_credibility(row: int) -> None:
    kap = AUDIENCES[row].state_media
    likelihood = [0.5 * (1 - kap) + kap * (frame == "terrorism") for frame in FRAMES]
    out = told(nation_reframed=1.0)[0]
    assert table(out)[row] == pytest.approx(posterior(HOME_PRIOR, likelihood), abs=1e-14)


def test_the_security_forces_believe_it_by_almost_four_tenths() -> None:
    # .1 * .85/(.1 * .85 + .9 * .15)
    out = told(nation_reframed=1.0)[0]
    assert only(out, "nation_frame_security") == pytest.approx(0.085 / 0.22, abs=1e-12)
    assert only(out, "nation_frame_change") == pytest.approx(0.085 / 0.22 - 0.1, abs=1e-12)


@pytest.mark.parametrize("cut", [0.0, 0.5, 1.0])
def test_foreign_media_reach_home_as_far_as_the_internet_does(cut: float) -> None:
    # too few on the street for cues to be seen by more than 2 %, so watch who cannot see
    out = table(told(place_peaceful=200.0, place_internet_cut=cut)[0])
    for row, audience in enumerate(AUDIENCES):
        kap = audience.foreign_media
        likelihood = [0.6 * (1 - kap) + kap * (f == "economic-grievance") for f in FRAMES]
        heard = posterior(HOME_PRIOR, likelihood)
        if audience.where == "abroad":
            assert out[row] == pytest.approx(heard, abs=1e-14)
        else:
            reached = np.array(HOME_PRIOR) + (1 - cut) * (heard - np.array(HOME_PRIOR))
            seen = posterior(reached, CUES["chants"])
            assert out[row] == pytest.approx(reached + 0.02 * (seen - reached), abs=1e-14)


def test_messages_come_every_six_hours() -> None:
    changes = [abs(only(out, "nation_frame_change")) > 1e-9 for out in told(24, nation_reframed=1)]
    assert [hour for hour, moved in enumerate(changes) if moved] == [0, 6, 12, 18]


def test_changes_of_acceptance_add_up() -> None:
    run = told(100, nation_reframed=1.0, place_peaceful=3000.0, place_deaths=1.0)
    moved = sum(only(out, "nation_frame_change") for out in run)
    assert 0.1 + moved == pytest.approx(only(run[-1], "nation_frame_security"), abs=1e-12)


def test_a_place_believes_what_its_people_believe() -> None:
    # two towns and a village; a quarter of the people of the second town listen apart
    apart = len(AUDIENCES)
    shares = {"listening_place": [0, 1, 2, 2], "listening_audience": [URBAN, RURAL, URBAN, apart],
              "listening_share": [1.0, 1.0, 0.75, 0.25]}  # fmt: skip
    heard = {"state_media": 0.6, "foreign_media": 0.2, "sees": 1.0, "abroad": 0.0}
    own = {f"audience_{name}": [*LISTENING[f"audience_{name}"], v] for name, v in heard.items()}
    out = tried(
        FRAMING, rows={"place": 3, "audience": apart + 1, "listening": 4}, nation_reframed=1.0,
        place_population=1e6, **{**own, **shares},
    )  # fmt: skip
    urban, rural, others = (out["audience_terrorism"][r] for r in (URBAN, RURAL, apart))
    expected = [urban, rural, 0.75 * urban + 0.25 * others]
    assert out["place_frame"] == pytest.approx(expected, abs=1e-15)
    assert others == pytest.approx(rural, abs=1e-15)
    assert urban < rural < out["audience_terrorism"][SECURITY]


# ---- 11(a), 11(b), 11(d)


def with_trust(kap: float) -> dict[str, Any]:
    """Columns by which every audience trusts every medium by ``kap``."""
    media = ("audience_state_media", "audience_foreign_media")
    return LISTENING | {name: [kap] * len(AUDIENCES) for name in media}


@pytest.mark.parametrize("reframed", [0.0, 1.0])
def test_who_is_not_believed_moves_nobody(reframed: float) -> None:
    # 11(a): kap = 0, and cues as likely under every story are no evidence to those who see them
    p = {e.name: 0.25 for e in DEFAULT.ledger() if e.name.startswith("cue_")}
    p.pop("cue_share")
    out = told(30, p=p, nation_reframed=reframed, place_peaceful=5e4, **with_trust(0.0))[-1]
    assert table(out) == pytest.approx(np.tile(HOME_PRIOR, (len(AUDIENCES), 1)), abs=1e-12)


def test_who_is_believed_entirely_convinces_entirely() -> None:
    # 11(b): kap = 1
    out = told(nation_reframed=1.0, **with_trust(1.0))[0]
    assert out["audience_terrorism"] == pytest.approx(np.ones(len(AUDIENCES)), abs=1e-14)


@given(st.permutations(sorted(CUES)), st.floats(0.0, 0.02))
@repeatable
def test_the_order_of_what_is_seen_does_not_matter(cues: list[str], active: float) -> None:
    # 11(d)
    def after(order: list[str]) -> Any:
        news = News(active=active, online=1.0, official=True, cues=tuple(order))
        return listen(DEFAULT, TOWNSMAN, HOME_PRIOR, news)

    assert after(cues) == pytest.approx(after(sorted(CUES)), abs=1e-12)


# ---- rumour


def spread(hours: int, p: dict[str, float] | None = None, **changes: Any) -> dict[str, np.ndarray]:
    """Shares telling and knowing the rumour, by hour, in one place where a building was lost."""
    state: dict[str, Any] = {"place_rumour_spreading": 0.0, "place_rumour_heard": 0.0}
    base = {"building_lost": 1, "place_internet_cut": 1.0} | changes
    series: dict[str, list[float]] = {name: [] for name in state}
    for _ in range(hours):
        out = tried(RUMOUR, p, **{**base, **state})
        state = {name: out[name] for name in state}
        for name, values in series.items():
            values.append(only(out, name))
    return {name: np.array(values) for name, values in series.items()}


@pytest.mark.parametrize("contact", [0.02, 0.04])
def test_a_fifth_never_hears_a_rumour(contact: float) -> None:
    # 3(a): root of x = exp(-2 (1 - x)), without correction, in the limit of small steps
    run = spread(1800, {"contact": contact, "spark": 1e-5, "correction": 0.0})
    final = 1.0 - run["place_rumour_heard"][-1]
    assert run["place_rumour_spreading"][-1] < 1e-6
    assert final == pytest.approx(0.203188, abs=0.06 * contact + 2e-5)


def test_the_error_of_the_step_shrinks_with_the_step() -> None:
    errors = []
    for contact, hours in ((0.16, 500), (0.08, 900), (0.04, 1800)):
        run = spread(hours, {"contact": contact, "spark": 1e-5, "correction": 0.0})
        errors.append(abs(1.0 - run["place_rumour_heard"][-1] - 0.203188))
    assert errors[1] == pytest.approx(errors[0] / 2, rel=0.1)
    assert errors[2] == pytest.approx(errors[1] / 2, rel=0.1)


def test_a_rumour_begins_where_something_happened() -> None:
    quiet = spread(50, building_lost=0)
    assert not quiet["place_rumour_heard"].any()
    for cause in ({"building_lost": 1}, {"building_lost": 0, "place_defected_officers": 100.0}):
        assert spread(50, **cause)["place_rumour_heard"][-1] > 0.01


def test_a_rumour_stays_in_its_place() -> None:
    out = tried(
        RUMOUR, rows={"place": 2, "building": 2}, building_place=[0, 1], building_lost=[1, 0]
    )
    assert out["place_rumour_heard"][0] > 0.0
    assert out["place_rumour_heard"][1] == out["place_rumour_spreading"][1] == 0.0


def test_news_correct_a_rumour_as_far_as_they_reach() -> None:
    heard = [
        spread(300, place_internet_cut=cut)["place_rumour_heard"][-1] for cut in (0.0, 0.5, 1.0)
    ]
    assert heard == sorted(heard)
    assert heard[0] < heard[2] - 0.1


def test_one_hour_by_hand() -> None:
    # S = .1, I = .6: heard r S I = .012, silenced r S (1 - I) = .008, corrected .1 * .25 * .1
    out = tried(RUMOUR, place_rumour_spreading=0.1, place_rumour_heard=0.4, place_internet_cut=0.75)
    assert only(out, "place_rumour_heard") == pytest.approx(0.412, abs=1e-15)
    assert only(out, "place_rumour_spreading") == pytest.approx(0.1 + 0.012 - 0.008 - 0.0025)


def test_who_has_heard_never_forgets() -> None:
    run = spread(400, place_internet_cut=0.3)
    assert (np.diff(run["place_rumour_heard"]) >= 0.0).all()
    assert (run["place_rumour_spreading"] <= run["place_rumour_heard"] + 1e-15).all()
