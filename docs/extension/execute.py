"""Run the Python blocks of a page in order, keep what they print and draw.

The output of a page is kept under a hash of its blocks and of the program, so a page is run again
only when either has changed. Every page has an empty folder of its own; the store of runs in it is
shared, so that what two pages ask for is simulated once. Own code instead of a notebook extension:
a page stays plain Markdown, and forty packages are not needed to build the site.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src" / "steppe"
SURFACES = ("app", "commands", "report")
"""Packages that no page's code can reach a number through."""


@dataclass(frozen=True, slots=True)
class Output:
    """What one block left: the text it printed, the file of its figure and words for it."""

    text: str
    image: str
    alt: str


class PageError(Exception):
    """A block of a page does not run."""


def program_hash() -> str:
    """Return the hash of the program's code and data, without its surfaces."""
    total = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        inside = path.relative_to(SOURCE)
        if path.is_file() and inside.parts[0] not in SURFACES and "__pycache__" not in path.parts:
            total.update(inside.as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def outputs_of(name: str, blocks: Sequence[str], folder: Path, program: str) -> list[Output]:
    """Return the output of each block of the page ``name``; figures are files in ``folder``.

    Raises ``PageError`` with the page, the block and the line where one fails.
    """
    key = hashlib.sha256("\0".join([program, name, *blocks]).encode()).hexdigest()[:16]
    record = folder / f"{name.replace('/', '-')}-{key}.json"
    if record.is_file():
        return [Output(**one) for one in json.loads(record.read_text(encoding="utf-8"))]
    folder.mkdir(parents=True, exist_ok=True)
    outputs = list(_run(name, blocks, folder, key))
    record.write_text(json.dumps([asdict(one) for one in outputs]), encoding="utf-8")
    return outputs


def _run(name: str, blocks: Sequence[str], folder: Path, key: str) -> Iterator[Output]:
    scope: dict[str, Any] = {"__name__": "page"}
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # tells of every glyph in a PDF
    store = folder / "runs"
    store.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        Path("runs").symlink_to(store, target_is_directory=True)
        for at, block in enumerate(blocks):
            try:
                printed, value = _block(block, f"{name}, block {at + 1}", scope)
            except Exception as error:
                raise PageError(f"{name}, block {at + 1}: {_where(error)}") from error
            yield _output(printed, value, folder, f"{name.replace('/', '-')}-{key}-{at}.svg")


def _block(block: str, label: str, scope: dict[str, Any]) -> tuple[str, object]:
    """Run one block; return what it printed and the value of its last expression."""
    tree = ast.parse(block, label)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, label, "exec"), scope)
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), label, "eval"), scope)
    return printed.getvalue().rstrip(), value


def _output(printed: str, value: object, folder: Path, image: str) -> Output:
    if value is None:
        return Output(printed, "", "")
    if not hasattr(value, "save"):
        return Output("\n".join(part for part in (printed, repr(value)) if part), "", "")
    value.save(folder / image)
    return Output(printed, image, _words(value))


def _words(picture: Any) -> str:
    """Return title and note of a figure, for those who do not see it."""
    title = picture.figure.get_suptitle()
    words = ". ".join(part for part in (title, picture.figure.get_supxlabel()) if part)
    return words.replace("\n", " ").replace("[", "(").replace("]", ")")


def _where(error: Exception) -> str:
    lines = []
    trace = error.__traceback__
    while trace is not None:
        lines.append(f"line {trace.tb_lineno} of {trace.tb_frame.f_code.co_filename}")
        trace = trace.tb_next
    page = next((line for line in reversed(lines) if ", block " in line), "")
    return f"{type(error).__name__}: {error} ({page or lines[-1]})"
