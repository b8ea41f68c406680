"""One more rule is a file and a line in the list: everything else finds it there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .source import ROOT, SOURCE

COPIED, NEW = "participation_contagion", "participation_another"

LOOK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from click.testing import CliRunner
from pathlib import Path
import steppe
from generator.reference import mechanisms, parameters
from steppe.app.case_json import case_document
from steppe.app.case_registry import Case
from steppe.case.json_schema import json_schema
from steppe.cli import cli
from steppe.study.rule_patches import patches

case = steppe.load("two-valleys")
changed = case.change("mechanisms.participation", "another-rule")
(rule,) = [s for s in steppe.plan(changed).steps if s.mechanism.role == "participation"]
document = case_document(Case("x", "X", "shipped", Path(".")), case)
roles = {one["role"]: one for one in document["roles"]}
print(json.dumps({
    "file": sys.modules[rule.mechanism.rule.__module__].__file__,
    "plan": rule.mechanism.name,
    "command line": CliRunner().invoke(cli, ["mechanisms", "participation"]).output,
    "schema": json.dumps(json_schema()),
    "app": [one["name"] for one in roles["participation"]["rules"]],
    "ablation": [rule for _, _, rule in patches(case, rivals=True)],
    "page of mechanisms": mechanisms(),
    "page of parameters": parameters(),
}))
"""


def test_a_rule_is_one_file_and_one_line(tmp_path: Path) -> None:
    package = tmp_path / "steppe"
    shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
    folder = package / "model" / "mechanisms"
    text = (folder / f"{COPIED}.py").read_text(encoding="utf-8")
    text = text.replace("CONTAGION", "ANOTHER").replace('"complex-contagion"', '"another-rule"')
    (folder / f"{NEW}.py").write_text(text, encoding="utf-8")
    listed = folder / "__init__.py"
    lines = listed.read_text(encoding="utf-8")
    lines = lines.replace(
        "\n\nALL", f"\nfrom steppe.model.mechanisms.{NEW} import ANOTHER\n\nALL", 1
    )
    lines = lines.replace("    CONTAGION,\n", "    CONTAGION,\n    ANOTHER,\n", 1)
    listed.write_text(lines, encoding="utf-8")

    paths = {"PYTHONPATH": str(tmp_path), "STEPPE_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", LOOK, str(ROOT / "docs")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **paths})
    assert done.returncode == 0, done.stderr
    places = json.loads(done.stdout)
    assert Path(places.pop("file")) == folder / f"{NEW}.py"
    assert {
        place for place, content in places.items() if "another-rule" not in str(content)
    } == set()
