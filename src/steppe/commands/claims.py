"""``steppe claims``: write, check and read the claims of a source text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options

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


@click.command(short_help="Write, check and read the claims of a source text.", epilog=EPILOG)
@click.argument("action", type=click.Choice(ACTIONS))
@options.case_argument
@click.argument("ids", nargs=-1, metavar="[CLAIM]...")
@click.option(
    "--claims",
    "claims_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Another file than CASE's own claims.yaml.",
)
@options.allow_code_option
@options.json_option
def command(
    action: str,
    case: str,
    ids: tuple[str, ...],
    claims_file: Path | None,
    allow_code: bool,
    as_json: bool,
) -> None:
    """Do ACTION with the claims about CASE.

    new writes a commented file to fill in, and never over one that is there; check names every
    fault with its line; list and show say what is claimed and how it is tested.
    """
    if action == "new":
        _new(case, claims_file)
        return
    from steppe.case.load import load
    from steppe.commands.judge import claims_for
    from steppe.study.claims.check import check_quantities

    scenario = load(case, allow_code=allow_code)
    file = claims_for(case, scenario, claims_file)
    check_quantities(file, scenario)
    chosen = file.select(ids)
    if as_json:
        options.print_json({"ok": True, **counted(file), "claims": [_plain(c) for c in chosen]})
    elif action == "check":
        _checked(case, file)
    elif action == "list":
        _list(file, chosen)
    else:
        for claim in chosen:
            _show(file, claim)


def _new(case: str, claims_file: Path | None) -> None:
    from steppe.case.claims import claims_path
    from steppe.commands.claims_template import TEMPLATE
    from steppe.commands.console import err, say

    path = claims_path(case) if claims_file is None else claims_file
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(TEMPLATE)
    except FileExistsError:
        raise click.UsageError(
            f"{path} is there already and is not overwritten; give another with --claims"
        ) from None
    say(err(), f"wrote {options.shown(path)}; fill it in, then `steppe claims check {case}`")


def counted(file: ClaimsFile) -> dict[str, Any]:
    """Return how many claims a file has, by kind of test."""
    kinds: dict[str, int] = {}
    for claim in file.claims:
        kinds[claim.test.kind] = kinds.get(claim.test.kind, 0) + 1
    return {"file": str(file.path), "sha256": file.sha256, "number": len(file.claims),
            "tests": kinds, "seeds": file.content.seeds}  # fmt: skip


def said_of(file: ClaimsFile) -> str:
    """Return the claims of a file in one line."""
    kinds = counted(file)["tests"]
    said = ", ".join(f"{kind.replace('_', ' ')}\u00a0{count}" for kind, count in kinds.items())
    return f"{len(file.claims)}: {said}"


def _checked(case: str, file: ClaimsFile) -> None:
    from rich.text import Text

    from steppe.commands.console import facts, out

    console = out()
    console.print(Text.assemble(("ok", "met"), f"  {file.path}"))
    console.print(facts([
        ("claims", said_of(file)),
        ("seeds", f"{file.content.seeds}, minimum probability "
                  f"{file.content.minimum_probability:g} where a test does not say"),
        ("SHA-256", file.sha256[:12]),
    ]))  # fmt: skip


def _list(file: ClaimsFile, claims: tuple[Claim, ...]) -> None:
    from steppe.commands.console import out, table

    made = table(("id", {"no_wrap": True, "style": "name"}), "claim", "by", "kind", "test")
    for claim in claims:
        made.add_row(
            claim.id, claim.text, claim.asserted_by, claim.kind, claim.test.kind.replace("_", " ")
        )
    out().print(made)


def _show(file: ClaimsFile, claim: Claim) -> None:
    import yaml
    from rich.text import Text

    from steppe.commands.console import facts, out, say

    console = out()
    console.print(Text.assemble((claim.id, "name"), "  ", (claim.text, "title")))
    rows = [("says", claim.asserted_by), ("where", claim.locator), ("kind", claim.kind),
            ("rests on", ", ".join(claim.rests_on)), ("note", claim.note)]  # fmt: skip
    rows += [("rules", ", ".join(claim.mechanisms))]
    rows += [("test", yaml.safe_dump(_plain(claim)["test"], sort_keys=False, width=70).strip())]
    console.print(facts([(name, value) for name, value in rows if value]))
    say(console)


def _plain(claim: Claim) -> dict[str, Any]:
    found: dict[str, Any] = claim.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found
