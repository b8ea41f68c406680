"""What the tests of the documents share: which there are, and their blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^(?P<mark>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=mark)\s*$", re.M | re.S)
_CAPTION = re.compile(r":caption: (\S+)\n")


def documents() -> list[Path]:
    """Return every Markdown document for users and maintainers, in a fixed order."""
    top = sorted(ROOT.glob("*.md"))
    return top + sorted(
        p for p in (ROOT / "docs").rglob("*.md") if not {"_build", "texts"} & set(p.parts)
    )


def name(path: Path) -> str:
    """Return ``path`` as it is called in the names of tests."""
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, and the file it stands for, '' if none."""

    language: str
    text: str
    file: str


def blocks(path: Path) -> list[Block]:
    """Return the fenced blocks of a document in their order."""
    found = []
    for match in _FENCE.finditer(path.read_text(encoding="utf-8")):
        language = match["info"].replace("{code-block}", "").strip()
        body = match["body"]
        caption = _CAPTION.match(body)
        file = caption[1] if caption else ""
        found.append(Block(language, body[caption.end() :] if caption else body, file))
    return found


def prose(path: Path) -> str:
    """Return a document without its fenced blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def commands(path: Path) -> list[list[str]]:
    """Return the words of every ``steppe`` command in shell blocks and in running text."""
    shell = "\n".join(b.text for b in blocks(path) if b.language in ("sh", "bash", "console"))
    lines = re.split(r"\n|&&|;|\|", shell)
    lines += re.findall(r"`(steppe [^`]+)`", prose(path))
    found = []
    for line in lines:
        words = line.split()
        if words and Path(words[0]).name == "steppe":
            found.append(words[1:])
    return found
