"""What was observed, and how near runs come to it."""

from steppe.evidence.observables import OBSERVABLES, Observable, daily
from steppe.evidence.scoring import TargetScore, score
from steppe.evidence.series import ObservedSeries, Point, daily_comparison
from steppe.evidence.targets import ResolvedTarget, resolve
from steppe.evidence.view import NATIONAL, View, view

__all__ = [
    "NATIONAL",
    "OBSERVABLES",
    "Observable",
    "ObservedSeries",
    "Point",
    "ResolvedTarget",
    "TargetScore",
    "View",
    "daily",
    "daily_comparison",
    "resolve",
    "score",
    "view",
]
