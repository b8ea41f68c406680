"""Shell blocks of the documents: each line is run, made quick, or has its reason not to be."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
from documents import Block, blocks

from steppe.cli import cli

SHELLS = ("sh", "bash", "console")
SEEDS = 2
"""A study of the documents is run with so many seeds, and a sample made of so many draws."""

REASONS = {
    r"^python3 -m venv|^\.venv/bin/pip install|^source ": "the gate sets up from the README",
    r"^\.venv/bin/jupyter": "Jupyter is no part of what is tested",
    r"^docker ": "needs a container engine",
    r"^dask |--cluster (tcp|slurm)": "needs other machines; tests/study/executors has schedulers",
    r"--cluster local": "starts a scheduler; the Python block of the page does so",
    r"steppe app": "serves until it is stopped; tests/app",
    r"^steppe nowcast": "hundreds of looks with free actors; tests/study/nowcast",
    r"^steppe calibrate": "thousands of runs; tests/study/calibration",
    r"^steppe judge kazakhstan": "thousands of runs; two-valleys is judged in its place",
    r"^steppe validate(?! --interventions)": "crises of many countries; tests/research",
    r"my-requests\.csv|^steppe import": "a file of the reader's; tests/evidence has samples",
    r"\./my-case|repeat 3f9a": "a case or a run of the reader's",
    r"\bKEY\b": "the key of a run of the reader's; tests/commands",
    r"--record citizens|--profile|^steppe branch": "only citizens have it; tests/commands",
    r"mode=endogenous|mode=scripted,|--free-from": "compiles those in power; tests/engine has them",
    r"news=finds-a-way|news=silence": "a rival that cohorts do not count; the contract has it",
    r"early-concession\.yaml": "a file of the reader's; its block is applied as a patch",
    r"participation=(logit|kuran)|--rivals": "rules of choice are not counted by cohorts",
    r"--allow-code": "cohorts do not count rules of files; the Python block runs them",
    r"--over all|^steppe sensitivity": "hundreds of runs; tests/study",
    r"^steppe pair \S+ --all": "hundreds of runs; the gallery makes them",
}
"""Patterns of lines that are not run, and why."""


def lines(path: Path) -> Iterator[str]:
    """Yield the command lines of the shell blocks of a document."""
    for block in blocks(path):
        yield from lines_of(block)


def lines_of(block: Block) -> Iterator[str]:
    """Yield the command lines of a block; none if it is not for a shell."""
    if block.language in SHELLS:
        for line in block.text.splitlines():
            if text := line.removeprefix("$ ").strip():
                yield text


def reason(line: str) -> str:
    """Return why a line is not run, '' if it is."""
    return next((why for pattern, why in REASONS.items() if re.search(pattern, line)), "")


def quick(line: str) -> list[str]:
    """Return the words of a command of ``steppe`` with few seeds and by cohorts."""
    words = shlex.split(line, comments=True)
    assert words[0] == "steppe", f"neither run nor excused: {line}"
    command = cli.get_command(click.Context(cli), words[1])
    assert command is not None or words[1].startswith("-"), line
    flags = {flag for one in command.params for flag in one.opts} if command else set()
    words = words[1:]
    if "--engine" in flags and not {"--engine", "--scale"} & set(words):
        words += ["--engine", "cohorts"]
    for count in {"--seeds", "--draws"} & flags:
        if count in words:
            at = words.index(count) + 1
            words[at] = str(min(int(words[at]), SEEDS))
        else:
            words += [count, str(SEEDS)]
    return words


def keeps_runs(path: Path) -> bool:
    """Tell whether a page shows, exports or deletes whatever runs its reader has."""
    return any(re.search(r"^steppe (runs|export|gc|bundle|report)", line) for line in lines(path))
