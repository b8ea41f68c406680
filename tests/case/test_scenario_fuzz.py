"""Mutated cases: every one is either taken or refused with a place inside one of its files.

``STEPPE_MUTATIONS`` sets how many mutants are tried and ``STEPPE_MUTATION_SEED`` which.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from toy import toy_files, write_toy_case

from steppe.case import load
from steppe.case.roles import Roles
from steppe.core.errors import CaseError

MUTANTS = int(os.environ.get("STEPPE_MUTATIONS", "600"))
SEED = int(os.environ.get("STEPPE_MUTATION_SEED", "20220102"))

TOKENS = [
    "yes", "no", "on", "off", "~", "null", "true", "010", "0x1F", "0o7", "1_000", "12:30:00",
    "1e3", "1.0e3", ".nan", "-.inf", "1e999", "-1", "0", "-0.0", "99999999999999999999", "&a",
    "*a", "<<:", "!!python/none", "!x", "|", ">", "|-", "?", "---", "...", "%YAML", "{", "}", "[",
    "]", "[[[[", "}}}}", ":", "::", ",", "\"\"", "'", "\"", "\\", "#", "-", "--", "@", "`", "=",
    ";", "a:b", "2022-13-45", "2022-01-02", "2022-01-02T00:00", "2022-01-02T25:00",
    "0001-01-01T00:00", "2022-01-02T00:00Z", "national", "alfa", "nowhere", "..", "/",
    "../../etc/passwd", "NA", "nan", "None", "?", "NULL", "1,5", "\"1,5\"", "\xe9", "\u4e2d",
    "\U0001f600", "\u202e", "\ufeff", "\x00", "\x07", "\x85", "\u2028", "\r", "\t",
    "extends", "tables", "id", "regions.csv",
    "set:", "prices.shock", "timeline.blackout", "kg", "litre", "shells per kg",
]  # fmt: skip


def mutate(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    token = rng.choice(TOKENS).encode()
    position = rng.randrange(len(data))
    kind = rng.randrange(9)
    if kind == 0:
        return data[:position] + bytes([rng.randrange(256)]) + data[position + 1 :]
    if kind == 1:
        return data[:position]
    if kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = b" " * rng.randrange(1, 5) + lines[at]
    elif kind == 4:
        lines[at] = lines[at].lstrip()
    elif kind == 5:
        del lines[at]
    elif kind == 6:
        words = lines[at].split(b" ")
        words[rng.randrange(len(words))] = token
        lines[at] = b" ".join(words)
    elif kind == 7:
        cells = lines[at].split(b",")
        cells[rng.randrange(len(cells))] = token
        lines[at] = b",".join(cells)
    else:
        return data[:position] + token + data[position:]
    return b"\n".join(lines)


def mutated_file(rng: random.Random, files: dict[str, bytes]) -> tuple[str, bytes]:
    names = sorted(files)
    name = "scenario.yaml" if rng.random() < 0.7 else rng.choice(names)
    data = mutate(files[name], rng)
    for _ in range(rng.randrange(3)):
        data = mutate(data or b"x", rng)
    return name, data


def outside(error: CaseError, mutant: bytes) -> list[str]:
    """Return the faults whose place is not inside a file."""
    wrong = []
    for fault in error.faults:
        data = Path(fault.file).read_bytes().decode("utf-8-sig", "replace").split("\n")
        inside = 1 <= fault.line <= len(data) and fault.column >= 1
        if not inside or fault.column > len(data[fault.line - 1]) + 1 or not fault.message:
            wrong.append(f"{fault} in {mutant!r}")
    return wrong


def cpu_seconds(case: Path, roles: Roles) -> float:
    """Return the time of the processor that the untouched case takes, once warm."""
    load(case, roles=roles)
    start = time.process_time()
    for _ in range(5):
        load(case, roles=roles)
    return (time.process_time() - start) / 5


def test_mutants_are_taken_or_refused_with_a_place(tmp_path: Path, roles: Roles) -> None:
    case = write_toy_case(tmp_path / "toy")
    files = {name: text.encode() for name, text in toy_files().items()}
    rng = random.Random(SEED)
    good = cpu_seconds(case, roles)
    taken, slowest, wrong = 0, 0.0, list[str]()
    for _ in range(MUTANTS):
        name, mutant = mutated_file(rng, files)
        (case / name).write_bytes(mutant)
        start = time.process_time()
        try:
            load(case, roles=roles)
            taken += 1
        except CaseError as error:
            slowest = max(slowest, time.process_time() - start)
            wrong += outside(error, mutant)
        (case / name).write_bytes(files[name])
    assert not wrong, wrong[:3]
    assert MUTANTS * 0.02 < taken < MUTANTS * 0.7
    assert slowest < 100 * good
