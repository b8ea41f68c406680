"""``steppe claims``: write, check and read the claims of a source text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.console import NAME, err, facts, out, rows_table, say
from steppe.commands.request_options import takes_options

if TYPE_CHECKING:
    from steppe.case.claims import ClaimsFile
    from steppe.case.claims_model import Claim

EPILOG = """\b
Examples
  steppe claims new ./late-alliance     write late-alliance/claims.yaml to fill in
  steppe claims check kazakhstan-2022   check it; run nothing
  steppe claims list kazakhstan-2022
  steppe claims show kazakhstan-2022 C16

`steppe judge CASE` gives the verdicts.
"""
ACTIONS = ("new", "check", "list", "show")


@dataclass(frozen=True, slots=True)
class ClaimsOptions:
    """Whose claims, in which file."""

    case: str
    claims_file: Path | None
    allow_code: bool


@click.command(short_help="Write, check and read the claims of a source text.", epilog=EPILOG)
@click.argument("action", type=click.Choice(ACTIONS))
@options.case_argument
@click.argument("ids", nargs=-1, metavar="[CLAIM]...")
@options.claims_option("Another file than CASE's own claims.yaml.")
@options.allow_code_option
@options.json_option
@takes_options(ClaimsOptions)
def command(action: str, ids: tuple[str, ...], as_json: bool, order: ClaimsOptions) -> None:
    """Do ACTION with the claims about CASE.

    new writes a commented file to fill in, and never over one that is there; check names every
    fault with its line; list and show say what is claimed and how it is tested.
    """
    if action == "new":
        _new(order.case, order.claims_file)
        return
    from steppe.case.load import load
    from steppe.commands.judge import claims_for
    from steppe.study.claims.check import check_quantities

    scenario = load(order.case, allow_code=order.allow_code)
    file = claims_for(order.case, scenario, order.claims_file)
    check_quantities(file, scenario)
    claims = file.select(ids)
    if as_json:
        options.print_json(
            {"ok": True, **counts_by_kind(file), "claims": [_plain(c) for c in claims]}
        )
    elif action == "check":
        _show_check(file)
    elif action == "list":
        _list(claims)
    else:
        for claim in claims:
            _show(claim)


def _new(case: str, claims_file: Path | None) -> None:
    from steppe.case.claims import claims_path
    from steppe.countries.case_files import claims_to_fill_in

    path = claims_path(case) if claims_file is None else claims_file
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(claims_to_fill_in())
    except FileExistsError:
        raise click.UsageError(
            f"{path} is there already and is not overwritten; give another with --claims"
        ) from None
    say(err(), f"wrote {options.short_path(path)}; fill it in, then `steppe claims check {case}`")


def counts_by_kind(file: ClaimsFile) -> dict[str, Any]:
    """Return how many claims a file has, by kind of test."""
    kinds: dict[str, int] = {}
    for claim in file.claims:
        kinds[claim.test.kind] = kinds.get(claim.test.kind, 0) + 1
    return {"file": str(file.path), "sha256": file.sha256, "number": len(file.claims),
            "tests": kinds, "seeds": file.content.seeds}  # fmt: skip


def kinds_text(file: ClaimsFile) -> str:
    """Return the claims of a file in one line."""
    kinds = counts_by_kind(file)["tests"]
    texts = (f"{kind.replace('_', ' ')}\u00a0{count}" for kind, count in kinds.items())
    return f"{len(file.claims)}: {', '.join(texts)}"


def _show_check(file: ClaimsFile) -> None:
    from rich.text import Text

    console = out()
    console.print(Text.assemble(("ok", "met"), f"  {file.path}"))
    console.print(facts([
        ("claims", kinds_text(file)),
        ("seeds", f"{file.content.seeds}, minimum probability "
                  f"{file.content.minimum_probability:g} where a test does not say"),
        ("SHA-256", file.sha256[:12]),
    ]))  # fmt: skip


def _list(claims: tuple[Claim, ...]) -> None:
    rows = (
        (one.id, one.text, one.asserted_by, one.kind, one.test.kind.replace("_", " "))
        for one in claims
    )
    out().print(rows_table((("id", NAME), "claim", "by", "kind", "test"), rows))


def _show(claim: Claim) -> None:
    import yaml
    from rich.text import Text

    console = out()
    console.print(Text.assemble((claim.id, "name"), "  ", (claim.text, "title")))
    rows = [("says", claim.asserted_by), ("where", claim.locator), ("kind", claim.kind),
            ("rests on", ", ".join(claim.rests_on)), ("note", claim.note)]  # fmt: skip
    rows += [("rules", ", ".join(claim.mechanisms))]
    rows += [("test", yaml.safe_dump(_plain(claim)["test"], sort_keys=False, width=70).strip())]
    console.print(facts([(name, value) for name, value in rows if value]))
    say(console)


def _plain(claim: Claim) -> dict[str, object]:
    return claim.model_dump(mode="json", by_alias=True, exclude_defaults=True)
