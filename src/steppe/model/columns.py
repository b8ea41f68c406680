"""Every column of the model's state: one list, with scale, type, unit, meaning, start value.

A mechanism reads columns by naming them as arguments and writes those it declares; nothing else
is shared between mechanisms. Columns whose name begins with ``script_`` come from the timeline,
one row an hour; columns marked ``fixed`` are set when the world is built and never written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal[
    "nation",
    "region",
    "place",
    "cell",
    "building",
    "unit",
    "option",
    "faction",
    "issue",
    "neighbour",
    "audience",
    "feature",
    "stakeholder",
    "listening",
]
Kind = Literal["state", "script", "fixed"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its rows are those of ``scale``; ``start`` is its value before hour 0."""

    name: str
    scale: Scale
    dtype: Literal["f8", "i8"]
    unit: str
    meaning: str
    kind: Kind = "state"
    start: float = 0.0


def _script(name: str, scale: Scale, unit: str, meaning: str, start: float = 0.0) -> Column:
    return Column(f"script_{name}", scale, "f8", unit, meaning, "script", start)


def _fixed(
    name: str, scale: Scale, unit: str, meaning: str, dtype: Literal["f8", "i8"] = "f8"
) -> Column:
    return Column(name, scale, dtype, unit, meaning, "fixed")


