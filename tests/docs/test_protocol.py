"""The ODD+D protocol is complete, the diagram shows every rule, and guides name what there is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from documents import ROOT

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose
from steppe.engine.plan import plan
from steppe.engine.recorder import RECORDED_SERIES
from steppe.engine.run import run
from steppe.model.columns import COLUMNS
from steppe.model.ledger import MECHANISMS, ROLES
from steppe.model.mechanisms import ALL
from steppe.model.options import OPTIONS

ELEMENTS = (
    "I.i Purpose", "I.ii Entities, state variables and scales",
    "I.iii Process overview and scheduling", "II.i Theoretical and empirical background",
    "II.ii Individual decision-making", "II.iii Learning", "II.iv Individual sensing",
    "II.v Individual prediction", "II.vi Interaction", "II.vii Collectives",
    "II.viii Heterogeneity", "II.ix Stochasticity", "II.x Observation",
    "III.i Implementation details", "III.ii Initialization", "III.iii Input data",
    "III.iv Submodels",
)  # fmt: skip
"""Müller et al., Environmental Modelling & Software 48 (2013), table 1."""


@pytest.fixture(scope="module")
def protocol() -> str:
    return (ROOT / "docs" / "reference" / "odd.md").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under ``heading``, up to the next of its rank or higher."""
    rank = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{rank}}} |\Z)", text, re.M | re.S)
    assert found is not None, heading
    return found[1]


def test_the_protocol_has_every_element_in_order(protocol: str) -> None:
    assert tuple(re.findall(r"^## (.+)$", protocol, re.M)) == ELEMENTS
    for title in ELEMENTS:
        assert len(section(protocol, f"## {title}")) > 200, title
    assert "{{" not in protocol


def test_every_column_and_series_is_described(protocol: str) -> None:
    entities = section(protocol, f"## {ELEMENTS[1]}")
    for column in COLUMNS:
        scale = section(entities, f"### Scale: {column.scale}")
        row = next(line for line in scale.splitlines() if line.startswith(f"| `{column.name}` |"))
        assert column.unit in row
        assert column.meaning in row
    observed = section(protocol, "### Recorded series")
    assert all(f"| `{q.name}` |" in observed for q in RECORDED_SERIES)


@pytest.mark.parametrize("role", MECHANISMS)
def test_every_rule_is_described_in_full(role: str, protocol: str) -> None:
    whole = section(protocol, f"### Role: {role}")
    for m in MECHANISMS[role].values():
        rule = section(whole, f"#### `{m.name}`: {m.title}")
        assert " ".join(m.equation.split()) in " ".join(rule.split())
        assert f"Evidence: {m.evidence}" in rule
        assert all(source in rule for source in m.sources)
        assert all(f"`{d.purpose.name.lower()}`" in rule for d in m.random_numbers.values())
        assert all(f"`{info.name}`" in rule for info in m.parameters.ledger())


def test_every_parameter_has_a_row_with_range_and_status(protocol: str) -> None:
    for role, rules in ROLES.items():
        whole = section(protocol, f"### Role: {role}")
        for info in {i for parameters in rules.values() for i in parameters.ledger()}:
            rows = [line for line in whole.splitlines() if f"| `{info.name}` *" in line]
            assert any(f"| {info.status} |" in row and f" {info.unit} |" in row for row in rows)


def test_every_draw_of_a_run_is_listed(protocol: str) -> None:
    drawn = {d.purpose for m in ALL for d in m.random_numbers.values()}
    drawn |= {Purpose.POOL, Purpose.TIE, Purpose.DECISION, Purpose.CONTACT, Purpose.LOYALTY}
    listed = section(protocol, f"## {ELEMENTS[11]}")
    assert all(f"| {p.value} | `{p.name.lower()}` |" in listed for p in drawn)


def test_the_process_is_the_plan(protocol: str, kazakhstan: Scenario) -> None:
    process = section(protocol, f"## {ELEMENTS[2]}")
    order = re.findall(r"^\| (\d+) \| \[(\S+)\]\(#role-\S+\): `(\S+)` \|", process, re.M)
    steps = [step.mechanism for step in plan(kazakhstan).steps]
    assert order == [(str(k), m.role, m.name) for k, m in enumerate(steps, 1)]


def test_the_diagram_shows_the_hour_with_free_actors(kazakhstan: Scenario) -> None:
    root = ElementTree.fromstring((ROOT / "docs" / "images" / "hour.svg").read_bytes())
    texts = [(t, "".join(t.itertext())) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    shown = [words for element, words in texts if element.get("class") == "name"]
    steps = plan(kazakhstan.change("mode", "endogenous")).steps
    wanted = [f"{step.mechanism.role}{step.mechanism.name}" for step in steps]
    assert [words for words in shown if words != "countengine"] == wanted
    heights = [float(e.get("y", "0")) for e, _ in texts if e.get("class") == "name"]
    assert all(a < b for a, b in pairwise(heights))


def test_the_guide_to_theories_has_every_rival_with_its_source() -> None:
    text = (ROOT / "docs" / "how-to" / "choose-a-theory.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:`(\S+)`)? ?\| `(\S+)` \| (.+?) \| (.+?) \|$", text, re.M)
    named: dict[tuple[str, str], str] = {}
    role = ""
    for first, rule, source, changes in rows:
        role = first or role
        named[role, rule] = source
        assert len(changes) > 20
    rivals = {r: rules for r, rules in MECHANISMS.items() if len(rules) > 1}
    roles = tuple(dict.fromkeys(r for r, _ in named))
    assert set(roles) == set(rivals)
    assert list(named) == [(r, rule) for r in roles for rule in rivals[r]]
    for (role, rule), source in named.items():
        author = re.split(r"[,&: ]", rivals[role][rule].sources[0])[0]
        assert author in source or source in ("the same", "the timeline of the case"), rule


def test_the_guide_to_an_hour_names_the_events_of_a_free_run(eventful: Scenario) -> None:
    text = (ROOT / "docs" / "explanation" / "how-an-hour-works.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+? \|$", text, re.M)
    kinds = {(actor, kind) for actor, named in rows for kind in re.findall(r"`(\w+)`", named)}
    kinds |= {("government", option) for option in OPTIONS[1:]}
    happened = run(eventful.change("mode", "endogenous"), seed=1, scale=0.0005).events
    made = {(event.actor, event.kind) for event in happened if event.origin == "model"}
    assert made
    assert made <= kinds
