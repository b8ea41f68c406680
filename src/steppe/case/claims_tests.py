"""The tests of claims: one model for each kind, a key of ``test`` in ``claims.yaml``.

The set is closed. A margin, a number of seeds or a probability is part of the file, so it is fixed
before anything is run.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.part import Slug
from steppe.case.scenario import MANY, Part, Value
from steppe.case.units import LocalTime, Refusal

ID = r"^[A-Za-z][A-Za-z0-9-]{0,63}$"
Id = Annotated[str, Field(pattern=ID)]
Finding = Literal["supported", "contradicted", "undecided"]
Direction = Literal["increase", "decrease", "none"]
Probability = Annotated[float, Field(gt=0.5, lt=1.0)]
Amount = Annotated[float, Field(ge=0.0)]


class Range(Part):
    """A figure with what bounds it: a value and its tolerance (a share of it), or two ends."""

    value: float | None = None
    tolerance: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        ends = self.low is not None or self.high is not None
        if (self.value is None) != ends:
            raise Refusal("neither a value nor a range, or both", "value, or low and high")
        if ends and self.tolerance is not None:
            raise Refusal("a tolerance belongs to a value", "low and high alone")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise Refusal(f"low {self.low:g} is more than high {self.high:g}", "a range")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest figure meant, infinite where an end is open."""
        if self.value is not None:
            slack = abs(self.value) * (self.tolerance or 0.0)
            return self.value - slack, self.value + slack
        low = float("-inf") if self.low is None else self.low
        return low, float("inf") if self.high is None else self.high


