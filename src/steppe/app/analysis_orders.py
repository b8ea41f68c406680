"""What a user may have analysed, as the command line that does it: one truth with the terminal."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from steppe.app.errors import RequestError
from steppe.app.look import MOST_SEEDS, engine_for
from steppe.app.nowcasts import LOOKS, settings_of
from steppe.study.nowcast.question import LOOKS as NOWCAST_LOOKS
from steppe.study.request import ENGINE, CaseChanges, StudyRequest

if TYPE_CHECKING:
    from steppe.app.comparison import Comparison

Kind = Literal[
    "report", "counterfactuals", "sweep", "sensitivity", "judge", "branch", "free", "nowcast"
]
TITLES: Mapping[Kind, str] = {
    "report": "Report of what is on screen",
    "counterfactuals": "All counterfactuals of the case",
    "sweep": "Sweep and tipping point",
    "sensitivity": "Which parameters matter",
    "judge": "Claims, judged",
    "branch": "Branches of one history",
    "free": "The actors decide",
    "nowcast": "What was known on",
}
KEYS = ("kind", "engine", "seeds", "path", "low", "high", "points", "at", "looks")
POINTS = (2, 41)
_PATH = re.compile(r"[a-z][a-z0-9_.-]{0,79}")
_AT = re.compile(r"[0-9A-Za-z][0-9A-Za-z:_-]{0,39}")


@dataclass(frozen=True, slots=True)
class AnalysisOrder:
    """One analysis of a setting; ``path``, ``low``, ``high``, ``points`` are of a sweep.

    ``at`` is when branches part, from when on the actors decide for themselves, or the last day
    that a nowcast of ``looks`` lets in.
    """

    kind: Kind
    engine: Literal["citizens", "cohorts"] = "cohorts"
    seeds: int = 8
    path: str = ""
    low: float = 0.0
    high: float = 1.0
    points: int = 6
    at: str = ""
    looks: int = NOWCAST_LOOKS


def order_of(document: Mapping[str, Any], most: int) -> AnalysisOrder:
    """Return the order that a document describes; ``RequestError`` for what is not understood."""
    unknown = sorted(set(document) - set(KEYS))
    if unknown:
        raise RequestError(f"analysis: unknown key {unknown[0]!r}; allowed: {', '.join(KEYS)}")
    if document.get("kind") not in get_args(Kind):
        raise RequestError(f"analysis: kind is one of {', '.join(get_args(Kind))}")
    if document.get("engine", "cohorts") not in ("citizens", "cohorts"):
        raise RequestError("analysis: engine is citizens or cohorts")
    order = AnalysisOrder(**document)
    _check_whole("seeds", order.seeds, 1, most)
    _check_whole("points", order.points, *POINTS)
    for name in ("low", "high"):
        value = getattr(order, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
            raise RequestError(f"analysis: {name}: expected a number")
    if order.kind == "sweep" and not (_is_text(order.path, _PATH) and order.low < order.high):
        raise RequestError("analysis: name what varies, and from which value to a higher one")
    _check_whole("looks", order.looks, *LOOKS)
    if order.kind in ("branch", "free", "nowcast") and not _is_text(order.at, _AT):
        raise RequestError("analysis: say when, such as 2022-01-05T18:00, or `request`")
    return order


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RequestError(f"analysis: {name}: expected a whole number from {low} to {high}")


def _is_text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def command_of(order: AnalysisOrder, one: Comparison, stored: int, store: str) -> list[str]:
    """Return the words of the command line; ``stored`` pairs or runs are there of the setting."""
    base = replace(
        one.portable, seeds=order.seeds, engine=order.engine, scale=1.0, store=store
    )  # fmt: skip
    changed, plain = replace(base, variant=CaseChanges(), shared=base.variant), _alone(base)
    if order.kind == "report":
        return _words(_reported(one, base, stored))
    if order.kind == "counterfactuals":
        return _words(plain, "pair", "--all", "--no-report")
    if order.kind == "sweep":
        over = f"{order.path}={order.low:g}:{order.high:g}:{order.points}"
        others = tuple(value for value in changed.shared.values if value[0] != order.path)
        changed = replace(changed, shared=replace(changed.shared, values=others))
        return _words(changed, "sweep", "--over", over, "--tipping", *_curves(over))
    if order.kind == "sensitivity":
        return _words(changed, "sensitivity")
    if order.kind == "nowcast":
        return _nowcast(order, plain)
    if order.kind == "judge":
        return _words(replace(plain, parameters=None), "judge", seeds=False)
    if not base.variant:
        raise RequestError("choose a what-if first: it is what is compared")
    if order.kind == "branch":  # cohorts keep no state to go on from
        return _words(replace(base, engine="citizens"), "branch", "--at", order.at)
    return _words(replace(base, free_from=order.at))


def _curves(over: str) -> list[str]:
    """Return the option that writes the curves for a paper, where they can be drawn."""
    if importlib.util.find_spec("matplotlib") is None:
        return []
    return ["--figures", re.sub(r"[^a-z0-9.]+", "-", f"curves-{over}") + ".zip"]


def _nowcast(order: AnalysisOrder, plain: StudyRequest) -> list[str]:
    settings = settings_of(order.looks)
    own = ["--until", order.at]
    if order.looks != NOWCAST_LOOKS:
        own += ["--looks", f"{settings.looks}", "--draws", f"{settings.draws}"]
    return _words(
        replace(plain, parameters=None, engine=ENGINE, first=1), "nowcast", *own, seeds=False
    )


def _alone(request: StudyRequest) -> StudyRequest:
    return replace(request, variant=CaseChanges(), shared=CaseChanges())


def _reported(one: Comparison, base: StudyRequest, stored: int) -> StudyRequest:
    """Return the request behind what is on screen: the stored runs, else a quick look."""
    if stored:
        return replace(base, seeds=stored, engine="citizens", scale=one.request.scale)
    how = engine_for(one.arms)
    return replace(base, seeds=min(MOST_SEEDS, how.seeds), engine=how.engine, scale=how.scale)


def _words(request: StudyRequest, name: str = "", *own: str, seeds: bool = True) -> list[str]:
    return shlex.split(request.as_command(name, own, seeds=seeds))[1:]
