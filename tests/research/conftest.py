"""A store of small runs of two crises, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from steppe.research.crises.runs import Simulations, simulate
from steppe.research.crises.table import Crisis, known, open_crises
from steppe.results.store import Store

HOURS, SEEDS = 120, (1, 2, 5)


@pytest.fixture(scope="session")
def two_crises() -> tuple[Crisis, ...]:
    by_id = {row.case_id: row for row in open_crises()}
    return by_id["KGZ_2010"], by_id["GDR_1989"]


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crises")


@pytest.fixture(scope="session")
def few_runs(two_crises: tuple[Crisis, ...], small_store: Path) -> tuple[Simulations, ...]:
    return simulate(
        [known(row) for row in two_crises], SEEDS, store=Store(small_store), hours=HOURS,
        workers=1,
    )  # fmt: skip
