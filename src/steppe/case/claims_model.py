"""Claims of a source text: the content of ``claims.yaml``, and rows of ``aftermath.csv``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steppe.case.claims_tests import ClaimTest, Id, Probability
from steppe.case.part import Slug
from steppe.case.scenario import MANY, Part, Value
from steppe.case.tables import Row
from steppe.case.units import CalendarDate

Kind = Literal["fact", "figure", "causal", "prediction", "framing", "normative"]
MAX_CLAIMS = 1_000
MOST_SEEDS = 10_000


class AftermathRow(Row):
    """Something that came about later, or did not: a row of ``aftermath.csv``."""

    id: Id
    topic: str
    item: str
    date: CalendarDate
    value: float | None = None
    unit: str = ""
    outcome: str = ""
    verdict: str = ""
    source: str = ""
    note: str = ""


class Claim(Part):
    """A statement of the source in our words, and the test fixed for it."""

    id: Id
    text: Annotated[str, Field(min_length=1)]
    asserted_by: Annotated[str, Field(min_length=1)]
    locator: str = ""
    kind: Kind
    rests_on: Annotated[tuple[Id, ...], Field(max_length=MAX_CLAIMS)] = ()
    mechanisms: tuple[str, ...] = ()
    note: str = ""
    test: ClaimTest


class Base(Part):
    """A change that both arms of a test share."""

    title: str
    set: Annotated[dict[str, Value], Field(min_length=1, max_length=MANY)]


class Claims(Part):
    """The whole file: where the claims are from, the common rules, the claims themselves."""

    format: Literal[1]
    source: Annotated[str, Field(min_length=1)]
    note: str = ""
    seeds: Annotated[int, Field(ge=2, le=MOST_SEEDS)] = 20
    minimum_probability: Probability = 0.8
    bases: Annotated[dict[Slug, Base], Field(max_length=50)] = Field(default_factory=dict)
    claims: Annotated[tuple[Claim, ...], Field(min_length=1, max_length=MAX_CLAIMS)]
