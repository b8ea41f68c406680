"""What a mechanism declares is what its rule takes and gives, and nothing is left over."""

from __future__ import annotations

import inspect
import itertools

import pytest

from steppe.model.columns import BY_NAME, COLUMNS
from steppe.model.ledger import ESSENTIAL, MECHANISMS, NONE, ROLES
from steppe.model.mechanism import CONTEXT, Mechanism, RandomNumber
from steppe.model.mechanisms import ALL
from steppe.model.phases import Phase

FIELD = [m for m in ALL if not m.citizen]

# Counts and hazards of citizens are added up by the engine where it runs the citizen rules.
ENGINE_WRITTEN = {
    "place_peaceful", "place_violent", "place_looting", "place_joined", "cell_active",
    "cell_violent", "cell_looting",
}  # fmt: skip


def test_each_argument_is_a_column_a_context_or_a_declared_random_number() -> None:
    for m in FIELD:
        for name in m.arguments:
            assert name in BY_NAME or name in CONTEXT or name in m.random_numbers, name


def test_rules_take_the_parameters_and_then_keywords_without_defaults() -> None:
    for m in FIELD:
        first, *others = inspect.signature(m.rule).parameters.values()
        assert first.name == "p", m.name
        assert all(a.kind is a.KEYWORD_ONLY and a.default is a.empty for a in others), m.name


def test_declared_random_numbers_are_taken() -> None:
    for m in ALL:
        assert set(m.random_numbers) == {name for name in m.arguments if name.startswith("u_")}, (
            m.name
        )


def test_no_two_random_numbers_share_an_address() -> None:
    # Rivals of one role never run together and may share theirs.
    taken = {(m.role, name): one for m in ALL for name, one in m.random_numbers.items()}
    for m in ALL:
        for name, one in m.random_numbers.items():
            assert taken[m.role, name] == one, f"rivals of {m.role} disagree on {name}"
    addresses = [(one.purpose, one.index) for one in taken.values()]
    assert len(set(addresses)) == len(addresses)
    assert all(0 <= one.index < 2**16 for one in taken.values())


def test_columns_read_and_written_exist() -> None:
    for m in ALL:
        assert set(m.reads) <= set(BY_NAME), m.name
        assert set(m.writes) <= set(BY_NAME) | {"citizen_state"}, m.name
        assert len(set(m.writes)) == len(m.writes), m.name
        assert m.writes or m.role == "willingness", m.name  # which other rules of hazards are given


def test_neutral_values_are_for_written_columns() -> None:
    for m in ALL:
        assert set(m.neutral) <= set(m.writes), m.name


def test_a_mechanism_is_documented() -> None:
    for m in ALL:
        assert m.title, m.name
        assert m.equation, m.name
        assert m.sources, m.name
        assert all(source.strip() for source in m.sources), m.name
        assert m.evidence in {"established", "supported", "conjecture"}, m.name
        assert inspect.getdoc(m.rule), m.name
        assert inspect.getdoc(inspect.getmodule(m.rule)), m.name


def test_evidence_beyond_conjecture_names_a_real_source() -> None:
    for m in ALL:
        if m.evidence != "conjecture":
            assert not any("conjecture" in source for source in m.sources)


def test_phases_never_run_backwards_in_the_list() -> None:
    phases = [m.phase for m in ALL]
    assert phases == sorted(phases)
    assert set(phases) == set(Phase)


def test_no_mechanism_overwrites_another_of_the_same_hour() -> None:
    # Rivals share a role and never run together; everybody else has columns of his own.
    # Nor do rules of hazards and of choice. A citizen's state alone passes through several hands:
    # of choice then contact; of the hazards of one loop, which compete for him, then contact.
    for a, b in itertools.combinations(ALL, 2):
        if a.role != b.role and {a.street, b.street} != {"hazards", "choices"}:
            common = set(a.writes) & set(b.writes)
            assert common <= {"citizen_state"}
            one_loop = a.street == b.street == "hazards" and a.phase == Phase.STREET
            assert not common or a.phase != b.phase or one_loop


def test_every_state_column_is_written_by_someone() -> None:
    written = {name for m in ALL for name in m.writes}
    state = {c.name for c in COLUMNS if c.kind == "state"}
    assert state - written == ENGINE_WRITTEN
    assert written - state == {"citizen_state"}


def test_rivals_write_the_same_columns() -> None:
    # or what a role leaves behind would depend on who plays it
    for role, rivals in MECHANISMS.items():
        names = [set(m.writes) for m in rivals.values()]
        if role != "alliance":  # the scripted alliance has no state of its own
            assert all(n == names[0] for n in names), role
    scripted, deciding = (MECHANISMS["alliance"][n] for n in ("scripted", "expected-utility"))
    assert set(scripted.writes) < set(deciding.writes)


def test_every_lever_is_read_by_someone() -> None:
    read = {name for m in ALL for name in m.reads}
    levers = {c.name for c in COLUMNS if c.kind == "script"}
    assert levers <= read


def test_hazards_declare_the_whole_crowd_they_divide_by() -> None:
    contact = MECHANISMS["contact"]["hazards"]
    assert {"place_peaceful", "place_violent", "place_looting"} <= set(contact.reads)


def test_columns_are_named_by_their_scale() -> None:
    for c in COLUMNS:
        if c.kind != "script":
            assert c.name.startswith(f"{c.scale}_"), c.name
    assert len(BY_NAME) == len(COLUMNS)
    assert all(c.unit and c.meaning for c in COLUMNS)


def test_roles_have_a_default_and_essential_roles_exist() -> None:
    assert set(ESSENTIAL) <= set(ROLES)
    assert [m.role for m in ALL] == [m.role for r in MECHANISMS.values() for m in r.values()]
    assert all(NONE not in rules for rules in ROLES.values())


def example(**changes: object) -> Mechanism:
    base = MECHANISMS["threat"]["intelligence"]
    values = {f: getattr(base, f) for f in base.__dataclass_fields__} | changes
    return Mechanism(**values)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"writes": ("nation_wrath",)}, "nation_wrath"),
        ({"writes": ("place_population",)}, "not writable"),
        ({"writes": ("script_signal",)}, "not writable"),
        ({"neutral": {"nation_wrath": 1.0}}, "nation_wrath"),
        ({"rule": lambda p, *, wrath: {}}, "wrath"),
        ({"sources": ()}, "sources"),
    ],
)
def test_a_false_declaration_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        example(**changes)


def test_a_random_number_names_purpose_and_scale() -> None:
    for m in ALL:
        for one in m.random_numbers.values():
            assert isinstance(one, RandomNumber)
            assert one.scale in {c.scale for c in COLUMNS}
