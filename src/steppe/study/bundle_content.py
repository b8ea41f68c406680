"""What goes into a bundle of stored runs: case, command, methods, and the runs themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from steppe.results.bundle import BundleContent
from steppe.results.methods import PAIRED, SINGLE, methods_paragraph
from steppe.results.store import Store
from steppe.study.parameter_draws import ParameterDraws
from steppe.study.request import STORE, StudyRequest

ARMS = ("baseline", "counterfactual")


def bundle_content(
    request: StudyRequest, case: Path, draws: ParameterDraws, store: Store, *arms: Mapping[int, str]
) -> BundleContent:
    """Return the bundle of the runs of ``arms`` (key by seed), the baseline first.

    ``draws`` are those of the baseline. Where the runs lay says nothing elsewhere, so the command
    names no store.
    """
    plain = replace(request, store=STORE)
    command = plain.as_command()
    records = [store.get(key, ()).record for key in arms[0].values()]
    methods = methods_paragraph(
        [replace(one, scenario_hash=draws.base) for one in records],
        parameters=draws.words(request.seeds), command=command,
        statistics=PAIRED if len(arms) > 1 else SINGLE,
    )  # fmt: skip
    again = replace(plain, case="./case", store="again").as_command()
    runs = dict(zip(ARMS, arms, strict=False))
    return BundleContent(draws.scenario.title, command, again, methods, case, runs)
