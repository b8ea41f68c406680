"""Errors say where, what, what is allowed and what was probably meant."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from steppe.core.errors import MAX_FAULTS, CaseError, Fault, SteppeError, StoreError, nearest

FAULT = Fault("case/prices.csv", 12, 5, "price", "is negative", "a number above 0", "prize")


def test_a_full_fault_reads_as_one_line() -> None:
    assert str(FAULT) == (
        "case/prices.csv:12:5: price: is negative; allowed: a number above 0; did you mean 'prize'?"
    )


def test_parts_that_are_not_known_are_left_out() -> None:
    assert str(Fault("a.yaml", 0, 0, "", "is empty")) == "a.yaml: is empty"
    assert str(Fault("a.yaml", 3, 1, "", "is empty")) == "a.yaml:3:1: is empty"
    assert str(Fault("a.yaml", 3, 1, "k", "is bad", nearest="l")) == (
        "a.yaml:3:1: k: is bad; did you mean 'l'?"
    )


def test_faults_are_told_in_their_order() -> None:
    faults = [Fault("a.yaml", line, 1, "k", f"fault {line}") for line in (9, 2, 5)]
    error = CaseError(iter(faults))
    assert str(error).splitlines() == [str(fault) for fault in faults]
    assert error.faults == error.all_faults == tuple(faults)


@pytest.mark.parametrize("extra", [0, 1, 180])
def test_at_most_twenty_faults_are_told_and_the_rest_counted(extra: int) -> None:
    error = CaseError([FAULT] * (MAX_FAULTS + extra))
    lines = str(error).splitlines()
    assert len(error.faults) == MAX_FAULTS == 20
    assert len(error.all_faults) == MAX_FAULTS + extra
    assert len(lines) == MAX_FAULTS + bool(extra)
    if extra:
        assert lines[-1] == f"... and {extra} more"


def test_an_error_needs_a_fault() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CaseError([])


def test_errors_for_users_have_one_base() -> None:
    assert issubclass(CaseError, SteppeError)
    assert issubclass(StoreError, SteppeError)


@pytest.mark.parametrize("carry", [copy.copy, lambda e: pickle.loads(pickle.dumps(e))])
def test_an_error_crosses_processes_unchanged(carry: Callable[[CaseError], CaseError]) -> None:
    error = CaseError([FAULT] * 23)
    other = carry(error)
    assert str(other) == str(error)
    assert other.all_faults == error.all_faults
    assert other.faults == error.faults


def test_nearest_finds_a_misspelt_name_and_nothing_far() -> None:
    names = ["internet_cut", "phone_cut", "curfew"]
    assert nearest("internet_cutt", names) == "internet_cut"
    assert nearest("curfw", iter(names)) == "curfew"
    assert nearest("zzz", names) == ""
    assert nearest("anything", []) == ""


def test_nearest_does_not_depend_on_order() -> None:
    names = ["force_level", "force_lever", "force_levels"]
    assert nearest("force_leve", names) == nearest("force_leve", names[::-1])
