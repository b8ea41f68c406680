"""Reading a user's own rules: from where, by whose leave, and pinned to their content.

A case is data. A rule that it names in a Python file is refused unless code is allowed, and then
it must lie in the folder of the file that names it; a path on a command line leads anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from steppe.case.files import MIB, inside, read_text
from steppe.case.roles import Roles
from steppe.case.scenario import Value
from steppe.case.source_location import SourceMark, YamlNode
from steppe.case.units import quote
from steppe.core.errors import CaseError, Fault
from steppe.model.custom import FORM, CustomRule, CustomRules, Reference, is_code, parse, pin_of

MAX_CODE = 1 * MIB
ROLE = "mechanisms."
ALLOW = "a rule of the model; or --allow-code (in Python allow_code=True), once you trust the file"


def with_rules(roles: Roles, rules: CustomRules) -> Roles:
    """Return ``roles`` with the parameters of ``rules`` among those of their rivals."""
    result = dict(roles)
    for role, own in rules.by_role().items():
        parameters = {reference: mechanism.parameters for reference, mechanism in own.items()}
        result[role] = {**roles.get(role, {}), **parameters}
    return result


def read_rule(
    rule: str, role: str, mark: SourceMark, *, allow_code: bool, file: Path | None = None
) -> CustomRule:
    """Return the rule that ``rule`` (``FILE.py:NAME``, written at ``mark``) names, run and checked.

    ``file`` is where it lies if not where it says. Raises ``CaseError``; without ``allow_code``
    before a file is opened.
    """
    key = f"{ROLE}{role}" if role else ""
    reference = parse(rule)
    if reference is None:
        wrong = f"{quote(rule)} does not name a rule in a file"
        raise CaseError([mark.fault(key, wrong, f"{FORM}, the name of a Mechanism in the file")])
    if not allow_code:
        wrong = f"{quote(rule)} is Python code, which is not run unless you say so"
        raise CaseError([mark.fault(key, wrong, ALLOW)])
    path = _path(reference, mark, key) if file is None else file
    text = read_text(path, MAX_CODE, mark, key)
    if reference.pin and pin_of(text) != reference.pin:
        wrong = f"the content of '{path}' is not the one meant: its hash is {pin_of(text)}"
        raise CaseError([mark.fault(key, wrong, f"the file with hash {reference.pin}")])
    custom = CustomRule.of(str(path), reference.name, text)
    if file is not None and reference.pin:
        custom = CustomRule(rule, reference.name, text, str(path))
    plays = custom.mechanism().role
    if role and plays != role:
        wrong = f"{quote(rule)} plays another role, '{plays}'"
        raise CaseError([mark.fault(key, wrong, f"a rule whose role is '{role}'")])
    return custom


def _path(reference: Reference, mark: SourceMark, key: str) -> Path:
    """Return the file meant: relative to the file that names it, else to the current folder."""
    if not mark.line:
        return Path(reference.file)
    path = inside(Path(mark.file).parent, reference.file)
    if path is None:
        wrong = f"{quote(reference.file)} lies outside the folder of the case"
        raise CaseError([mark.fault(key, wrong, "a file in the folder of the case")])
    return path


class RuleReader:
    """Reads the rules in files that settings name; gathers them and what is wrong with them."""

    def __init__(self, rules: CustomRules, *, allow_code: bool) -> None:
        self.rules = rules
        self.allow_code = allow_code
        self.faults: list[Fault] = []

    def pinned(self, key: str, value: Value, mark: SourceMark) -> Value:
        """Return ``value`` of the setting ``key``; a rule in a file as a pinned reference."""
        role = key.removeprefix(ROLE)
        if role == key or not isinstance(value, str) or not is_code(value) or value in self.rules:
            return value
        try:
            rule = read_rule(value, role, mark, allow_code=self.allow_code)
        except CaseError as error:
            self.faults += error.all_faults
            return value
        self.rules |= CustomRules.of(rule)
        return rule.reference


def pinned_tree(tree: YamlNode, *, allow_code: bool) -> tuple[YamlNode, CustomRules]:
    """Return the tree of a case with its rules in files pinned, and those rules.

    They are found under ``mechanisms`` and in what counterfactuals set. Raises ``CaseError``.
    """
    reader = RuleReader(CustomRules(), allow_code=allow_code)

    def setting(prefix: str) -> Callable[[str, YamlNode], YamlNode]:
        def pinned(name: str, node: YamlNode) -> YamlNode:
            if not isinstance(node.value, str):
                return node
            value = reader.pinned(f"{prefix}{name}", node.value, node.mark)
            return YamlNode(value, node.mark, node.key)

        return pinned

    def set_values(_: str, node: YamlNode) -> YamlNode:
        return _replace_children(node, None, setting(""))

    def counterfactual(_: str, node: YamlNode) -> YamlNode:
        return _replace_children(node, ("set",), set_values)

    def section(name: str, node: YamlNode) -> YamlNode:
        change = setting(ROLE) if name == "mechanisms" else counterfactual
        return _replace_children(node, None, change)

    tree = _replace_children(tree, ("mechanisms", "counterfactuals"), section)
    if reader.faults:
        raise CaseError(reader.faults)
    return tree, reader.rules


def _replace_children(
    node: YamlNode, names: Iterable[str] | None, change: Callable[[str, YamlNode], YamlNode]
) -> YamlNode:
    """Return a mapping with its children ``names``, or all, changed; other nodes as they are."""
    if not isinstance(node.value, Mapping):
        return node
    keys = node.value if names is None else [name for name in names if name in node.value]
    children = {**node.value, **{name: change(name, node.value[name]) for name in keys}}
    return YamlNode(children, node.mark, node.key)


def rules_of_record(text: str, *, allow_code: bool, files: Sequence[Path] = ()) -> CustomRules:
    """Return the rules from files in the scenario with canonical form ``text``.

    Each is looked for among ``files``, by its name or as the only one, and else in the current
    folder. Raises ``CaseError`` if code is not allowed or a file has another content.
    """
    rules = []
    for role, rule in _code_rules(text):
        reference = parse(rule)
        assert reference is not None  # a scenario holds no other
        same_name = [file for file in files if file.name == reference.file]
        file = (same_name or (list(files) if len(files) == 1 else [Path(reference.file)]))[0]
        mark = SourceMark("record")
        rules.append(read_rule(rule, role, mark, allow_code=allow_code, file=file))
    return CustomRules.of(*rules)


def _code_rules(text: str) -> list[tuple[str, str]]:
    """Return role and rule of the rules in files; text that is no record is for others."""
    try:
        mechanisms = json.loads(text)["mechanisms"]
        return [
            (role, mechanisms[role]) for role in sorted(mechanisms) if is_code(mechanisms[role])
        ]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
