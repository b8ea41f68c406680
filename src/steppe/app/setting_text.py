"""The texts of a comparison: its title, the patch file of its changes, and a readme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from steppe.results.methods import PAIRED, SINGLE
from steppe.study.levers import change_in_words, title_of_changes
from steppe.study.parameters import PREFIX, default_parameters, parameters_option
from steppe.study.request import value_text

if TYPE_CHECKING:
    from steppe.app.comparison import Comparison
    from steppe.case.scenario import Value
    from steppe.study.parameter_draws import ParameterDraws

ARMS = ("baseline", "counterfactual")
"""The two arms of a comparison as files and texts of an export name them."""


def title(one: Comparison) -> str:
    """Return everything that is changed, in words."""
    parts = [
        one.baseline.counterfactuals[name].title for name in one.request.variant.counterfactuals
    ]
    parts += [change_in_words(path, value) for path, value in one.request.variant.values]
    if not one.changes or not parts:
        return "Nothing changed"
    return title_of_changes(parts)


def head(one: Comparison, draws: Sequence[ParameterDraws]) -> dict[str, Any]:
    """Return what every view says of its setting; ``draws`` are those of its arms."""
    return {
        "title": title(one),
        "command": one.portable.as_command(),
        "told": PAIRED if one.changes else SINGLE,
        "parameters": values(one, draws),
        "changes": [change._asdict() for change in one.changes],
    }


def _alone(one: Comparison) -> list[str]:
    """Return how the changed history alone is made with the same draws, where there are draws."""
    where = parameters_option(one.baseline, one.parameters)
    option = " ".join(where)
    return [f"# Give steppe run {option} with it: what it sets is not drawn."] if where else []


def values(one: Comparison, draws: Sequence[ParameterDraws]) -> dict[str, Any]:
    """Return where the parameters of both histories come from; ``draws`` are those of its arms.

    ``row`` is the row of the sample that the first seed stands for, or None; ``usual`` the source
    of the case as it is, which may not fit changed rules.
    """
    sample = draws[0].posterior
    return {
        "source": one.parameters,
        "words": draws[0].words(one.request.seeds),
        "drawn": len(draws[0].rows(1)),
        "held": [path.removeprefix(PREFIX) for path in _fixed(one, draws)],
        "rows": 0 if sample is None else len(sample),
        "row": None if sample is None else sample.number(one.request.first),
        "seed": one.request.first,
        "sample": draws[0].sample,
        "usual": default_parameters(one.baseline),
    }


def _fixed(one: Comparison, draws: Sequence[ParameterDraws]) -> list[str]:
    """Return the parameters that would be drawn if the change did not set them."""
    sampled = draws[0].rows(1)
    return [path for path in one.fixed if path.removeprefix(PREFIX) in sampled]


def readme(one: Comparison, draws: Sequence[ParameterDraws], *, omitted: int = 0) -> str:
    """Return what an export holds, how it is read and how it is made again.

    ``omitted`` runs of the setting are not in it.
    """
    fixed, request = _fixed(one, draws), one.request
    lines = [
        f"{one.baseline.title}: {title(one)}",
        "",
        f"Repeat with: {one.portable.as_command()}",
        f"Seeds {request.first} to {request.range[-1]}, {request.scale:g} agents for one citizen.",
        f"Parameters: {draws[0].words(request.seeds)}.",
    ]
    if omitted:
        whole = f"{one.request.seeds * len(one.arms)} runs"
        lines.append(f"Not here: {omitted} of {whole}; omitted.csv names each, with the reason.")
    if draws[0].sample:
        lines.append(f"Posterior sample: {draws[0].sample}")
    if fixed:
        lines.append(f"Fixed at the value set in the counterfactual: {', '.join(fixed)}.")
    lines.append("")
    before = "" if one.parameters == "default" else " before the draws"
    lines += [
        f"{name}: scenario {of_arm.base}{before}" for name, of_arm in zip(ARMS, draws, strict=False)
    ]
    if one.changes:
        lines += [
            "Both histories of a seed share every draw; differences are baseline minus",
            "counterfactual.",
            "changes.yaml holds the change: steppe run CASE --patch changes.yaml makes the",
            "counterfactual alone, with the same options.",
        ]
    lines += [
        "",
        "In Python:",
        "",
        *(f"    {line}" for line in one.portable.as_python().splitlines()),
    ]
    return "\n".join(lines) + "\n"


def patch_file(one: Comparison) -> str:
    """Return the changes as a patch file, as ``steppe run CASE --patch FILE`` takes it."""
    lines = [f"# {one.portable.as_command()}", *_alone(one), f"title: {_quoted(title(one))}"]
    questions = [
        one.baseline.counterfactuals[name].question for name in one.request.variant.counterfactuals
    ]
    if questions:
        lines.append(f"question: {_quoted(questions[0])}")
    lines.append("set:")
    lines += [f"  {change.path}: {_yaml(change.new)}" for change in one.changes]
    return "\n".join(lines) + "\n"


def _yaml(value: Value) -> str:
    return _quoted(value) if isinstance(value, str) else value_text(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def file_stem(one: Comparison) -> str:
    """Return a name for files: from ids only, never from other texts of a case."""
    parts = [one.baseline.id, *one.request.variant.counterfactuals[:2]]
    parts += ["changed"] if one.request.variant.values else []
    return re.sub(r"[^a-z0-9+-]", "-", "+".join(parts))[:80]
