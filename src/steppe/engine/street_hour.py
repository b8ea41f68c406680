"""The street by hazards: an hour of every place, one after the other."""

from __future__ import annotations

from steppe.engine.citizen_loops import Citizens, Counts
from steppe.engine.street_contact import meet_place
from steppe.engine.street_loops import live_place
from steppe.engine.street_tally import tally_place
from steppe.engine.street_types import HourAddress, Scene, StreetParameters, Streets, here_of


def pass_hour(
    p: StreetParameters, citizens: Citizens, streets: Streets, counts: Counts, at: HourAddress
) -> None:
    """Let the citizens of every place act, meet officers and be counted.

    All read the counts of the last hour, which ``streets`` are made from.
    """
    for place in range(len(citizens.first) - 1):
        scene = Scene(p, here_of(streets, place), at, place, streets.integral[place])
        live_place(scene, citizens, counts, streets.round_up[place])
        if citizens.idle[place] == 0:
            meet_place(scene, citizens, counts, streets.round_up[place])
            tally_place(citizens, counts, place)
