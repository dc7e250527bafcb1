"""What is wrong with a simulation file: where it stands, and for a misspelt field what is meant.

Values that were found are never shown: some are secrets.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from math import inf
from typing import Any, TypeAlias

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from pairctl.sim.scenario import Scenario
from pairctl.sim.wrong_values import wrong_value
from pairctl.text import did_you_mean

Path: TypeAlias = tuple[int | str, ...]

_UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_MISSING = frozenset({"missing", "missing_argument"})


_OUT_OF_COLUMN = "expected <block end>"
"""What the loader says of a line that is indented as none above it: the usual slip."""


def yaml_findings(source: str, error: YAMLError | RecursionError | UnicodeDecodeError) -> str:
    """Return what is wrong with a text that is no YAML: with its place, where there is one."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    if mark is None or not isinstance(error, MarkedYAMLError):
        return f"{source}: {_on_one_line(str(error)) or type(error).__name__}"
    words = " ".join(filter(None, (error.context, error.problem))).partition(" with value")[0]
    if str(error.problem).startswith(_OUT_OF_COLUMN):
        words = "this line fits nothing above it: keys of one mapping, and items of one list, begin"
        words += " in the same column"
    return f"{source}:{mark.line + 1}:{mark.column + 1}: {_on_one_line(words)}"


def model_findings(source: str, content: bytes | str, error: ValidationError) -> str:
    """Return a line for each thing that is wrong, in the order of the file."""
    root = YAML(typ="safe", pure=True).compose(content)
    found = error.errors(include_url=False, include_input=False)
    meant = _meant(root, [one["loc"] for one in found if one["type"] in _UNKNOWN])
    lines: dict[tuple[int, int, int | str, str], str] = {}
    for one in found:
        loc = one["loc"]
        if one["type"] in _MISSING and loc in meant.values():
            continue  # it is only misspelt
        key, value = _located(root, loc)
        fewest = one["ctx"]["min_length"] if one["type"] == "too_short" else inf
        if isinstance(value, SequenceNode) and len(value.value) >= fewest:
            continue  # its items are wrong, and said
        node = (key or value) if one["type"] in _UNKNOWN | _MISSING else value
        words = _words(one["type"], wrong_value(one, value), meant.get(loc), loc)
        hint = _near_word(value, one.get("ctx", {}))
        place = node.start_mark if node else None
        line, column = (place.line + 1, place.column + 1) if place else (1, 1)
        text = f"{source}:{line}:{column}: {_shown(loc)}: {words}{hint}"
        # One place may be read many times, through an alias.
        lines.setdefault((line, column, loc[-1] if loc else "", words), text)
    return "\n".join(text for _, text in sorted(lines.items(), key=lambda item: item[0][:2]))


def _words(kind: str, message: str, meant: Path | None, loc: Path) -> str:
    if kind in _MISSING:
        return "this field is needed"
    if kind not in _UNKNOWN:
        return message
    if meant:
        return f"there is no such field; did you mean {meant[-1]}?"
    known = ", ".join(_fields_at(loc[:-1]))
    return f"there is no such field{f'; the fields here are {known}' if known else ''}"


def _meant(root: Node | None, unknown: Sequence[Path]) -> Mapping[Path, Path]:
    """Return for each unknown field the one that is meant, of those that are not there."""
    made: dict[Path, Path] = {}
    for loc in unknown:
        node = _located(root, loc[:-1])[1]
        given = [key.value for key, _ in node.value] if isinstance(node, MappingNode) else []
        absent = {name.casefold(): name for name in _fields_at(loc[:-1]) if name not in given}
        near = get_close_matches(str(loc[-1]).casefold(), absent, n=1)
        if near:
            made[loc] = (*loc[:-1], absent[near[0]])
    return made


def _near_word(node: Node | None, context: Mapping[str, Any]) -> str:
    """Return which of the words that may stand there is meant by the one that does."""
    expected, value = str(context.get("expected", "")), getattr(node, "value", None)
    if "'" not in expected or not isinstance(value, str):
        return ""
    near = did_you_mean(value, expected.split("'")[1::2])
    return f"; {near}" if near else ""


# ── places ───────────────────────────────────────────────────────────────────────────────────────


def _located(root: Node | None, loc: Path) -> tuple[Node | None, Node | None]:
    """Return the key and the value that a path leads to, or those nearest to it."""
    key, value = None, root
    for step in loc:
        if isinstance(value, MappingNode):
            pair = next((one for one in value.value if one[0].value == step), None)
            if pair is None:
                return key, value
            key, value = pair
        elif isinstance(value, SequenceNode) and isinstance(step, int) and step < len(value.value):
            key, value = None, value.value[step]
    return key, value


def _shown(loc: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return "".join(steps).lstrip(".") or "the document"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())[:300]


# ── fields ───────────────────────────────────────────────────────────────────────────────────────


def _fields_at(loc: Path) -> tuple[str, ...]:
    """Return the fields of the mapping that a path leads to, by the format's own schema."""
    whole = _schema()
    here = _plain(whole, whole)
    for step in loc:
        named = {} if isinstance(step, int) else here.get("properties", {})
        onward = here.get("items") if isinstance(step, int) else named.get(step)
        here = _plain(onward or here.get("additionalProperties"), whole)
    return tuple(here.get("properties", ()))


def _plain(schema: Any, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema without its reference; of several that may be, the mapping's."""
    if not isinstance(schema, dict):
        return {}
    if "$ref" in schema:
        found = whole["$defs"][schema["$ref"].rpartition("/")[2]]
        return _plain(found, whole)
    branches = [_plain(one, whole) for one in schema.get("anyOf", ())]
    return next((one for one in branches if one.get("type") != "null"), schema)


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema()
