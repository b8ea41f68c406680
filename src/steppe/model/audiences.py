"""Audiences of the framing contest that rules know by name; all others are of the case."""

from __future__ import annotations

PUBLICS = ("urban", "rural", "security")
"""The first rows of every column by audience: people in towns, in the country, security forces."""

URBAN, RURAL, SECURITY = range(3)
