"""Reads what a step prints as GitHub's runner does, and refuses what is not documented.

Written from the documentation of workflow commands and the behaviour of the runner, not from what
pairctl writes. https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

import re
from dataclasses import dataclass, field

ANNOTATIONS = ("error", "warning", "notice")
OTHERS = ("group", "endgroup", "debug", "add-mask", "stop-commands", "set-output", "save-state")
PROPERTIES = frozenset({"file", "line", "endLine", "col", "endColumn", "title"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, its properties, and its text."""

    name: str
    properties: dict[str, str]
    text: str


@dataclass(slots=True)
class Log:
    """All commands in their order, and the lines that are none."""

    commands: list[Command] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def annotations(self, level: str) -> list[Command]:
        """Return the annotations of one level, as Actions shows them: the first ten."""
        return [one for one in self.commands if one.name == level]


def read_log(output: str) -> Log:
    """Read a step's standard output."""
    log = Log()
    for line in re.split(r"\r\n|\r|\n", output.removesuffix("\n")):
        command = _command(line)
        if command is None:
            assert not re.search(r"##\w*\[", line), f"the older form of a command: {line!r}"
            log.lines.append(line)
        else:
            log.commands.append(command)
    return log


def _command(line: str) -> Command | None:
    """Return the command of a line that begins with one, whatever space stands in front."""
    found = re.match(r"::([^ :]+)(?: (.*?))?::(.*)", line.lstrip(), re.DOTALL)
    if found is None or found[1] not in ANNOTATIONS + OTHERS:
        return None
    assert found[1] in (*ANNOTATIONS, "group", "endgroup"), f"a command of nobody: {line!r}"
    properties = dict(_property(pair) for pair in (found[2] or "").split(",") if pair)
    _check(found[1], properties)
    return Command(found[1], properties, _unescape(found[3], {"%0D": "\r", "%0A": "\n"}))


def _property(pair: str) -> tuple[str, str]:
    name, is_there, value = pair.partition("=")
    assert is_there, f"a property without a value: {pair!r}"
    return name, _unescape(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","})


def _unescape(text: str, escapes: dict[str, str]) -> str:
    """Undo the escapes; `%25` comes last, and no other `%` may be left."""
    assert not re.search(r"%(?!25|0D|0A|3A|2C)", text), f"a sign that is not escaped: {text!r}"
    for escape, char in escapes.items():
        text = text.replace(escape, char)
    return text.replace("%25", "%")


def _check(name: str, properties: dict[str, str]) -> None:
    """Hold an annotation against what the documentation and the checks API ask for."""
    if name not in ANNOTATIONS:
        assert not properties
        return
    assert set(properties) <= PROPERTIES
    numbers = {key: int(properties[key]) for key in properties if key not in {"file", "title"}}
    assert all(number >= 1 for number in numbers.values())
    first, last = numbers.get("line", 0), numbers.get("endLine", numbers.get("line", 0))
    assert first <= last
    if "col" in numbers:
        assert first == last, "columns are for annotations of one line"
        assert numbers["col"] < numbers["endColumn"]
