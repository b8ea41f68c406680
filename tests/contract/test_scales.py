"""The contract holds for a rule on any scales: what is read and what is written are independent."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest

from steppe import testing as suite
from steppe.core.response import exact_sum
from steppe.model.columns import COLUMNS, Column, Scale
from steppe.model.mechanism import Mechanism

from .toys import field

SCALES: tuple[Scale, ...] = get_args(Scale)


def first(scale: Scale, *, state: bool) -> Column | None:
    """The first column of a scale that holds any number; with ``state`` one a rule can write."""
    suitable = (
        c
        for c in COLUMNS
        if c.scale == scale and c.dtype == "f8" and (c.kind == "state" or not state)
    )
    return next(suitable, None)


WRITTEN = {scale: first(scale, state=True) for scale in SCALES}
READ = {scale: first(scale, state=False) for scale in SCALES}
PAIRS = [(a, b) for a in READ.values() for b in WRITTEN.values() if a and b]


def declared(rule: Callable[..., Any], *columns: str) -> Callable[..., Any]:
    """Give ``rule`` the signature of one that takes ``columns``."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    names = [inspect.Parameter("p", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    names += [inspect.Parameter(name, keyword) for name in dict.fromkeys(columns)]
    rule.__signature__ = inspect.Signature(names)  # type: ignore[attr-defined]
    return rule


def toy(read: Column, written: Column, *, numbered: bool = False) -> Mechanism:
    """A rule that lets one column fade, faster where the sum of another is large."""

    def rule(p: Any, **columns: Any) -> dict[str, Any]:
        """Let x(t+1) = share x(t) / (1 + |sum y|), or x where y is x."""
        own = columns[written.name]
        total = 0.0 if read.name == written.name else abs(exact_sum(columns[read.name]))
        faded = p.share * own / (1.0 + total)
        return {written.name: faded + np.arange(len(faded)) * numbered}

    taken = declared(rule, read.name, written.name)
    return field(rule=taken, writes=(written.name,), random_numbers={})


def test_the_columns_cover_the_scales() -> None:
    assert {read.scale for read, _ in PAIRS} == set(SCALES)
    written = {written.scale for _, written in PAIRS}
    assert written >= {"nation", "region", "place", "cell", "unit", "option", "faction", "audience"}


@pytest.mark.parametrize(("read", "written"), PAIRS, ids=lambda c: c.scale)
def test_the_contract_holds_on_every_pair_of_scales(read: Column, written: Column) -> None:
    suite.check_mechanism(toy(read, written))


@pytest.mark.parametrize("scale", ["region", "place", "cell", "unit"])
def test_a_rule_that_looks_at_row_numbers_is_found_on_every_scale(scale: Scale) -> None:
    column = WRITTEN[scale]
    assert column is not None
    with pytest.raises(AssertionError, match="numbered"):
        suite.check_relabelling(toy(column, column, numbered=True))
