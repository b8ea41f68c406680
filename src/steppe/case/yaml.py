"""A bounded reader of YAML on parser events: every value keeps its place, nothing is composed.

Composing loaders (``yaml.safe_load`` and its C twin) can be made to run for ever or to crash by
a short file; events come one at a time, so depth and number are counted before memory is spent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import yaml

from steppe.case.scalars import Scalar, check_text, plain
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.units import Refusal
from steppe.core.errors import MAX_FAULTS, CaseError, Fault

MAX_LEVELS = 32
MAX_ITEMS = 100_000
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str, file: str) -> YamlNode:
    """Return the one document in ``text``, a mapping; ``CaseError`` names line and column."""
    return _Reader(text, file).document()


class _Reader:
    """Builds nodes from events; faults that do not stop the reading are gathered."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.items = 0
        self.faults: list[Fault] = []
        self.events: Iterator[Any] = yaml.parse(text, Loader=_PARSER)

    def document(self) -> YamlNode:
        event = self.next()
        while not isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.StreamEndEvent):
                self.stop(
                    SourceMark(self.file, 1, 1), "the file is empty", "a mapping of keys to values"
                )
            event = self.next()
        root = self.node(event, 1)
        while not isinstance(event := self.next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                self.stop(self.mark(event), "a second document begins", "one document per file")
        if not isinstance(root.value, Mapping):
            self.stop(root.mark, "a case is a mapping", "lines of the form key: value")
        if self.faults:
            raise CaseError(self.faults)
        return root

    def next(self) -> Any:
        try:
            return next(self.events)
        except yaml.YAMLError as error:
            at = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            problem = getattr(error, "problem", None) or getattr(error, "reason", None)
            context = getattr(error, "context_mark", None)
            if context is not None and at is not None and context.line != at.line:
                problem = f"{problem} (opened in line {context.line + 1})"
            mark = self.clamp(at)
            before = self.lines[mark.line - 1][: mark.column] if self.lines else ""
            if "\t" in before and "cannot start any token" in str(problem):
                self.stop(mark, "a tab at the beginning of a value or line", "spaces")
            self.stop_at_space(context or at, mark)
            self.stop(mark, f"not valid YAML: {problem or 'unreadable'}")

    def stop_at_space(self, at: Any, mark: SourceMark) -> None:
        """Stop at a space that is none to YAML and looks like one, near what cannot be read."""
        first = max(0, (at.line if at is not None else mark.line - 1) - 1)
        for number, line in enumerate(self.lines[first : mark.line], first + 1):
            if "\u00a0" in line:
                here = SourceMark(self.file, number, line.index("\u00a0") + 1)
                self.stop(here, "a no-break space (U+00A0) in place of a space", "a space")

    def stop(self, mark: SourceMark, message: str, allowed: str = "") -> NoReturn:
        raise CaseError([*self.faults, mark.fault("", message, allowed)]) from None

    def refuse(self, mark: SourceMark, key: str, message: str, allowed: str = "") -> None:
        self.faults.append(mark.fault(key, message, allowed))
        if len(self.faults) > MAX_FAULTS:
            raise CaseError(self.faults)

    def clamp(self, at: Any) -> SourceMark:
        """Return the place of an error, moved into the file if it lies behind its end."""
        if at is None:
            return SourceMark(self.file, 1, 1)
        last = len(self.lines) - (1 if len(self.lines) > 1 and not self.lines[-1] else 0)
        if at.line >= last:
            return SourceMark(self.file, last, len(self.lines[last - 1]) + 1)
        return SourceMark(self.file, at.line + 1, min(at.column, len(self.lines[at.line])) + 1)

    def mark(self, event: Any) -> SourceMark:
        return self.clamp(event.start_mark)

    def node(self, event: Any, level: int, name: str = "") -> YamlNode:
        mark = self.mark(event)
        self.items += 1
        if self.items > MAX_ITEMS:
            self.stop(mark, f"more than {MAX_ITEMS:,} values", "a smaller file")
        if isinstance(event, yaml.AliasEvent):
            self.stop(mark, f"aliases (*{event.anchor}) are not allowed", "the value written out")
        if event.anchor is not None:
            self.stop(mark, f"anchors (&{event.anchor}) are not allowed", "no anchor")
        if event.tag is not None:
            self.stop(mark, f"tags ({event.tag}) are not allowed", "no tag")
        if isinstance(event, yaml.ScalarEvent):
            return YamlNode(self.scalar(event, mark, name), mark)
        if level > MAX_LEVELS:
            self.stop(mark, f"nested deeper than {MAX_LEVELS} levels")
        if isinstance(event, yaml.SequenceStartEvent):
            return YamlNode(self.sequence(level, name), mark)
        return YamlNode(self.mapping(level), mark)

    def scalar(self, event: Any, mark: SourceMark, name: str) -> Scalar:
        try:
            check_text(event.value)
            return event.value if event.style else plain(event.value)
        except Refusal as error:
            self.refuse(mark, name, error.message, error.allowed)
            return None

    def sequence(self, level: int, name: str) -> tuple[YamlNode, ...]:
        children: list[YamlNode] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            children.append(self.node(event, level + 1, f"{name}[{len(children)}]"))
        return tuple(children)

    def mapping(self, level: int) -> dict[str, YamlNode]:
        children: dict[str, YamlNode] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            where = self.mark(event)
            faults_before = len(self.faults)
            name = self.node(event, level + 1, "key").value
            bad_key = len(self.faults) > faults_before
            child = self.node(self.next(), level + 1, name if isinstance(name, str) else "")
            if bad_key:
                continue
            if not isinstance(name, str):
                self.refuse(where, "", "a key must be text", "text, in quotes where in doubt")
            elif name == "<<":
                self.refuse(where, name, "merge keys are not allowed", "the values written out")
            elif name in children:
                first = children[name].start
                self.refuse(where, name, f"the key is given twice, first in line {first.line}")
            else:
                children[name] = YamlNode(child.value, child.mark, where)
        return children
