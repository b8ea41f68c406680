"""A nowcast of a case: nothing later is read, and neither stops nor processes change a bit."""

from __future__ import annotations

import json
import pickle
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from steppe.case.load import load
from steppe.case.scenario import Scenario, Target
from steppe.cli import cli
from steppe.core.errors import CaseError
from steppe.study.nowcast.answers import FOLDER
from steppe.study.nowcast.growth import LEAST, Growth, growth_of
from steppe.study.nowcast.history import end_hour, history_until, last_day
from steppe.study.nowcast.nowcast import nowcast
from steppe.study.nowcast.question import NowcastSettings, question_of
from steppe.study.nowcast.references import situation
from steppe.study.nowcast.result import Members, Nowcast
from steppe.study.nowcast.variants import variants_of

DAY = "2022-01-02"


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load("kazakhstan-2022")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nowcast")


@pytest.fixture(scope="module")
def first(case: Scenario, store: Path) -> Nowcast:
    return nowcast(case, DAY, store=store, workers=1, looks=6, draws=3)


def poisoned(case: Scenario, until: date) -> Scenario:
    """Return the case with nonsense in everything that is dated after ``until``."""

    def nonsense(one: Target) -> Target:
        value = 9.0 if one.observable == "onset_day" else 1.0  # a beginning that is still to come
        return one.model_copy(update={"low": value, "value": value, "high": value})

    targets = tuple(
        one if last_day(one) <= until else nonsense(one) for one in case.evidence.targets
    )
    later = [e.at.date() > until for e in case.timeline]
    events = tuple(
        e.model_copy(update={"value": 4.0, "where": ("aktobe",), "do": "force_level"})
        if late
        else e
        for e, late in zip(case.timeline, later, strict=True)
    )
    prices = tuple(
        p.model_copy(update={"price": 999.0, "cause": "market"}) if p.from_.date() > until else p
        for p in case.price_steps
    )
    observations = tuple(
        o.model_copy(update={"value": 1.0, "low": 1.0, "high": 1.0})
        if o.date > until.isoformat() else o
        for o in case.observations
    )  # fmt: skip
    return case.model_copy(update={
        "evidence": case.evidence.model_copy(update={"targets": targets}),
        "timeline": events, "price_steps": prices, "observations": observations,
    })  # fmt: skip


