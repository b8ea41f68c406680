"""Contests of power: efforts, who wins, when to purge a rival, who stays in the coalition.

Sources: Tullock, Efficient rent seeking (1980); Hirshleifer, Public Choice 63 (1989); Nti, Public
Choice 98 (1999), for unequal prizes; Svolik, AJPS 53 (2009); Bueno de Mesquita, Smith, Siverson &
Morrow, The Logic of Political Survival (2003). The theorems are established, their application to
the factions of one regime is conjecture.
"""

from __future__ import annotations

from steppe.model.theory.arithmetic import power


def win_probability(own: float, rival: float, decisiveness: float = 1.0) -> float:
    """Return p = s_i^m / (s_i^m + s_j^m) for strengths >= 0; 1/2 when both are 0."""
    if own < 0.0 or rival < 0.0 or decisiveness <= 0.0:
        raise ValueError("strengths must be at least 0 and decisiveness above 0")
    largest = max(own, rival)
    if largest == 0.0:
        return 0.5
    mine, theirs = power(own / largest, decisiveness), power(rival / largest, decisiveness)
    return mine / (mine + theirs)


def contest_efforts(
    prize: float, rival_prize: float, decisiveness: float = 1.0
) -> tuple[float, float]:
    """Return the equilibrium efforts of two contestants who value the prize differently.

    e_i = m V_i p_i (1 - p_i),  p_i = V_i^m / (V_i^m + V_j^m)

    Raises ``ValueError`` where no equilibrium in pure strategies exists: it needs
    m <= 1 + (V_low/V_high)^m.
    """
    if prize <= 0.0 or rival_prize <= 0.0:
        raise ValueError("prizes must be above 0")
    ratio = min(prize, rival_prize) / max(prize, rival_prize)
    if decisiveness > 1.0 + power(ratio, decisiveness):
        raise ValueError(f"no equilibrium in pure strategies at decisiveness {decisiveness}")
    p = win_probability(prize, rival_prize, decisiveness)
    spread = decisiveness * p * (1.0 - p)
    return prize * spread, rival_prize * spread


def symmetric_effort(prize: float, contestants: int, decisiveness: float = 1.0) -> float:
    """Return each effort among n equals, e = m V (n - 1)/n²; it needs m <= n/(n - 1)."""
    if contestants < 2 or decisiveness * (contestants - 1) > contestants:
        raise ValueError("needs two or more contestants and decisiveness up to n/(n - 1)")
    return decisiveness * prize * (contestants - 1) / (contestants * contestants)


def faction_strength(power_share: float, backing: float, rival_blame: float) -> float:
    """Return s_i = v_i + 0.5 B + 0.3 bl_j.

    Foreign backing ``backing`` in [0, 1] helps the one who asked for it; public anger at the
    rival, ``rival_blame`` in [0, 1], helps whoever opposes him.
    """
    return power_share + 0.5 * backing + 0.3 * rival_blame


def purge_gain(rival_share: float, gain: float, cost: float, win: float) -> float:
    """Return dU = v_j G - (1 - p_win) K: what trying to remove faction j is worth."""
    return rival_share * gain - (1.0 - win) * cost


def stays_in_coalition(
    rent: float, challenger_rent: float, survival: float, coalition: float, coup_cost: float
) -> bool:
    """Say whether a faction stays: y p >= (W/S) y' (1 - p) - k.

    ``survival`` p is the believed chance that the incumbent survives; ``coalition`` W/S is the
    chance of a place in the challenger's coalition; ``coup_cost`` k is the price of trying.
    """
    return rent * survival >= coalition * challenger_rent * (1.0 - survival) - coup_cost
