"""A request is one value: command line and link are read back equal, its Python does the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import steppe
from steppe.case.canonical import scenario_hash
from steppe.case.scalars import check_text
from steppe.cli import parse_command
from steppe.study.request import CaseChanges, StudyRequest
from steppe.study.resolve import resolve

CASE = "kazakhstan-2022"


def shows(text: str) -> bool:
    try:
        check_text(text)
    except ValueError:
        return False
    return True


names = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
addresses = st.from_regex(r"[a-z]{1,8}(\.[a-z0-9_]{1,8}){1,2}", fullmatch=True)
values = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12).filter(shows),
)  # fmt: skip
settings_of = st.dictionaries(addresses, values, max_size=3)
sources = st.sampled_from([None, "default", "prior", "posterior"])
size = {
    "case": names, "seeds": st.integers(1, 10**6), "first": st.integers(0, 2**40),
    "scale": st.floats(0.001, 100.0), "parameters": sources,
}  # fmt: skip
pairs = st.builds(
    StudyRequest,
    variant=st.one_of(
        names.map(lambda name: CaseChanges((name,))),
        settings_of.filter(bool).map(CaseChanges.of),
    ),
    shared=settings_of.map(CaseChanges.of),
    free_from=st.none() | names,
    store=st.sampled_from(["runs", "../my runs"]),
    allow_code=st.booleans(),
    **size,
)
runs = st.builds(
    StudyRequest,
    shared=st.builds(
        lambda name, patches, values: CaseChanges(
            name, tuple(patches), tuple(sorted(values.items()))
        ),
        st.just(()) | names.map(lambda name: (name,)),
        st.lists(names.map("{}.yaml".format), max_size=2),
        settings_of,
    ),
    citizens=st.booleans(),
    **size,
)


looks = (runs | pairs).map(lambda one: replace(one, engine="cohorts", scale=1.0, citizens=False))


@given(runs | pairs | looks)
def test_the_command_line_is_read_back_equal(request: StudyRequest) -> None:
    assert parse_command(request.as_command()) == request


@given(
    st.builds(
        StudyRequest,
        variant=st.builds(lambda v, n: CaseChanges.of(v, *n), settings_of, st.lists(names)),
        **size,
    )
)
def test_the_link_is_read_back_equal(request: StudyRequest) -> None:
    assert StudyRequest.from_query(request.as_query()) == request


REQUESTS = (
    StudyRequest(case=CASE, seeds=3, first=2, scale=0.5, parameters="prior"),
    StudyRequest(case=CASE, shared=CaseChanges.of({"prices.shock": 0.5}, "no-blackout")),
    StudyRequest(case=CASE, variant=CaseChanges(("no-intervention",)), seeds=4),
    StudyRequest(
        case=CASE,
        shared=CaseChanges.of({"parameters.willingness.threshold": 0.4}),
        variant=CaseChanges.of({"alliance.troops": False}),
        free_from="request",
    ),
)


@pytest.mark.parametrize("request_", REQUESTS)
def test_the_python_makes_the_same_runs(
    request_: StudyRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    for name in ("ensemble", "pair"):
        monkeypatch.setattr(steppe, name, lambda *a, **k: calls.append((a, k)), raising=False)
    exec(request_.as_python(), {})
    ((arguments, options),) = calls
    study = resolve(request_)
    scenarios = [study.baseline] if study.variant is None else [study.baseline, study.variant]
    assert [scenario_hash(one) for one in arguments[:-1]] == list(map(scenario_hash, scenarios))
    assert arguments[-1] == request_.range
    assert tuple(options.get("fixed", ())) == study.held
    assert options.get("scale", 1.0) == request_.scale
    assert options.get("parameters") == request_.parameters


@pytest.mark.parametrize(
    "change",
    [
        {"case": ""}, {"seeds": 0}, {"first": -1}, {"first": 2**63}, {"scale": 0.0},
        {"scale": float("nan")}, {"scale": float("inf")}, {"parameters": "best"},
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_no_request(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(StudyRequest(case=CASE), **change)


@pytest.mark.parametrize(
    "values",
    [(("b", 1), ("a", 1)), (("a", 1), ("a", 2)), (("a=b", 1),), ((" a", 1),), (("a", "\x00"),)],
)
def test_what_cannot_be_written_is_no_change(values: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        CaseChanges(values=values)


def test_several_counterfactuals_merge_into_values() -> None:
    case = steppe.load(CASE)
    changes = CaseChanges.of({"information.blackout": "scripted"}, "no-blackout", "no-intervention")
    merged = changes.merged(case)
    assert merged.counterfactuals == ()
    assert dict(merged.values)["information.blackout"] == "scripted"
    assert CaseChanges(("no-blackout",)).merged(case) == CaseChanges(("no-blackout",))
