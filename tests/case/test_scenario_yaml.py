"""The bounded YAML reader: what it takes, what it refuses, and that bombs stay small."""

from __future__ import annotations

import time

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from steppe.case.scalars import plain
from steppe.case.units import Refusal
from steppe.case.yaml import read
from steppe.core.errors import CaseError


def refusal(text: str) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read(text, "f.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-12", -12), ("+5", 5), ("1.5", 1.5), (".5", 0.5), ("1.0e3", 1000.0),
        ("1.5E-3", 0.0015), ("true", True), ("False", False), ("~", None), ("null", None),
        ("", None), ("2022-01-05", "2022-01-05"), ("2022-13-45", "2022-13-45"),
        ("2022-01-05T16:00", "2022-01-05T16:00"), ("18 d", "18 d"), ("1,5", "1,5"),
        ("Nur-Sultan", "Nur-Sultan"), ("nan", "nan"), ("-", "-"), ("1.2.3", "1.2.3"),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_rules(text: str, value: object) -> None:
    assert plain(text) == value
    assert type(plain(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    ["yes", "NO", "on", "Off", "y", "N", "010", "-07", "00.5", "0x1F", "0o17", "0b1", "1_000",
     "12:30:00", "12:30", "1e3", "-1E-9", ".nan", ".inf", "-.INF", "1.0e999", "9" * 19, "9" * 9999],
)  # fmt: skip
def test_scalars_that_readers_take_differently_are_refused_with_advice(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        plain(text)
    assert caught.value.allowed
    assert str(refusal(f"a: 1\nb: {text}")).startswith("f.yaml:2:4: b: ")
    assert read(f'b: "{text}"', "f.yaml").data() == {"b": text}


@given(st.integers(-(10**17), 10**17) | st.floats(-1e300, 1e300).filter(lambda x: x == x))
def test_a_number_written_by_a_yaml_writer_reads_back_equal(number: float) -> None:
    assert plain(pyyaml.safe_dump(number).splitlines()[0]) == number


def test_every_value_keeps_its_place() -> None:
    tree = read("a: 1\nb:\n  - x\n  - c: [2, é, 3]\n", "f.yaml")
    b = tree.get("b")
    assert b is not None
    assert b.key is not None
    assert (b.key.line, b.key.column, b.mark.line, b.mark.column) == (2, 1, 3, 3)
    assert isinstance(b.value, tuple)
    c = b.value[1].get("c")
    assert c is not None
    assert isinstance(c.value, tuple)
    assert [(n.data(), n.mark.line, n.mark.column) for n in c.value] == [
        (2, 4, 9), ("é", 4, 12), (3, 4, 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: &x 1", "f.yaml:1:4: anchors"),
        ("a: 1\nb: *a", "f.yaml:2:4: aliases"),
        ("a: !!python/object/apply:os.system [x]", "f.yaml:1:4: tags"),
        ("a: ! x", "f.yaml:1:4: tags"),
        ("a: 1\n<<: {b: 2}", "f.yaml:2:1: <<: merge keys"),
        ("a: 1\n---\nb: 2", "f.yaml:2:1: a second document"),
        ("seed: 1\nseed: 2", "f.yaml:2:1: seed: the key is given twice, first in line 1"),
        ("a: 1\n? [a, b]\n: c", "f.yaml:2:3: a key must be text"),
        ("a: 1\n2: x", "f.yaml:2:1: a key must be text"),
        ('a: 1\nb: "\\0"', "f.yaml:2:4: b: the character U+0000"),
        ('b: "\\u202e"', "f.yaml:1:4: b: the character U+202E"),
        ("a: 1\nb: [1,\nc: 2\n", "f.yaml:3:5: not valid YAML"),
        ("a: 1\n b: 2", "f.yaml:2:3: not valid YAML"),
        ("", "f.yaml:1:1: the file is empty"),
        ("- 1", "f.yaml:1:1: a case is a mapping"),
        ("x", "f.yaml:1:1: a case is a mapping"),
        ("a: " + "x" * 10_001, "f.yaml:1:4: a: 10001 characters"),
    ],
)
def test_what_a_case_does_not_need_is_refused_at_its_place(text: str, start: str) -> None:
    assert str(refusal(text)).startswith(start)


def test_faults_are_reported_together() -> None:
    faults = refusal("a: no\nb: 010\nc: .nan\nd: 1\nd: 2\n").faults
    assert [fault.line for fault in faults] == [1, 2, 3, 5]


BOMBS = {
    "brackets": "a: " + "[" * 200_000,
    "megabyte of brackets": "[" * 1_000_000,
    "braces": "{" * 1_000_000,
    "nested blocks": "".join(" " * i + "a:\n" for i in range(1_400)),
    "nested dashes": "- " * 500_000,
    "question marks": "? " * 500_000,
    "aliases": "a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n",
    "merge keys": "a: &a {x: 1}\nb: {<<: [*a, *a]}\n",
    "many keys": "".join(f"k{i}: 1\n" for i in range(101_000)),
    "long list": "a: [" + "1," * 400_000 + "]",
    "long key": "x" * 1_000_000 + ": 1",
    "long value": "a: " + "x" * 1_000_000,
    "escapes": 'a: "' + "\\x41" * 250_000 + '"',
    "long number": "a: " + "1" * 200_000,
}


@pytest.fixture(scope="module")
def full_file() -> float:
    """Return the processor time that a good file with half of the items allowed takes."""
    start = time.process_time()
    read("a: [" + "1," * 50_000 + "]", "f.yaml")
    return time.process_time() - start


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_with_a_place_and_little_work(name: str, full_file: float) -> None:
    start = time.process_time()
    fault = refusal(BOMBS[name]).faults[0]
    assert fault.line >= 1
    assert fault.column >= 1
    assert time.process_time() - start < 10 * full_file


def test_limits_are_where_they_are_said_to_be() -> None:
    deep = "[" * 31 + "]" * 31
    assert read(f"a: {deep}", "f.yaml").get("a") is not None
    assert "32 levels" in str(refusal(f"a: [{deep}]"))
    assert len(read("a: [" + "1," * 99_997 + "]", "f.yaml").data()["a"]) == 99_997
    assert "100,000" in str(refusal("a: [" + "1," * 99_998 + "]"))
