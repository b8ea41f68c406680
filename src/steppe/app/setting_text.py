"""The words of a setting: its title, the command line that repeats it, and its file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Any

from steppe.app.asked import Asked
from steppe.case.scenario import Value
from steppe.study.parameter_draws import ParameterDraws
from steppe.study.parameters import PREFIX, default_parameters, parameters_option


def title(one: Asked) -> str:
    """Return what is changed, in a few words."""
    parts = [one.baseline.counterfactuals[name].title for name in one.counterfactuals]
    parts += [f"{path.removeprefix(PREFIX)} = {shown(value)}" for path, value in one.values]
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
    words += parameters_option(one.baseline, one.parameters)
    words += ["--seeds", str(one.seeds)]
    words += ["--seed-from", str(one.first)] if one.first != 1 else []
    words += ["--scale", f"{one.scale:g}"] if one.scale != 1.0 else []
    return shlex.join(words)


def _alone(one: Asked) -> list[str]:
    """Return how the changed history alone is made with the same draws, where there are draws."""
    where = parameters_option(one.baseline, one.parameters)
    option = " ".join(where)
    return [f"# Give steppe run {option} with it: what it sets is not drawn."] if where else []


def _place(one: Asked) -> str:
    """Return where the case lies; an upload lies with its user, who knows where."""
    return str(one.case.path) if one.case.origin == "folder" else f"./{one.baseline.id}"


def values(one: Asked, draws: Sequence[ParameterDraws]) -> dict[str, Any]:
    """Return where the parameters of both histories come from; ``draws`` are those of its arms.

    ``row`` is the row of the sample that the first seed stands for, or None; ``usual`` the source
    of the case as it is, which may not fit changed rules.
    """
    sample = draws[0].posterior
    return {
        "source": one.parameters,
        "words": draws[0].words(one.seeds),
        "drawn": len(draws[0].rows(1)),
        "held": [path.removeprefix(PREFIX) for path in _held(one, draws)],
        "rows": 0 if sample is None else len(sample),
        "row": None if sample is None else sample.number(one.first),
        "seed": one.first,
        "sample": draws[0].sample,
        "usual": default_parameters(one.baseline),
    }


def _held(one: Asked, draws: Sequence[ParameterDraws]) -> list[str]:
    """Return the parameters that would be drawn if the change did not set them."""
    drawn = draws[0].rows(1)
    return [path for path in one.held if path.removeprefix(PREFIX) in drawn]


def readme(one: Asked, draws: Sequence[ParameterDraws]) -> str:
    """Return what an export holds, how it is read and how it is made again."""
    held = _held(one, draws)
    lines = [
        f"{one.baseline.title}: {title(one)}",
        "",
        f"Made again by: {command(one)}",
        f"Seeds {one.first} to {one.range[-1]}, {one.scale:g} agents for one citizen.",
        f"Parameters: {draws[0].words(one.seeds)}.",
    ]
    if draws[0].sample:
        lines.append(f"Posterior sample: {draws[0].sample}")
    if held:
        lines.append(f"Held at the value set in the changed history: {', '.join(held)}.")
    lines.append("")
    before = "" if one.parameters == "default" else " before the draws"
    names = ("as-it-was", "changed")
    lines += [
        f"{name}: scenario {drawn.base}{before}" for name, drawn in zip(names, draws, strict=False)
    ]
    if one.changes:
        lines += [
            "Both histories of a seed share every draw; differences are as it was less changed.",
            "changes.yaml holds the change: steppe run CASE --patch changes.yaml makes the",
            "changed history alone, with the same options.",
        ]
    return "\n".join(lines) + "\n"


def patch_file(one: Asked) -> str:
    """Return the changes as a patch file, as ``steppe run CASE --patch FILE`` takes it."""
    lines = [f"# {command(one)}", *_alone(one), f"title: {_quoted(title(one))}"]
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