COLUMNS: tuple[Column, ...] = (
    # the timeline
    _script("price_ratio", "region", "1", "price over the price before the shock"),
    _script("price", "region", "currency per unit", "price of the first good"),
    _script("basket_loss", "region", "1", "mean budget share lost to the basket of goods"),
    _script("internet_cut", "place", "1", "share of online reach cut"),
    _script("phone_cut", "place", "1", "share of telephone reach cut"),
    _script("curfew", "place", "0/1", "curfew in force at this hour"),
    _script("emergency", "place", "0/1", "state of emergency, day and night"),
    _script("force_level", "place", "level", "force ordered, 0 none to 4 shoot on sight"),
    _script("concession", "region", "1", "anticipated share of the shock undone"),
    _script("reinforcement", "place", "persons", "officers sent to the place from elsewhere"),
    _script("success", "place", "0/1", "a concession was made here within the last day or so"),
    _script("first_demand", "nation", "0/1", "a first-rank demand has been met"),
    _script("signal", "nation", "1", "foreign backing known to everyone, B in [0, 1]"),
    _script("troops", "nation", "persons", "foreign troops in the country"),
    _script("freed_officers", "nation", "persons", "officers freed by foreign guards"),
    _script("request", "nation", "0/1", "the alliance has been asked for help"),
    _script("reframed", "nation", "0/1", "the government calls its opponents terrorists"),
    _script("old_ruler_out", "nation", "0/1", "the old ruler has lost his post"),
    _script("legitimacy_loss", "region", "1", "legitimacy that triggers take"),
    _script("call", "place", "1", "a call to protest that reaches everybody, 0 to 1"),
    _script("call_online", "place", "1", "a call to protest among those online, 0 to 1"),
    _script("call_members", "place", "1", "a call to protest by organisations, 0 to 1"),
    _script("call_reach", "place", "1", "share of the people who are members of those that call"),
    _script("harm", "place", "1", "outrage at a harm from outside the model"),
    _script("operation", "place", "1", "a clearing operation of the forces, 0 to 1"),
    _script("free", "nation", "0/1", "actors who decide for themselves are free to do so"),
    _script("option_allowed", "option", "0/1", "responses the scenario leaves to the regime", 1.0),
    _script("signal_allowed", "nation", "0/1", "announced backing is believed", 1.0),
    _script("troops_allowed", "nation", "0/1", "troops promised by the alliance arrive", 1.0),
    # the world as built
    _fixed("region_population", "region", "persons", "citizens"),
    _fixed("region_lat", "region", "degrees", "latitude of its middle"),
    _fixed("region_lon", "region", "degrees", "longitude of its middle"),
    _fixed("region_legitimacy_before", "region", "1", "legitimacy before the crisis"),
    _fixed("region_exposed", "region", "1", "share of households exposed to the good's price"),
    _fixed("region_deprivation", "region", "1", "mean relative deprivation"),
    _fixed("place_region", "place", "index", "region of the place", "i8"),
    _fixed("place_population", "place", "persons", "citizens"),
    _fixed("place_pool", "place", "persons", "citizens who can act within days"),
    _fixed("place_memory", "place", "1", "a past massacre or strike is remembered, 0 to 1"),
    _fixed("place_online", "place", "1", "share of people who are online"),
    _fixed("place_main", "place", "0/1", "capital or largest city"),
    _fixed("cell_place", "cell", "index", "place of the cell", "i8"),
    _fixed("cell_population", "cell", "persons", "citizens"),
    _fixed("building_place", "building", "index", "place of the building", "i8"),
    _fixed("building_weight", "building", "1", "weight of the building as a symbol"),
    _fixed("unit_place", "unit", "index", "place of the unit", "i8"),
    _fixed("unit_officers", "unit", "persons", "officers of the unit on duty"),
    _fixed("unit_loyalty", "unit", "1", "pay, privilege and conviction, drawn once"),
    _fixed("unit_closeness", "unit", "1", "how alike the unit and the crowd it faces are"),
    _fixed("faction_share_before", "faction", "1", "share of power before the crisis"),
    _fixed("faction_rent", "faction", "1", "rents under the incumbent"),
    _fixed("faction_challenger_rent", "faction", "1", "rents under a challenger"),
    _fixed("faction_anger", "faction", "1", "share of the crowd's anger aimed at the faction"),
    _fixed("audience_state_media", "audience", "1", "trust in media of the state"),
    _fixed("audience_foreign_media", "audience", "1", "trust in foreign media"),
    _fixed("audience_sees", "audience", "0/1", "sees the streets with its own eyes"),
    _fixed("audience_abroad", "audience", "0/1", "lives abroad"),
    _fixed("listening_place", "listening", "index", "place of those who listen", "i8"),
    _fixed("listening_audience", "listening", "index", "audience that they belong to", "i8"),
    _fixed("listening_share", "listening", "1", "their share of the people of the place"),
    _fixed("issue_value", "issue", "1 % of survival", "worth of the demand to the patron"),
    _fixed("issue_cost", "issue", "1 % of survival", "cost of the demand to the client"),
    _fixed("issue_enforceability", "issue", "1", "share that cannot be taken back"),
    _fixed("stakeholder_issue", "stakeholder", "index", "issue the party has a stake in", "i8"),
    _fixed("stakeholder_position", "stakeholder", "1", "what it wants, 0 refuse to 1 grant all"),
    _fixed("stakeholder_capability", "stakeholder", "1", "what it can bring to bear"),
    _fixed("stakeholder_salience", "stakeholder", "1", "how much it cares"),
    _fixed("neighbour_similarity", "neighbour", "1", "likeness of people and regime"),
    _fixed("feature_value", "feature", "1", "centred feature of the request for help"),
    # levers as they stand, whoever pulled them
    Column("place_curfew", "place", "f8", "0/1", "curfew in force at this hour"),
    Column("place_emergency", "place", "f8", "0/1", "state of emergency in force, day and night"),
    Column("region_concession", "region", "f8", "1", "anticipated share of the shock undone"),
    Column("nation_request", "nation", "f8", "0/1", "the alliance has been asked for help"),
    Column("nation_reframed", "nation", "f8", "0/1", "opponents are called terrorists"),
    Column("nation_old_ruler_out", "nation", "f8", "0/1", "the old ruler has lost his post"),
    # what the regime decided for itself
    Column("option_on", "option", "f8", "0/1", "option in force"),
    Column("option_since", "option", "f8", "h", "hour the option was last chosen", start=-1e6),
    Column("option_utility", "option", "f8", "1", "utility when last weighed"),
    Column("option_probability", "option", "f8", "1", "chance of being chosen when last weighed"),
    Column(
        "nation_last_choice", "nation", "i8", "index", "option chosen this hour, -1 none", start=-1
    ),
    Column("nation_last_kind", "nation", "i8", "code", "kind of the last response, 0 none"),
    Column("nation_last_threat", "nation", "f8", "1", "threat when it last responded"),
    Column("nation_relief_hours", "nation", "i8", "hours", "hours in a row of little threat"),
    Column("place_hot", "place", "f8", "0/1", "place where the regime's regional orders apply"),
    # elite
    Column("faction_share", "faction", "f8", "1", "share of power"),
    Column("faction_stays", "faction", "i8", "0/1", "faction stands by the incumbent", start=1),
    Column("nation_elite_split", "nation", "f8", "1", "share of power that has left"),
    Column("nation_purge_gain", "nation", "f8", "1", "incumbent's gain from removing the second"),
    Column("nation_purged", "nation", "f8", "0/1", "the second faction has been removed"),
    # alliance deciding by itself
    Column(
        "nation_request_hour", "nation", "f8", "h", "hours since the request, -1 before", start=-1
    ),
    Column("nation_grant", "nation", "f8", "1", "chance that the request is granted"),
    Column("nation_granted", "nation", "f8", "code", "1 granted, -1 refused, 0 open"),
    Column("nation_leaving_hours", "nation", "f8", "h", "hours since the troops began to leave"),
    # stories
    Column("audience_economic", "audience", "f8", "1", "belief that it is hardship"),
    Column("audience_terrorism", "audience", "f8", "1", "belief that it is terrorism"),
    Column("audience_revolution", "audience", "f8", "1", "belief that it is a color revolution"),
    Column("audience_plot", "audience", "f8", "1", "belief that it is an elite plot"),
    Column("place_frame", "place", "f8", "1", "acceptance of the terrorism story"),
    Column("nation_frame_security", "nation", "f8", "1", "its acceptance by security forces"),
    Column("nation_frame_change", "nation", "f8", "1", "change of that in the hour"),
    Column("place_rumour_spreading", "place", "f8", "1", "share telling the rumour"),
    Column("place_rumour_heard", "place", "f8", "1", "share that has heard the rumour"),
    # the price, the neighbors, the indices
    Column("issue_agreed", "issue", "f8", "1", "degree agreed of the demand"),
    Column("issue_delivered", "issue", "f8", "1", "degree expected to be delivered"),
    Column("nation_leverage", "nation", "f8", "1", "leverage of the patron"),
    Column("nation_side_payment", "nation", "f8", "1 % of survival", "payment by the client"),
    Column("neighbour_belief", "neighbour", "f8", "1", "believed success of a revolt there"),
    Column("neighbour_hazard", "neighbour", "f8", "per day", "hazard of a revolt there"),
    Column("neighbour_revolt", "neighbour", "i8", "0/1", "a revolt has begun there"),
    Column("neighbour_precedent", "neighbour", "f8", "1", "fear of the precedent, 0 to 2"),
    Column("nation_rescued", "nation", "f8", "0/1", "foreign troops came to help"),
    Column("nation_deaths", "nation", "f8", "persons", "citizens killed so far"),
    Column("nation_force_days", "nation", "f8", "days", "mean days under arrests or fire"),
    Column("nation_sovereignty", "nation", "f8", "1", "sovereignty index", start=1.0),
    Column("nation_repression", "nation", "f8", "1", "repression index"),
    Column("nation_reputation", "nation", "f8", "1", "reputation abroad", start=1.0),
    # information
    Column("place_weight_lost", "place", "f8", "1", "weight of cut broadcast nobody replaces"),
    Column("place_ties_lost", "place", "f8", "1", "weight of cut ties nobody replaces"),
    Column("nation_reported_share", "nation", "f8", "1", "reported share on the street"),
    Column("place_internet_cut", "place", "f8", "1", "share of online reach cut"),
    Column("place_phone_cut", "place", "f8", "1", "share of telephone reach cut"),
    Column("place_cut_days", "place", "f8", "days", "days the running internet cut has lasted"),
    Column("place_weight_online", "place", "f8", "1", "weight of broadcast and messaging"),
    Column("place_weight_ties", "place", "f8", "1", "weight of personal ties"),
    Column("place_curious", "place", "f8", "1", "chance to go and look during a cut"),
    Column("place_news_heard", "place", "f8", "persons", "crowd as others have heard of it"),
    Column("place_news_memory", "place", "f8", "persons", "crowd as others act on it"),
    Column("place_news", "place", "f8", "1", "news of crowds elsewhere, 0 to 1"),
    # grievance
    Column("region_price", "region", "f8", "currency per unit", "price of the first good"),
    Column(
        "region_price_ratio",
        "region",
        "f8",
        "1",
        "price over the price before the shock",
        start=1.0,
    ),
    Column("region_loss", "region", "f8", "1", "loss felt: budget share per unit of exposure"),
    Column("region_shared_loss", "region", "f8", "1", "loss felt: mean budget share of all"),
    Column("region_legitimacy", "region", "f8", "1", "legitimacy of the regime, but for triggers"),
    Column("region_grievance", "region", "f8", "1", "mean grievance of all citizens"),
    Column("region_opposed", "region", "f8", "1", "share opposed in private"),
    Column("place_outrage", "place", "f8", "1", "outrage at harm done in the run"),
    Column("place_hardship_cut", "place", "f8", "1", "budget share lost to the cut-off"),
    # risk and cost of taking part
    Column("nation_deterrence", "nation", "f8", "1", "deterrence by recent deaths, 0 to 1"),
    Column("nation_awake", "nation", "f8", "1", "share of people up and about", start=1.0),
    Column("place_force_level", "place", "f8", "level", "force used, 0 none to 4 shoot on sight"),
    Column("place_severity", "place", "f8", "1", "severity of the force used"),
    Column("place_risk", "place", "f8", "1", "perceived risk of taking part"),
    Column("place_cost", "place", "f8", "1", "cost of the hour: night and curfew"),
    Column("place_success", "place", "f8", "1", "raised expectation of success"),
    # going first, and what forces may do
    Column("place_first_hazard", "place", "f8", "per person-hour", "hazard of going first"),
    Column("place_first_integral", "place", "f8", "1", "its sum since hour 0"),
    Column("place_round_up", "place", "f8", "per hour", "hazard of being fetched from home"),
    Column("place_command", "place", "f8", "1", "lethality of the command", start=1.0),
    # triggers
    Column("place_trigger", "place", "f8", "1", "log-hazard that triggers add"),
    Column("place_trigger_harm", "place", "f8", "1", "outrage at a harm from outside the model"),
    Column("region_trigger_loss", "region", "f8", "1", "legitimacy that triggers take"),
    # streets (persons)
    Column("place_joined", "place", "f8", "persons per hour", "citizens who took to the street"),
    Column("place_peaceful", "place", "f8", "persons", "citizens protesting peacefully"),
    Column("place_violent", "place", "f8", "persons", "citizens using violence"),
    Column("place_looting", "place", "f8", "persons", "citizens looting"),
    Column("place_arrests", "place", "f8", "persons per hour", "citizens arrested"),
    Column("place_woundings", "place", "f8", "persons per hour", "citizens wounded"),
    Column("place_deaths", "place", "f8", "persons per hour", "citizens killed"),
    Column("cell_active", "cell", "f8", "persons", "citizens on the street"),
    Column("cell_violent", "cell", "f8", "persons", "citizens using violence"),
    Column("cell_looting", "cell", "f8", "persons", "citizens looting"),
    # forces
    Column("place_officers", "place", "f8", "persons", "officers present and obeying"),
    Column("place_defected_officers", "place", "f8", "persons", "officers who changed sides"),
    Column("unit_state", "unit", "i8", "code", "0 obeys, 1 stands by, 2 changed sides"),
    Column("unit_noise", "unit", "f8", "1", "persistent private signal of survival"),
    Column("unit_belief", "unit", "f8", "1", "believed chance that the regime survives"),
    Column("nation_defected", "nation", "f8", "1", "share of units that changed sides"),
    Column("nation_belief", "nation", "f8", "1", "mean believed chance of survival"),
    Column("building_lost", "building", "i8", "0/1", "building in the crowd's hands"),
    Column("nation_seized", "nation", "f8", "1", "weighted share of symbolic buildings lost"),
    Column("nation_officers_wounded", "nation", "f8", "persons", "officers wounded so far"),
    Column("nation_officers_killed", "nation", "f8", "persons", "officers killed so far"),
    # power
    Column("nation_signal", "nation", "f8", "1", "foreign backing B"),
    Column("nation_troops", "nation", "f8", "persons", "foreign troops in the country"),
    Column("nation_freed_officers", "nation", "f8", "persons", "officers freed by foreign guards"),
    Column("nation_threat", "nation", "f8", "1", "threat as the regime perceives it"),
    Column("nation_first_demand", "nation", "f8", "0/1", "a first-rank demand has been met"),
    Column(
        "nation_fallen",
        "nation",
        "i8",
        "code",
        "how the regime fell: 0 stands, 1 defection, 2 negotiated, 3 coup",
    ),
    Column("nation_calm_hours", "nation", "i8", "hours", "hours in a row with empty streets"),
    Column("nation_survived", "nation", "i8", "0/1", "the protest has ended with the regime"),
)

BY_NAME = {column.name: column for column in COLUMNS}
