"""Importers of event data: files a user has -> observations, with a quarantine for the rest."""

from steppe.evidence.importers.acled import read_acled
from steppe.evidence.importers.gdelt import read_gdelt
from steppe.evidence.importers.imported import ImportResult, QuarantinedRow
from steppe.evidence.importers.mass_mobilization import read_mass_mobilization
from steppe.evidence.importers.plain import read_plain
from steppe.evidence.importers.records import TableLimits
from steppe.evidence.importers.table import (
    ReadOptions,
)
from steppe.evidence.importers.ucdp import read_ucdp

__all__ = [
    "ImportResult",
    "QuarantinedRow",
    "ReadOptions",
    "TableLimits",
    "read_acled",
    "read_gdelt",
    "read_mass_mobilization",
    "read_plain",
    "read_ucdp",
]
