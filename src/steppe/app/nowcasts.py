"""Nowcasts of a case for the page: its days, what was known of each, and the answers that are kept.

The page lets in one day after the other; an answer that was made once is there at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from steppe.case.scenario import Scenario
from steppe.evidence.observables import OBSERVABLES
from steppe.evidence.targets import resolve
from steppe.evidence.view import whole_days
from steppe.study.nowcast.answers import FOLDER, load_answer
from steppe.study.nowcast.course import FanKey, key_of_target
from steppe.study.nowcast.limits import GENERAL
from steppe.study.nowcast.question import NowcastSettings, answer_key, case_key

LOOKS = (4, 1000)
"""Least and most looks that a user may ask for."""


@dataclass(slots=True)
class Nowcasts:
    """Which nowcasts of the cases there are; the keys of their questions are remembered."""

    _keys: dict[tuple[str, int], tuple[Scenario, Mapping[str, str]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def document(self, case: Scenario, looks: int, stores: Sequence[Path]) -> dict[str, Any]:
        """Return the days of ``case``, its figures, and the answers kept in any of ``stores``."""
        keys = self._keys_of(case, looks)
        return {
            "days": list(keys),
            "limits": list(GENERAL),
            "observed": list(_observed(case)),
            "meanings": {name: one.meaning for name, one in OBSERVABLES.items()},
            "made": {day: one for day, key in keys.items() if (one := _answer(stores, key))},
        }

    def _keys_of(self, case: Scenario, looks: int) -> Mapping[str, str]:
        label = case.id, looks
        with self._lock:  # one user waits for the keys that another asked for
            entry = self._keys.get(label)
            if entry is None or entry[0] is not case:
                of_case = case_key(case, settings_of(looks))
                days = whole_days(case.clock.clock())
                keys = {f"{day}": answer_key(of_case, day) for day in days}
                entry = self._keys[label] = case, keys
        return entry[1]


def settings_of(looks: int) -> NowcastSettings:
    """Return how a nowcast of so many looks is made: half as many draws go on."""
    return NowcastSettings(looks=looks, draws=looks // 2)


def _answer(stores: Sequence[Path], key: str) -> dict[str, Any] | None:
    return next((one for store in stores if (one := load_answer(store / FOLDER, key))), None)


def _observed(case: Scenario) -> Iterator[dict[str, Any]]:
    """Yield the figures of single days: what was known of each by its end, and what came."""
    for one in resolve(case):
        if one.observable.kind == "day" and one.observable.is_count and not one.is_input:
            low, high = one.reported
            yield {
                "of": label(key_of_target(one)), "day": f"{date.fromisoformat(one.target.date)}",
                "low": low, "value": one.target.value, "high": high,
            }  # fmt: skip


def label(key: FanKey) -> str:
    """Return the name of a fan in a document: observable and region."""
    return f"{key.observable} {key.region}"
