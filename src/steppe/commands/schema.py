"""``steppe schema``: the JSON Schema of scenario.yaml, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from steppe.commands import options

EPILOG = """\b
Name it in the first line of scenario.yaml, and an editor completes and checks:
  # yaml-language-server: $schema=steppe.schema.json
"""


@click.command(short_help="Print the JSON Schema of scenario.yaml, for editors.", epilog=EPILOG)
@options.new_file("--output", "-o", meaning="Write to FILE instead of standard output.")
def command(output: Path | None) -> None:
    """Print the JSON Schema of scenario.yaml, with every parameter, unit and range."""
    from steppe.case.json_schema import json_schema

    schema = json_schema()
    if output is None:
        options.print_json(schema)
        return
    text = json.dumps(schema, indent=2, allow_nan=False, ensure_ascii=False)
    output.write_text(f"{text}\n", encoding="utf-8")
    click.echo(options.short_path(output))
