"""Groups, audiences, organisations and goods of a case."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steppe.case.part import Part, Slug
from steppe.case.tables import Addition, Basis, Documentation, Prose, Share

NATIONAL = "national"
MOST_GROUPS = 30
Elasticity = Annotated[float, Field(ge=0.0, le=3.0)]


class Group(Part):
    """People who are alike in language, faith or descent; ``group_shares.csv`` has their shares.

    A group with ``state_media`` and ``foreign_media``, how far it trusts them, listens to them by
    itself; any other belongs to the urban or rural public of its place.
    """

    id: Slug
    name: Prose
    state_media: Share | None = None
    foreign_media: Share | None = None

    @property
    def listens_apart(self) -> bool:
        """Whether the group is an audience of its own."""
        return self.state_media is not None


class Audience(Part):
    """A public in the contest of stories: how far it trusts media of the state and foreign ones.

    ``sees`` is whether it can see the streets with its own eyes.
    """

    id: Slug
    name: Prose
    where: Literal["home", "abroad"]
    state_media: Share
    foreign_media: Share
    sees: bool = False


class Good(Part):
    """A good whose price can move: ``exposure.csv`` says who pays for it, ``prices.csv`` how much.

    ``unit`` is that of its price, in any words. ``budget_share`` is the mean share of income that a
    household that pays for it spends on it at the old price, ``elasticity`` how much less it buys
    at a higher one. The only good of a case may leave both to the rule of grievance.
    """

    id: Slug
    name: Prose
    unit: Prose
    budget_share: Annotated[Share | None, Addition()] = None
    elasticity: Annotated[Elasticity | None, Addition()] = None


class Organisation(Part):
    """A party, union, church, movement, army or court that acts in the timeline.

    ``members`` are shares of a region's people, by region or ``national``; a call to protest by the
    organisation reaches them and nobody else.
    """

    id: Slug
    name: Prose
    kind: Annotated[
        Literal["party", "union", "church", "movement", "army", "court", "other"],
        Documentation("other"),
    ]
    members: dict[Slug, Share] = Field(default_factory=dict, max_length=2_000)
    basis: Basis = "assumed"
    source: Prose = ""

    def share(self, region: str) -> float:
        """Return the share of a region's people who are members."""
        return self.members.get(region, self.members.get(NATIONAL, 0.0))


def _audience(
    name: str, words: str, where: Literal["home", "abroad"], state: float, foreign: float
) -> Audience:
    return Audience(
        id=name, name=words, where=where, state_media=state, foreign_media=foreign,
        sees=where == "home",
    )  # fmt: skip


USUAL_AUDIENCES: tuple[Audience, ...] = (
    _audience("urban", "People in towns", "home", 0.3, 0.5),
    _audience("rural", "People in the country", "home", 0.6, 0.2),
    _audience("security", "Security forces", "home", 0.7, 0.2),
    _audience("elites", "Elites", "home", 0.3, 0.5),
    _audience("patron-public", "The patron's public", "abroad", 0.6, 0.2),
    _audience("neighbour-rulers", "Rulers of neighbouring countries", "abroad", 0.5, 0.3),
    _audience("friendly-powers", "Powers that side with the regime", "abroad", 0.5, 0.2),
    _audience("critical-powers", "Powers that side with its critics", "abroad", 0.1, 0.8),
)
"""The audiences of a case that names none; how far they trust whom is assumed."""

Groups = Annotated[tuple[Group, ...], Field(max_length=MOST_GROUPS)]
Audiences = Annotated[tuple[Audience, ...], Field(max_length=50)]
Organisations = Annotated[tuple[Organisation, ...], Field(max_length=100), Addition()]
Goods = Annotated[tuple[Good, ...], Field(max_length=20)]
