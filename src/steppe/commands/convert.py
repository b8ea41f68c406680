"""``steppe convert``: a case folder of format 1 rewritten as one of format 2."""

from __future__ import annotations

from pathlib import Path

import click

from steppe.commands import options

EPILOG = """\b
Examples
  steppe convert ./my-crisis
"""


@click.command(short_help="Rewrite a case folder of format 1 in format 2.", epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@options.json_option
def command(folder: Path, as_json: bool) -> None:
    """Rewrite the case in FOLDER, which is of format 1, in format 2.

    Comments and order stay, and every run is the same to the last bit: files that would say
    anything else are not written. Groups and the good get plain names, to be changed by hand.
    """
    from steppe.case.convert import converted
    from steppe.case.folder_edit import commit

    files = converted(folder)
    commit(folder, files)
    home = options.short_path(folder)
    if as_json:
        options.print_json({"ok": True, "files": sorted(files)})
        return
    from steppe.commands.console import facts, out

    out().print(facts([
        ("files", "\n".join(f"{home}/{name}" for name in sorted(files))),
        ("next", f"name the groups and the good in {home}/scenario.yaml and its tables, then\n"
                 f"steppe check {home}"),
    ]))  # fmt: skip
