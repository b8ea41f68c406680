"""One number of a run, as a claim names it: an outcome, an observable, a series, an event."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.case.part import Slug
from steppe.case.scenario import Part
from steppe.case.source_location import name_list
from steppe.case.units import LocalTime, Refusal

Reduce = Literal["mean", "max", "min", "last", "first", "sum", "change"]
KINDS = ("outcome", "observable", "series", "event", "targets")
"""What a quantity may be read from; each is written as a key of its own."""

_FITS = {
    "outcome": {"is"},
    "observable": {"region", "date"},
    "series": {"region", "label", "reduce", "from", "until"},
    "event": {"origin", "from", "until"},
    "targets": set[str](),
}


class ClaimQuantity(Part):
    """A number measured in one run; ``at_least`` and ``at_most`` turn it into 0 or 1.

    ``outcome`` is a scalar of the run (with ``is``: 1 when it is that word), ``observable`` a
    measurement at a date, ``series`` a recorded series reduced over hours, ``event`` 1 when such
    an event occurred, ``targets`` the share of these targets that the run meets.
    """

    outcome: str | None = None
    is_: str | None = Field(None, alias="is")
    observable: str | None = None
    region: Slug | None = None
    date: str | None = None
    series: str | None = None
    label: str | None = None
    reduce: Reduce | None = None
    from_: LocalTime | None = Field(None, alias="from")
    until: LocalTime | None = None
    event: str | None = None
    origin: Literal["scripted", "model"] | None = None
    targets: Annotated[tuple[Slug, ...], Field(max_length=200)] = ()
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        kinds = [name for name in KINDS if getattr(self, name)]
        if len(kinds) != 1:
            wrong = f"{name_list(kinds)} together" if kinds else "no quantity is named"
            raise Refusal(wrong, f"exactly one of {', '.join(KINDS)}")
        self._check_keys(kinds[0])
        low, high = self.at_least, self.at_most
        if low is not None and high is not None and low > high:
            raise Refusal(f"at_least {low:g} is more than at_most {high:g}", "a range")
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise Refusal("'until' lies before 'from'", "a later time")
        return self

    def _check_keys(self, kind: str) -> None:
        """Refuse keys that mean nothing beside ``kind``; an observable needs a date."""
        names = {"is": "is_", "from": "from_"}
        others = {"is", "region", "date", "label", "reduce", "from", "until", "origin"}
        for name in sorted(others - _FITS[kind]):
            if getattr(self, names.get(name, name)) is not None:
                allowed = ", ".join(sorted(_FITS[kind] | {"at_least", "at_most"}))
                raise Refusal(f"'{name}' means nothing beside '{kind}'", allowed)
        if kind == "observable" and self.date is None:
            raise Refusal("an observable is asked of a date", 'date: "YYYY-MM-DD"')

    @property
    def kind(self) -> str:
        """Which of the five kinds this is."""
        return next(name for name in KINDS if getattr(self, name))

    @property
    def name(self) -> str:
        """The quantity in a few words, for tables and sentences."""
        what = ", ".join(self.targets) if self.targets else str(getattr(self, self.kind))
        words = [what.replace("_", " ")]
        if self.reduce:
            words = [f"{self.reduce} of {words[0]}"]
        words += [f"is {self.is_}"] if self.is_ else []
        words += [f"in {part}" for part in (self.region, self.label) if part]
        words += [f"at {self.date}"] if self.date else []
        words += [f"at least {self.at_least:g}"] if self.at_least is not None else []
        words += [f"at most {self.at_most:g}"] if self.at_most is not None else []
        return " ".join(words)

    @property
    def thresholded(self) -> bool:
        """Whether thresholds or a word make it 0 or 1."""
        return self.at_least is not None or self.at_most is not None or self.is_ is not None
