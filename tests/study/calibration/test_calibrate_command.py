"""``steppe calibrate``: what it prints and writes, from a table so that nothing is simulated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.study.calibration.synthetic import COSTS, simulations

from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.study.calibration import recovery
from steppe.study.parameters import priors

ARGUMENTS = ("calibrate", "kazakhstan-2022", "--no-predict", "--no-plots", "--vectors", "160")


@pytest.fixture(scope="module")
def table(kazakhstan: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulations") / "runs.csv"
    simulations(kazakhstan, 160).write(path)
    return path


def run(folder: Path, *arguments: object) -> tuple[int, str, str]:
    words = [*ARGUMENTS, "--store", folder / "runs", "--output", folder / "out", *arguments]
    found = CliRunner().invoke(cli, [str(word) for word in words])
    return found.exit_code, found.stdout, found.stderr


def test_trust_comes_first_and_misses_first(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "TESTS", 8)
    code, said, _ = run(tmp_path, "--table", table, "--hold-out", "deaths")
    assert code == 0
    places = [said.index(words) for words in (
        "Recovery of known parameters", "Posterior (160 vectors", "What trades off",
        "Fitted without deaths, predicting them, misses first",
    )]  # fmt: skip
    assert places == sorted(places)
    assert sum(line.endswith(" no") for line in map(str.rstrip, said.splitlines())) >= 9
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "posterior.csv", "posterior.json",
    }  # fmt: skip
    kept = json.loads((tmp_path / "out" / "posterior.json").read_text())
    assert kept["held_out"][0]["split"] == "deaths"
    assert kept["command"].startswith("steppe calibrate kazakhstan-2022 --vectors 160")


def test_json_is_one_document(table: Path, tmp_path: Path, kazakhstan: Scenario) -> None:
    code, said, _ = run(tmp_path, "--table", table, "--json", "--draws", 10)
    assert code == 0
    found = json.loads(said)
    assert [one["path"] for one in found["parameters"]] == list(priors(kazakhstan))
    assert found["design"]["runs"] == 160
    lines = (tmp_path / "out" / "posterior.csv").read_text().splitlines()
    assert len(lines) == 11


def test_pictures_and_inference_data_are_written(
    table: Path, tmp_path: Path, kazakhstan: Scenario
) -> None:
    from steppe.plot.calibration import draw_all
    from steppe.study.calibration.fit import CalibratedFigures, fit
    from steppe.study.calibration.inference import sample

    infos = priors(kazakhstan)
    found = fit(simulations(kazakhstan, 160), infos, CalibratedFigures.of(kazakhstan), tests=4)
    names = {path.name for path in draw_all(found, (), tmp_path)}
    assert names == {f"{a}.{b}" for a in ("prior-to-posterior", "ranks") for b in ("png", "svg")}
    first = (tmp_path / "ranks.svg").read_bytes()
    draw_all(found, (), tmp_path)
    assert (tmp_path / "ranks.svg").read_bytes() == first
    pytest.importorskip("arviz", exc_type=ImportError)
    from steppe.study.calibration.export import inference_data

    data = inference_data(found, sample(infos, found.draws, 20, 1))
    assert data.posterior[COSTS].shape == (1, 20)
    assert set(data.groups()) >= {"posterior", "prior", "observed_data"}


def test_too_few_vectors_and_another_table_are_mistakes(tmp_path: Path, table: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text("\n".join(table.read_text().splitlines()[:10]) + "\n")
    code, _, said = run(tmp_path, "--table", short)
    assert code == 2
    assert "too few" in said
    other = tmp_path / "other.csv"
    other.write_text("key,vector\n")
    code, _, said = run(tmp_path, "--table", other)
    assert code == 2
    assert "lacks this column" in said


def test_a_case_that_names_no_figures_is_refused(tmp_path: Path) -> None:
    code, _, said = run(tmp_path, "--set", "mechanisms.participation=logit", "--hold-out", "days",
                        "--table", tmp_path / "none.csv")  # fmt: skip
    assert code == 2
    assert "none.csv" in said


def test_sbi_is_asked_for_by_name_where_it_is_missing(table: Path, tmp_path: Path) -> None:
    try:
        import sbi  # noqa: F401
    except ImportError:
        code, _, said = run(tmp_path, "--table", table, "--second", "sbi")
        assert code == 2
        assert "pip install 'steppe[calibrate]'" in said
    else:
        pytest.skip("sbi is installed")