def test_nothing_that_is_dated_later_changes_a_bit(
    case: Scenario, first: Nowcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the posterior of the case was opened")

    monkeypatch.setattr("steppe.study.parameters.posterior_of", never)
    other = poisoned(case, date.fromisoformat(DAY))
    assert other != case
    again = nowcast(other, DAY, store=tmp_path, workers=1, looks=6, draws=3)
    assert again.document() == first.document()


def test_a_stopped_nowcast_goes_on_and_processes_change_no_bit(
    case: Scenario, first: Nowcast, store: Path
) -> None:
    files = sorted((store / FOLDER).glob("*.npy"))
    assert len(files) >= 3  # looks of the prior, looks near the figures, courses
    files[0].unlink()
    told: list[tuple[str, int, int]] = []
    again = nowcast(case, DAY, store=store, workers=2, looks=6, draws=3,
                    on_progress=lambda *what: told.append(what))  # fmt: skip
    assert len(told) == 1
    assert again.document() == first.document()


def test_every_figure_of_the_case_goes_to_other_processes(case: Scenario) -> None:
    """A job that cannot be sent is never answered: the nowcast of 7 January waited for ever."""
    question = question_of(case, "2022-01-15", (), NowcastSettings(6, 3, 1, None, True))
    reader = pickle.loads(pickle.dumps(question.look_job)).reader
    assert len(reader.figures) > 40
    assert reader.key == question.look_job.reader.key


def test_without_figures_the_first_draws_of_the_law_go_on(case: Scenario, store: Path) -> None:
    free = nowcast(case, DAY, store=store, workers=1, looks=3, draws=2, conditioned=False)
    assert (free.draws, free.figures, free.beta) == (2, (), 1.0)
    weights = {day.model.weights.tobytes() for fan in free.fans for day in fan.days}
    assert len(weights) == 1
    assert free.fans[0].days[0].model.weights.tolist() == [0.5, 0.5]


def test_what_is_said(first: Nowcast) -> None:
    assert first.until == date(2022, 1, 2)
    assert first.prior == "population"
    assert 0 < first.draws <= 3
    assert [one.name for one in first.chances] == [
        "ends_7d", "next_class_30d", "lethal_30d", "falls_30d", "out_12m",
    ]  # fmt: skip
    assert all(0.0 <= one.pooled <= 1.0 for one in first.chances)
    assert first.chances[0].persistence == 0.0  # a protest was seen that day
    assert first.fan("peak_on_day").last == 400.0
    assert len(first.fan("peak_on_day").days) == 30
    assert first.fan("peak_on_day").days[0].day == date(2022, 1, 3)
    with pytest.raises(KeyError):
        first.fan("no-such-thing")


def test_the_history_holds_nothing_later(case: Scenario) -> None:
    until = date(2022, 1, 4)
    then = history_until(case, until)
    assert max(e.at.date() for e in then.timeline) == until
    assert max(p.from_.date() for p in then.price_steps) <= until
    assert all(last_day(one) <= until for one in then.evidence.targets)
    quiet = next(one for one in case.evidence.targets if one.id == "quiet-after")
    assert last_day(quiet) == date.max  # it is known of no day before the end
    assert {"turnout-04", "onset-zhambyl"} <= {one.id for one in then.evidence.targets}
    # its range is open until the fifth
    assert "onset-kostanay" not in {one.id for one in then.evidence.targets}
    assert then.free_from == end_hour(case, until) == 8 * 24
    assert then.clock.hours == 8 * 24 + 30 * 24


def test_a_day_outside_the_case_is_refused(case: Scenario) -> None:
    for text in ("2022-03-01", "2021-12-27", "the fourth"):
        with pytest.raises(CaseError, match="2021-12-28 to 2022-01-19"):
            nowcast(case, text)


def test_a_what_if_acts_after_the_day_or_is_refused(case: Scenario) -> None:
    until = date(2022, 1, 4)
    assert list(variants_of(case, ["no-lethal-force"], until)) == ["no-lethal-force"]
    with pytest.raises(CaseError, match="acts before the end of 2022-01-04"):
        variants_of(case, ["no-price-shock"], until)


def test_growth_elsewhere_is_of_protests_of_the_same_day_size_and_state() -> None:
    """One that is still going on seldom ends within a week; one that is not has mostly ended."""
    on, over = growth_of(3, 38_000.0, True), growth_of(5, 38_000.0, False)
    assert set(on.columns["day"]) == set(over.columns["day"]) == {3.0}
    assert len(on) + len(over) == len(growth_of(3, 38_000.0))
    sizes = on.columns["largest_so_far"]
    assert sizes.min() >= 1e4
    assert sizes.max() < 1e5
    assert on.ends < 0.4 < 0.7 < over.ends
    assert growth_of(1, 400.0, True).ends == growth_of(1, 400.0, False).ends


def test_growth_of_few_protests_is_that_of_every_size() -> None:
    few = growth_of(7, 2e5, False)
    assert len(few) >= LEAST
    assert few.columns["largest_so_far"].min() < 1e5
    assert growth_of(1, 2e5).escalates is None  # none is larger than the largest class


def test_a_protest_that_goes_on_without_a_new_event_stays_as_large_as_it_was() -> None:
    rows = {"ends_7d": [1.0, 0.0, 0.0], "last_size": [5.0, 50.0, 5.0], "events_7d": [0.0, 0.0, 1.0],
            "largest_7d": [0.0, 0.0, 300.0], "largest_so_far": [100.0, 100.0, 100.0],
            "events_30d": [0.0, 0.0, 1.0], "largest_30d": [0.0, 0.0, 300.0]}  # fmt: skip
    growth = Growth({name: np.array(values) for name, values in rows.items()})
    assert growth.crowds(2_000.0, 5).tolist() == [0.0, 1_000.0, 6_000.0]
    assert growth.crowds(2_000.0, 20).tolist() == [0.0, 0.0, 6_000.0]
    assert growth.ends == pytest.approx(1 / 3)


def test_a_pool_has_the_weights_of_both() -> None:
    model, growth = Members(np.array([10.0]), np.ones(1)), Members(np.zeros(1), np.ones(1))
    pooled = model.pool(growth)
    assert pooled.weights.tolist() == pytest.approx([0.7, 0.3])
    assert pooled.quantiles() == (0.0, 0.0, 10.0, 10.0, 10.0)
    assert model.pool(None) is model


def test_a_situation_without_figures_is_silent() -> None:
    nothing = situation([], date(2022, 1, 4))
    assert (nothing.day, nothing.largest, nothing.running) == (None, None, None)
    assert nothing.like is None
    assert nothing.any_size is None


def test_the_command_says_the_same(first: Nowcast, store: Path) -> None:
    words = ["nowcast", "kazakhstan-2022", "--until", DAY, "--looks", "6", "--draws", "3",
             "--workers", "1", "--store", str(store)]  # fmt: skip
    done = CliRunner().invoke(cli, [*words, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == first.document()
    page = store / "page.html"
    told = CliRunner().invoke(cli, [*words, "--html", str(page)]).stdout
    assert "ends_7d" in told
    assert "the law of all crises but this one" in told
    text = page.read_text(encoding="utf-8")
    assert "http://" not in re.sub(r"<pre.*?</pre>|http://www.w3.org", "", text, flags=re.DOTALL)
    found = [json.loads(data) for data in re.findall(
        r'data-chart="fan">\s*<script type="application/json">(.*?)</script>', text)]  # fmt: skip
    days = first.fan("peak_on_day").days[:14]
    assert found[0]["median"] == [day.pooled.quantiles()[2] for day in days]
    assert found[0]["start"] == "2022-01-03T00:00"
    assert all(one.words in text for one in first.chances)
    assert "steppe nowcast kazakhstan-2022 --until 2022-01-02 --looks 6 --draws 3" in text


def test_the_command_answers_a_mistake_in_words(store: Path) -> None:
    words = ["nowcast", "kazakhstan-2022", "--store", str(store), "--until"]
    wrong = CliRunner().invoke(cli, [*words, "2022-02-30"])
    assert wrong.exit_code == 2
    assert "'2022-02-30' is no day of the case" in wrong.stderr
    early = CliRunner().invoke(cli, [*words, DAY, "--what-if", "no-price-shok"])
    assert early.exit_code == 2
    assert "no-price-shock" in early.stderr
