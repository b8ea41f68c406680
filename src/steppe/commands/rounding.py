"""Numbers as the tables of studies print them; quick to import."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Return a number with three figures, large ones in full: ``131,000``, ``0.0072``."""
    if not math.isfinite(value):
        return "·"
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    return f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 100 else f"{value:.3g}"
