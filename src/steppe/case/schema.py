"""The parts of a scenario: what each block of the file may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from steppe.case.conditions import Condition
from steppe.case.part import Part, Slug
from steppe.case.tables import Addition, Basis, Documentation, Positive, Prose, Share
from steppe.case.units import CalendarDate, Hours, HourSpan, LocalTime, Refusal
from steppe.core.clock import Clock

Lever = Literal[
    "internet_cut",
    "phone_cut",
    "emergency",
    "curfew",
    "force_level",
    "concession",
    "dismiss_government",
    "dismiss_old_ruler",
    "frame_terrorism",
    "alliance_request",
    "alliance_decision",
    "troops_arrive",
    "troops_withdraw",
    "reinforce",
    "free_officers",
    "call",
    "statement",
]
Actor = Literal["government", "president", "alliance", "patron", "market", "protesters"]
TriggerKind = Literal["price", "legitimacy", "call", "harm"]
Value = bool | int | float | str | None
MANY = 2_000
"""No list or mapping of a scenario is longer."""


class ClockConfig(Part):
    """When the run begins (local time, full hour) and how many hours it lasts."""

    start: LocalTime
    hours: Hours

    @field_validator("start")
    @classmethod
    def _full_hour(cls, start: LocalTime) -> LocalTime:
        if start.minute or start.second or start.microsecond:
            raise Refusal("a run starts at a full hour", "YYYY-MM-DDTHH:00")
        return start

    def clock(self) -> Clock:
        """Return the clock of the run."""
        return Clock(self.start, self.hours)


class Country(Part):
    """The country and its citizens, whose number must equal the sum over its regions."""

    name: str
    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    citizens: Annotated[int, Field(ge=1, le=2_000_000_000)]
    gini: Annotated[float, Field(gt=0.0, lt=1.0)]
    """National income inequality; spreads within regions are scaled together to reproduce it."""
    capital: Slug | None = None
    """Place whose loss, with half of the units, means the fall; the largest place counts too."""


class Prices(Part):
    """How far prices follow their table; ``shock`` scales the jumps (1 as observed, 0 none)."""

    shock: Annotated[float, Field(ge=0.0, le=10.0)] = 1.0


class Information(Part):
    """Whether cut-offs of internet and telephone follow the timeline or never happen."""

    blackout: Literal["scripted", "none"] = "scripted"


class Regime(Part):
    """How the regime decides; concessions and lethal force can be withheld separately.

    Without a ``rule`` the scenario's mode decides: history, or a policy of its own.
    """

    rule: Literal["scripted", "policy"] | None = None
    concessions: Literal["scripted", "none"] = "scripted"
    lethal_force: Literal["scripted", "none"] = "scripted"


Score = Annotated[float, Field(ge=0.0, le=2.0)]


class Request(Part):
    """The request for help as known on its day: each feature scored 0 to 2."""

    threat: Score = 1.0
    stake: Score = 1.0
    precedent: Score = 1.0
    milcost: Score = 0.75
    rival: Score = 0.75
    constraint: Score = 1.0
    align: Score = 1.0


class Alliance(Part):
    """How the alliance answers; its signal and its troops can be switched apart.

    Without a ``rule`` the scenario's mode decides: history, or an answer of its own.
    """

    name: str = ""
    rule: Literal["scripted", "decline", "expected-utility", "empirical"] | None = None
    signal: bool = True
    troops: bool = True
    request: Request = Request()


class Faction(Part):
    """A part of the elite: its share of power, its rents under a challenger, the crowd's anger."""

    id: Slug
    name: Prose
    share: Annotated[float, Field(ge=0.0, le=1.0)]
    rent: Annotated[float, Field(ge=0.0, le=10.0)]
    challenger_rent: Annotated[float, Field(ge=0.0, le=10.0)]
    anger: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0


class Elite(Part):
    """The ruling coalition; the first faction is the incumbent's, the second may be purged."""

    factions: Annotated[tuple[Faction, ...], Field(max_length=50)] = ()


class Stakeholder(Part):
    """An interested party in an issue: what it wants (0 refuse, 1 grant all), can do and cares."""

    id: Slug
    name: Prose
    position: Annotated[float, Field(ge=0.0, le=1.0)]
    capability: Annotated[float, Field(ge=0.0, le=1000.0)]
    salience: Annotated[float, Field(ge=0.0, le=1.0)]


class Issue(Part):
    """A demand of the patron: its value to him, its cost to the client, how it can be enforced.

    Values and costs are in units of 1 % of the client's value of survival.
    """

    id: Slug
    title: Prose
    patron_value: Annotated[float, Field(ge=0.0, le=1000.0)]
    client_cost: Annotated[float, Field(gt=0.0, le=1000.0)]
    enforceability: Annotated[float, Field(ge=0.0, le=1.0)]
    stakeholders: Annotated[tuple[Stakeholder, ...], Field(max_length=50)] = ()
    """Parties of the spatial model of bargaining, which needs at least two."""


