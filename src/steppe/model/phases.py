"""The phases of an hour, in order, with the reason for the order."""

from __future__ import annotations

from enum import IntEnum


class Phase(IntEnum):
    """Fields come down, counts go up: each phase reads what the earlier ones of this hour wrote."""

    SCRIPT = 1
    """Levers known from history or pulled last hour take effect."""
    INFORMATION = 2
    """What can be learnt of the last hour's streets, through what is still connected."""
    GRIEVANCE = 3
    """Prices, legitimacy and outrage as they stand before anyone decides."""
    RISK = 4
    """What taking part would risk, given the officers who obeyed last hour."""
    STREET = 5
    """Every citizen who can decide does so, all on the state of the last hour."""
    CONTACT = 6
    """Citizens on the street meet officers: arrests, wounds, deaths."""
    FORCES = 7
    """Buildings change hands; units obey, stand by or change sides."""
    POWER = 8
    """Regime and elite read the situation, and decide where they are free to; the price is set."""
    OUTCOME = 9
    """Has the regime fallen or outlived the protest, what did it cost, what do others learn?"""
