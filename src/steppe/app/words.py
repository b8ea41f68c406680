"""The words of a setting: its title, the command line that repeats it, and its file."""

from __future__ import annotations

import re
import shlex

from steppe.app.asked import Asked
from steppe.scenario.config import Value


def title(one: Asked) -> str:
    """Return what is changed, in a few words."""
    parts = [one.baseline.counterfactuals[name].title for name in one.counterfactuals]
    parts += [f"{path.removeprefix('parameters.')} = {shown(value)}" for path, value in one.values]
    if not one.changes or not parts:
        return "Nothing changed"
    return parts[0] if len(parts) == 1 else f"{parts[0]} and {len(parts) - 1} more"


def shown(value: Value) -> str:
    """Return a value as ``--set`` takes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def command(one: Asked) -> str:
    """Return the command that makes the same runs and compares them."""
    where = one.case.id if one.case.origin == "shipped" else _place(one)
    words: list[str] = ["steppe", "pair" if one.changes else "run", where]
    if len(one.counterfactuals) == 1 and not one.values:
        words.append(one.counterfactuals[0])
    elif one.changes:
        merged: dict[str, Value] = {}
        for name in one.counterfactuals:
            merged |= one.baseline.counterfactuals[name].set
        for path, value in sorted((merged | dict(one.values)).items()):
            words += ["--set", f"{path}={shown(value)}"]
    words += ["--seeds", str(one.seeds)]
    words += ["--seed-from", str(one.first)] if one.first != 1 else []
    words += ["--scale", f"{one.scale:g}"] if one.scale != 1.0 else []
    return shlex.join(words)


def _place(one: Asked) -> str:
    """Return where the case lies; an upload lies with its user, who knows where."""
    return str(one.case.path) if one.case.origin == "folder" else f"./{one.baseline.id}"


def patch_file(one: Asked) -> str:
    """Return the changes as a patch file, as ``steppe run CASE --patch FILE`` takes it."""
    lines = [f"# {command(one)}", f"title: {_quoted(title(one))}"]
    questions = [one.baseline.counterfactuals[name].question for name in one.counterfactuals]
    if questions:
        lines.append(f"question: {_quoted(questions[0])}")
    lines.append("set:")
    lines += [f"  {change.path}: {_yaml(change.new)}" for change in one.changes]
    return "\n".join(lines) + "\n"


def _yaml(value: Value) -> str:
    return _quoted(value) if isinstance(value, str) else shown(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def file_stem(one: Asked) -> str:
    """Return a name for files: from ids only, never from other texts of a case."""
    parts = [one.baseline.id, *one.counterfactuals[:2]]
    parts += ["changed"] if one.values else []
    return re.sub(r"[^a-z0-9+-]", "-", "+".join(parts))[:80]