class Figure(Part):
    """An observed figure with its source; ``low`` and ``high`` default to the value."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    source: str

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        values = [v for v in (self.low, self.value, self.high) if v is not None]
        if not values or values != sorted(values):
            raise Refusal("low, value and high are missing or out of order", "low <= value <= high")
        return self


class Observed(Part):
    """Where an observed figure is found: exactly one of the five."""

    figure: Figure | None = None
    observation: Slug | None = None
    target: Slug | None = None
    aftermath: Id | None = None
    address: str | None = None
    over: str | None = None

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        _exactly_one(self, ("figure", "observation", "target", "aftermath", "address"))
        if self.over is not None and self.address is None:
            raise Refusal("'over' divides an address", "address: A, over: B")
        return self


class EvidenceTest(Part):
    """A claimed figure against an observed one."""

    claimed: Range
    observed: Observed
    unit: str


class EventTest(Part):
    """A documented event: when it was, and what came before and after it."""

    id: Slug
    from_: LocalTime | None = Field(None, alias="from")
    until: LocalTime | None = None
    after: Slug | None = None
    before: Slug | None = None

    @model_validator(mode="after")
    def _check_any(self) -> Self:
        if not any((self.from_, self.until, self.after, self.before)):
            raise Refusal("the event is asked nothing", "from, until, after or before")
        return self


class RecordTest(Part):
    """A fact that a named source settles, read by whoever wrote the file."""

    finding: Finding
    source: Annotated[str, Field(min_length=1)]
    note: str = ""


class AftermathTest(Part):
    """Later outcomes: verdicts of rows, or the change of a value between two rows."""

    rows: tuple[Id, ...] = ()
    expect: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    from_: Id | None = Field(None, alias="from")
    to: Id | None = None
    direction: Direction | None = None
    margin: Amount | None = None

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        change = (self.from_, self.to, self.direction, self.margin)
        if self.rows and not any(part is not None for part in change):
            if not self.expect:
                raise Refusal("no verdict of the rows would agree", "expect: [...]")
            return self
        if self.rows or self.expect or self.against or any(part is None for part in change):
            raise Refusal(
                "two forms are mixed, or one is incomplete",
                "rows and expect (against), or from, to, direction and margin",
            )
        return self


class _Arms(Part):
    """What is run: a base that both arms share, and a patch by its name or written out."""

    base: Slug | None = None
    patch: Slug | None = None
    set: Annotated[dict[str, Value], Field(max_length=MANY)] = Field(default_factory=dict)


class Between(Part):
    """A range of probabilities."""

    low: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    high: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.low >= self.high:
            raise Refusal(f"low {self.low:g} is not less than high {self.high:g}", "a range")
        return self


class RunTest(_Arms):
    """The share of runs in which something is so, of those in which ``given`` is so."""

    quantity: ClaimQuantity
    given: ClaimQuantity | None = None
    minimum_probability: Probability | None = None
    probability: Between | None = None

    @model_validator(mode="after")
    def _check_rule(self) -> Self:
        if self.probability is not None and self.minimum_probability is not None:
            raise Refusal("two rules for one share", "minimum_probability or probability")
        return self


class SpreadTest(_Arms):
    """How far apart runs end: (1 + 95 % point) / (1 + 5 % point) of a quantity over runs."""

    quantity: ClaimQuantity
    ratio: Annotated[float, Field(gt=1.0)]


class CounterfactualTest(_Arms):
    """What a patch changes, seed by seed, against a margin in a direction."""

    patch_is: Literal["removal", "addition"] = "removal"
    than: Slug | None = None
    quantity: ClaimQuantity
    direction: Direction
    margin: Amount
    margin_is: Literal["absolute", "relative"] = "absolute"
    measure: Literal["share", "mean"] = "share"
    minimum_probability: Probability | None = None


class CauseTest(_Arms):
    """Was what the patch takes away necessary or sufficient for something that happens or not?"""

    patch_is: Literal["removal", "addition"] = "removal"
    quantity: ClaimQuantity
    role: Literal["necessary", "sufficient", "both"]
    minimum_probability: Probability | None = None


class DoseResponseTest(Part):
    """How a quantity answers to one value set to a rising row of doses."""

    base: Slug | None = None
    path: str
    doses: Annotated[tuple[float, ...], Field(min_length=2, max_length=12)]
    quantity: ClaimQuantity
    shape: Literal["rising", "falling", "flat", "enough_at", "jump"]
    margin: Amount
    dose: float | None = None
    fraction: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    minimum_probability: Probability | None = None

    @model_validator(mode="after")
    def _check_all(self) -> Self:
        if list(self.doses) != sorted(set(self.doses)):
            raise Refusal("the doses do not rise", "numbers from low to high, each once")
        if (self.shape in ("enough_at", "jump")) != (self.fraction is not None):
            raise Refusal("'fraction' belongs to the shapes enough_at and jump", "0 to 1")
        if (self.shape == "enough_at") != (self.dose is not None):
            raise Refusal("'dose' belongs to the shape enough_at", "one of the doses")
        if self.dose is not None and self.dose not in self.doses[1:]:
            raise Refusal(f"{self.dose:g} is not among the doses after the first", "one of them")
        return self


class NotTestable(Part):
    """Why nothing here could test the claim."""

    reason: Annotated[str, Field(min_length=1)]


TESTS = (
    "evidence", "event", "record", "aftermath", "run", "spread", "counterfactual", "cause",
    "dose_response", "not_testable", "all_of", "any_of",
)  # fmt: skip
"""The kinds of test, each a key of ``test``."""


class ClaimTest(Part):
    """The one test of a claim, or several that are weighed together."""

    evidence: EvidenceTest | None = None
    event: EventTest | None = None
    record: RecordTest | None = None
    aftermath: AftermathTest | None = None
    run: RunTest | None = None
    spread: SpreadTest | None = None
    counterfactual: CounterfactualTest | None = None
    cause: CauseTest | None = None
    dose_response: DoseResponseTest | None = None
    not_testable: NotTestable | None = None
    all_of: Annotated[tuple[ClaimTest, ...], Field(max_length=6)] = ()
    any_of: Annotated[tuple[ClaimTest, ...], Field(max_length=6)] = ()

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        _exactly_one(self, TESTS)
        several = self.all_of or self.any_of
        if several and len(several) < 2:
            raise Refusal("one test alone is written without a list", "2 to 6 tests")
        if any(part.all_of or part.any_of for part in several):
            raise Refusal("tests are weighed together on one level only", "a list of single tests")
        return self

    @property
    def kind(self) -> str:
        """Which kind of test this is."""
        return next(name for name in TESTS if getattr(self, name))

    @property
    def parts(self) -> tuple[ClaimTest, ...]:
        """The single tests: those of a list, or this one."""
        return self.all_of or self.any_of or (self,)


def _exactly_one(part: Part, names: tuple[str, ...]) -> None:
    present = [name for name in names if getattr(part, name)]
    if len(present) != 1:
        wrong = f"{' and '.join(present)} together" if present else "none of them is given"
        raise Refusal(wrong, f"exactly one of {', '.join(names)}")
