"""What is wrong with a file is told with file and line, in words, and never as a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.docking.test_riot import STEPS
from tests.model.custom.conftest import COMPANY, FILES, MOURNING

from steppe.case.load import load
from steppe.core.errors import CaseError
from steppe.engine.run import run
from steppe.model.custom import CustomRule
from steppe.results.store import Store
from steppe.study.ensemble import ensemble
from steppe.testing import check_mechanism

Use = Callable[..., Path]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


RULE_LINE = line_of(COMPANY, "def decide(")
FIELD_LINE = line_of(MOURNING, "def mourning(")


def refusal(folder: Path) -> str:
    with pytest.raises(CaseError) as caught:
        load(folder, allow_code=True)
    return str(caught.value)


@pytest.mark.parametrize("name", ["company.py", "mourning.py"])
def test_the_rules_of_the_guide_keep_the_whole_contract(name: str) -> None:
    rule = CustomRule.of(name, name.removesuffix(".py").upper(), FILES[name])
    check_mechanism(rule.mechanism())


@pytest.mark.parametrize(
    ("rule", "wrong", "allowed"),
    [
        ("./absent.py:COMPANY", "cannot read", ""),
        ("./company.py", "does not name a rule in a file", "FILE.py:NAME"),
        ("./company.py:not a name", "does not name a rule in a file", "FILE.py:NAME"),
        ("./company.py:COMPANY@123", "does not name a rule in a file", "FILE.py:NAME"),
        ("./mourning.py:MOURNING", "plays another role, 'outrage'", "whose role is"),
    ],
)
def test_a_wrong_reference_is_told_where_it_stands(
    use: Use, rule: str, wrong: str, allowed: str
) -> None:
    found = refusal(use(f"'{rule}'"))
    assert "scenario.yaml:44:18: mechanisms.participation: " in found
    assert wrong in found
    assert allowed in found


def test_a_missing_or_wrong_name_is_told_with_the_nearest(use: Use, case: Path) -> None:
    found = refusal(use("./company.py:COMPNY"))
    assert found.startswith(f"{case / 'company.py'}:1:1: COMPNY: ")
    assert "did you mean 'COMPANY'?" in found
    assert "is of type type" in refusal(use("./company.py:CompanyParameters"))


def test_a_syntax_error_is_told_with_its_line(use: Use, case: Path) -> None:
    text = COMPANY.replace("COMPANY = Mechanism(", "COMPANY = = Mechanism(")
    found = refusal(use("./company.py:COMPANY", text=text))
    line = line_of(text, "COMPANY = =")
    assert found.startswith(f"{case / 'company.py'}:{line}:11: COMPANY: not valid Python: ")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("import sys\n\nraise RuntimeError('first\\nsecond')\n", "RuntimeError: first"),
        ("import sys\n\nsys.exit(3)\n", "SystemExit: 3"),
        ("import os\n\nimport no_such_module_at_all\n", "ModuleNotFoundError: "),
        ("import os\n\nfrom mourning import MOURNING as COMPANY\n", "ModuleNotFoundError: "),
        ("def f():\n    return 1 / 0\nCOMPANY = f()\n", ""),
    ],
)
def test_an_error_while_the_file_is_run_is_told_with_its_line(
    use: Use, case: Path, text: str, wrong: str
) -> None:
    found = refusal(use("./company.py:COMPANY", text=text))
    line = 3 if wrong else 2
    assert found.startswith(f"{case / 'company.py'}:{line}:1: COMPANY: ")
    assert wrong in found
    assert refusal(case) == found  # it is not half loaded the second time


def test_text_that_does_not_show_is_refused(use: Use) -> None:
    found = refusal(use("./company.py:COMPANY", text=COMPANY.replace("# ", "") + "# \u202e\n"))
    assert "company.py" in found
    assert "the character U+202E is not allowed" in found


CITIZEN_BREACHES = [
    ('role="participation"', 'role="participaton"', "there is no role 'participaton'; did you"),
    ("phase=Phase.STREET", "phase=Phase.RISK", "its phase is"),
    ("citizen=True", "citizen=False", "'here' is not a column"),
    ('evidence="conjecture"', 'evidence="certain"', "evidence is 'certain'"),
    ('("Granovetter, American Journal of Sociology 83 (1978): mechanism",)', '"x"', "a tuple"),
    ("(CrowdParameters)", "(Parameters)", "crowd.CrowdParameters"),
    ("    level: float = param(\n", "    other: float = 1.0\n    level: float = param(\n", "other"),
    ('"1", (0.0, 2.0)', '"1", (0.0, 0.1)', "outside [0.0, 0.1]"),
    ("values=CompanyValues", "values=tuple", "values_type()"),
    ('Parameters, "CompanyValues")', 'Parameters, "Values")', "the name it is bound to"),
    ("rule=decide", "rule=hardship", "write one in this file"),
    ("rule=decide", "rule=CompanyParameters", "plain function"),
    ("citizen: Any, u: float", "citizen: Any, v: float", "it is given (p, here, citizen, u, "),
    ('writes=("citizen_state",)', "writes=()", "writes citizen_state too"),
    ('("citizen_state",)', '("citizen_state", "place_risk")', "place_risk cannot be written"),
    ("citizen_reads=READS", 'citizen_reads=("nation_threat",)', "is not shown nation_threat"),
    ("else QUIET", "else 0.0", "the rule returned 0.0; it must return an int"),
    ("else QUIET", "else 4", "the rule returned 4; it must return an int of [0, 1, 2, 3]"),
    ("else QUIET", "else QUITE", "NameError"),
]


@pytest.mark.parametrize(("old", "new", "wrong"), CITIZEN_BREACHES)
def test_a_broken_contract_of_a_citizen_rule_is_told(
    use: Use, case: Path, old: str, new: str, wrong: str
) -> None:
    assert COMPANY.count(old) >= 1
    text = COMPANY.replace(old, new).replace("import param,", "import Parameters, param,")
    found = refusal(use("./company.py:COMPANY", text=text))
    assert found.startswith(f"{case / 'company.py'}:")
    assert int(found.split(":")[1]) > 1 or "plain function" in found
    assert wrong in found


HAZARD_BREACHES = [
    ('    street="hazards",\n', "", "goes with one way in which citizens act: street='hazards'"),
    ('"hazards"', '"hazard"', "street is 'hazard', not one of any, hazards, choices"),
    ('role="willingness"', 'role="participation"', "a rule of participation in a file is one of c"),
    ('role="willingness"', 'role="leaving"', "leaving.LeavingParameters"),
    ("hardship: float", "rank: float", "(p, here, rank); it is given (p, here, hardship)"),
    ("else 0.0", "else -1.0", "returned -1.0; it must return a finite number from 0 on"),
    ("else 0.0", "else 2.0", "returned 2.0; willingness is a chance, 0 to 1"),
    ("citizen_reads=HERE", 'citizen_reads=("cell_active",)', "is not shown cell_active"),
]


@pytest.mark.parametrize(("old", "new", "wrong"), HAZARD_BREACHES)
def test_a_broken_contract_of_a_rule_of_hazards_is_told(
    use: Use, case: Path, old: str, new: str, wrong: str
) -> None:
    assert old in STEPS
    role = "leaving" if "leaving" in new else "willingness"
    found = refusal(use("./steps.py:STEPS", role, STEPS.replace(old, new)))
    assert found.startswith(f"{case / 'steps.py'}:")
    assert wrong in found


def test_rules_in_files_that_do_not_go_together_are_refused(use: Use) -> None:
    check_mechanism(CustomRule.of("steps.py", "STEPS", STEPS).mechanism())
    load(use("./steps.py:STEPS", "willingness", STEPS), allow_code=True)
    found = refusal(use("./company.py:COMPANY"))
    assert "mechanisms.willingness: 'steps.py:STEPS@" in found
    assert "does not go with participation 'company.py:COMPANY@" in found
    assert "act by choice; allowed: none" in found


CITIZEN = "citizen=True, values=MourningParameters,\n    writes"
DRAW = 'random_numbers={"u_x": RandomNumber(Purpose.%s, "%s", %d)},\n    writes'
FIELD_BREACHES = [
    ('("place_outrage",)', '("place_outrag",)', "'place_outrag' is not a column"),
    ('("place_outrage",)', "()", "writes place_outrage too"),
    ("place_population: Any", "place_populaton: Any", "'place_populaton' is not a column"),
    ("place_population: Any", "citizen_x: Any", "'citizen_x' is no column"),
    ("place_population: Any", "u_x: Any", "'u_x' is no column, no random number"),
    ("place_population: Any", "**others: Any", "'others' is not a column"),
    ("writes", CITIZEN, "is played by a rule of whole columns"),
    ("writes", DRAW % ("FALL", "region", 3), "its index is 256 or more"),
    ("writes", DRAW % ("FALL", "cell", 256), "is for cell"),
]


@pytest.mark.parametrize(("old", "new", "wrong"), FIELD_BREACHES)
def test_a_broken_contract_of_a_field_rule_is_told(
    use: Use, case: Path, old: str, new: str, wrong: str
) -> None:
    text = MOURNING.replace(old, new).replace(
        "import Mechanism\n",
        "import Mechanism, RandomNumber\nfrom steppe.core.random import Purpose\n",
    )
    found = refusal(use("./mourning.py:MOURNING", "outrage", text))
    assert found.startswith(f"{case / 'mourning.py'}:")
    assert wrong in found


LIVE_BREACHES = [
    ('{"place_outrage":', '{"place_outrag":', "wrote ['place_outrag']"),
    ("p.kept * place_outrage +", "np.log(-1.0) +", "is not finite everywhere"),
    ("np.minimum(1.0,", "np.sum(", "has shape"),
    ("    deaths =", "    place_outrage *= 2.0\n    deaths =", "read-only"),
    ("1000.0 * place_deaths", "1000.0 * p.no_such", "no_such"),
]


@pytest.mark.parametrize(("old", "new", "wrong"), LIVE_BREACHES)
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_a_field_rule_that_fails_in_a_run_is_told_with_its_line(
    use: Use, case: Path, old: str, new: str, wrong: str
) -> None:
    text = MOURNING.replace(old, new).replace("np.sum(p.kept * place_outrage +", "np.sum(")
    scenario = load(use("./mourning.py:MOURNING", "outrage", text), allow_code=True)
    with pytest.raises(CaseError) as caught:
        run(scenario.change("clock.hours", 1), 1, scale=0.05)
    found = str(caught.value)
    assert found.startswith(f"{case / 'mourning.py'}:")
    assert int(found.split(":")[1]) >= FIELD_LINE
    assert wrong in found


def test_a_random_number_of_its_own_reaches_the_rule(use: Use) -> None:
    text = (
        MOURNING.replace("writes", DRAW % ("FALL", "place", 256))
        .replace("place_population: Any", "place_population: Any, u_x: Any")
        .replace("p.kept * place_outrage + p.per_death * deaths", "u_x")
    )
    text = text.replace(
        "import Mechanism\n",
        "import Mechanism, RandomNumber\nfrom steppe.core.random import Purpose\n",
    )
    use("./company.py:COMPANY")
    scenario = load(use("./mourning.py:MOURNING", "outrage", text), allow_code=True)
    made = run(scenario.change("clock.hours", 3), 1, scale=0.2)["outrage"]
    assert len(set(made.ravel().tolist())) == made.size


def test_what_cannot_be_compiled_is_told_once_before_any_seed(
    use: Use, case: Path, tmp_path: Path
) -> None:
    text = COMPANY.replace("    enough =", "    made = eval('1.0')\n    enough =")
    scenario = load(use("./company.py:COMPANY", text=text), allow_code=True)
    with pytest.raises(CaseError) as caught:
        ensemble(scenario, [1, 2], store=Store(tmp_path / "store"))
    found = str(caught.value)
    assert found.startswith(f"{case / 'company.py'}:{line_of(text, 'made = eval')}:1: company: ")
    assert "cannot be compiled: " in found
    assert "\n" not in found


def test_parameters_of_the_rule_are_checked_like_ours(use: Use) -> None:
    scenario = load(use("./company.py:COMPANY"), allow_code=True)
    for name, value, wrong in (
        ("daring", 1.5, "1.5 is out of range; allowed: 0 to 1, in 1"),
        ("darin", 0.5, "has no such parameter"),
        ("social_utility", 0.5, "has no such parameter"),
    ):
        with pytest.raises(CaseError, match=wrong):
            scenario.change(f"parameters.participation.{name}", value)