class Neighbour(Part):
    """A neighbouring regime that watches: how alike its people and regime are."""

    id: Slug
    name: Prose
    similarity: Annotated[float, Field(ge=0.0, le=1.0)]


class TimelineEvent(Part):
    """A lever pulled by an actor; ``where`` lists regions, places or national.

    The actor is an organisation of the case, or government, president, alliance, patron, market,
    protesters. A ``call`` to protest by an organisation reaches its members.
    It is pulled ``at`` a known time, or ``when`` its cause is there: then ``at`` is the earliest
    hour, ``until`` the end whenever it began, and ``lasts`` the hours from its beginning.
    """

    id: Slug
    at: LocalTime
    when: Annotated[Condition | None, Addition()] = None
    actor: Slug
    do: Lever
    where: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=MANY)]
    value: float
    until: LocalTime | None = None
    lasts: Annotated[Hours | None, Addition()] = None
    hours: HourSpan | None = None
    """Hours of the day of a call, or at which a curfew binds; else those of ``timeline``."""
    precision: Annotated[Literal["reported", "approx", "day", "assumed"], Documentation("assumed")]
    source: Prose
    text: Prose
    enabled: bool = True


class DeclaredInput(Part):
    """Something known of a place that no rule of the model can bring about, given to it as it is.

    ``memory`` of a past massacre or strike, without hours; ``operation`` of the forces to clear a
    place, between ``at`` and ``until``. What it explains is an input and never a success.
    """

    id: Slug
    kind: Literal["memory", "operation"]
    where: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=MANY)]
    value: Share
    at: LocalTime | None = None
    until: LocalTime | None = None
    enabled: bool = True
    source: Annotated[str, Documentation("not kept"), Field(min_length=1)]
    text: Prose = ""


class Trigger(Part):
    """Something that can begin a crisis, from ``at`` to ``until`` or the end of the run.

    ``price``: the price rises by the share ``size`` (0.5: by half), on top of the table; ``good``
    says of which good where there are several.
    ``legitimacy``: a vote, a bill, a scandal takes ``size`` of legitimacy, 0 to 1. ``call``: a
    protest is called for, at the ``hours`` of each day if they are given; ``through`` says whom it
    reaches: everybody, those ``online`` and not cut off, or the members of an organisation.
    ``harm``: an outrage that nobody in the model did, 0 to 1. What has a ``half_life``, in hours,
    fades. ``low`` and ``high`` say how large it may have been.
    """

    id: Slug
    kind: TriggerKind
    good: Annotated[Slug | None, Addition()] = None
    at: LocalTime
    until: LocalTime | None = None
    where: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=MANY)]
    size: Annotated[float, Field(ge=0.0, le=9.0)]
    half_life: Positive | None = None
    hours: HourSpan | None = None
    through: Slug | None = None
    enabled: bool = True
    low: Annotated[float | None, Documentation(None)] = None
    high: Annotated[float | None, Documentation(None)] = None
    basis: Basis = "assumed"
    source: Prose
    text: Prose = ""


class Target(Part):
    """An observed figure that a run is held against; see ``evidence.targets`` for observables.

    ``test`` says what is judged: the median of runs against the ``range``, or the ``probability``
    of the count. ``threshold`` is the gathering that the record means, in persons in one place
    (otherwise ``visible_protest``); gatherings before ``since`` do not count as the first.
    """

    id: Slug
    title: str
    observable: str
    region: Slug = "national"
    date: CalendarDate
    test: Literal["range", "probability"] = "range"
    threshold: Positive | None = None
    since: CalendarDate | None = None
    low: float | None = None
    value: float | None = None
    high: float | None = None
    unit: str
    source: str
    note: str = ""


class Evidence(Part):
    """What counts as a visible protest (persons in one place) and the targets."""

    visible_protest: Annotated[float, Field(gt=0.0, le=2e9)] = 100.0
    targets: Annotated[tuple[Target, ...], Documentation(()), Field(max_length=MANY)] = ()


class Calibration(Part):
    """What a fit to the case needs besides its figures.

    ``placebo`` names the counterfactual that takes the trigger away: a country that rises without
    its trigger is no good fit, whatever figures it meets.
    """

    placebo: Slug | None = None


class Counterfactual(Part):
    """A named patch: the question it asks and what it sets."""

    title: str
    question: str
    set: Annotated[dict[str, Value], Field(min_length=1, max_length=MANY)]
