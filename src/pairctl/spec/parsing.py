"""From text to trees, in one walk over parse events: nothing is composed, limits come first."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pairctl.spec.codes import Code
from pairctl.spec.decoding import unfit, unfit_characters
from pairctl.spec.findings import Finding, Severity, Span, finding
from pairctl.spec.nodes import Entry, ListNode, MapNode, Node, Scalar
from pairctl.spec.scalars import resolve
from pairctl.spec.wording import shown

MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_DOCUMENTS = 100
MAX_SCALAR_LENGTH = 64 * 1024

_COMMON_KEYS = frozenset({"apiVersion", "kind", "metadata", "name", "spec", "secret", "version"})
_UNREADABLE = frozenset(
    {
        Code.ALIAS_NOT_ALLOWED,
        Code.ANCHOR_NOT_ALLOWED,
        Code.TAG_NOT_ALLOWED,
        Code.MERGE_KEY_NOT_ALLOWED,
        Code.KEY_NOT_TEXT,
    }
)


class Tree(NamedTuple):
    """One document, and what is wrong with its YAML."""

    root: Node
    findings: tuple[Finding, ...]

    @property
    def is_readable(self) -> bool:
        """Whether the tree is what the file says, so that its fields can be judged."""
        return not any(one.code in _UNREADABLE for one in self.findings)


class Parsed(NamedTuple):
    """A file's documents, empty ones left out; or none, and the findings that refuse the file.

    Beside documents, findings tell which were left out.
    """

    trees: tuple[Tree, ...]
    findings: tuple[Finding, ...]


def parse(path: str, text: str, max_nodes: int = MAX_NODES) -> Parsed:
    """Return the documents of `text`, which `decode` has found fit to be parsed.

    Bounded in time and depth whatever the text; raises nothing.
    """
    walk = _Walk(path, max_nodes)
    try:
        for event in _Reader(typ="safe").parse(text):
            walk.take(event)
    except _RefusedError as refused:
        return Parsed((), (*walk.all_findings(), refused.finding))
    except (YAMLError, ValueError, OverflowError) as error:
        return Parsed((), (*walk.all_findings(), _syntax(path, text, error)))
    return Parsed(tuple(walk.trees), tuple(walk.notes) if walk.trees else ())


class _Reader(YAML):
    """Reads with the parser written in C where there is one."""

    def official_plug_ins(self) -> list[str]:  # its own looks through folders for each file
        return []


class _RefusedError(Exception):
    """A limit is crossed; the rest of the file is not looked at."""

    def __init__(self, one: Finding) -> None:
        super().__init__(one.message)
        self.finding = one


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    is_mapping: bool
    span: Span
    is_flow: bool
    children: list[Any]
    first_lines: dict[str, int]
    key: Scalar | None = None
    awaits_value: bool = False


class _Walk:
    """Takes the events of one file in turn and keeps the trees they make."""

    def __init__(self, path: str, max_nodes: int) -> None:
        self.trees: list[Tree] = []
        self.notes: list[Finding] = []
        self._path = path
        self._max_nodes = max_nodes
        self._nodes = 0
        self._documents = 0
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._start: Span | None = None
        self._findings: list[Finding] = []
        self._take: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            AliasEvent: self._alias,
            MappingStartEvent: self._start_mapping,
            SequenceStartEvent: self._start_sequence,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            DocumentStartEvent: self._start_document,
            DocumentEndEvent: self._end_document,
        }

    def take(self, event: Any) -> None:
        handle = self._take.get(type(event))
        if handle:
            handle(event)

    def all_findings(self) -> tuple[Finding, ...]:
        return (*(one for tree in self.trees for one in tree.findings), *self._findings)

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        self._start = _span(event) if event.explicit else None
        if self._documents > MAX_DOCUMENTS:
            self._refuse(event, Code.TOO_MANY_DOCUMENTS, f"more than {MAX_DOCUMENTS} documents")

    def _end_document(self, _: Any) -> None:
        root, findings = self._root, tuple(self._findings)
        is_empty = isinstance(root, Scalar) and root.is_plain and not root.text
        if root is not None and (findings or not is_empty):
            self.trees.append(Tree(root, findings))
        elif self._start is not None:
            self.notes.append(_empty(self._path, self._start))
        self._root, self._findings = None, []

    # ── values ───────────────────────────────────────────────────────────────────────────────────

    def _scalar(self, event: Any) -> None:
        self._count(event)
        span = _span(event)
        text = event.value
        if len(text) > MAX_SCALAR_LENGTH:
            message = f"a value of {len(text)} characters; {MAX_SCALAR_LENGTH} are allowed"
            self._refuse(event, Code.SCALAR_TOO_LONG, message)
        if event.style == '"':  # the one style that can write what the file's text does not hold
            self._findings += [unfit(self._path, span, char) for char in unfit_characters(text)]
        if event.anchor is not None or event.tag is not None:
            self._check_properties(event, span)
        self._attach(Scalar(text, not event.style, span))

    def _alias(self, event: Any) -> None:
        self._count(event)
        span = _span(event)
        self._add(span, Code.ALIAS_NOT_ALLOWED, "aliases (`*name`) are not allowed", "write it out")
        self._attach(Scalar("", is_plain=True, span=span))

    def _start_mapping(self, event: Any) -> None:
        self._begin(event, is_mapping=True)

    def _start_sequence(self, event: Any) -> None:
        self._begin(event, is_mapping=False)

    def _begin(self, event: Any, *, is_mapping: bool) -> None:
        self._count(event)
        if len(self._open) == MAX_DEPTH:
            self._refuse(event, Code.TOO_DEEP, f"collections are more than {MAX_DEPTH} deep")
        span = _span(event)
        self._check_properties(event, span)
        self._open.append(_Open(is_mapping, span, bool(event.flow_style), [], {}))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        span = _whole(done, _span(event))
        children = tuple(done.children)
        self._attach(MapNode(children, span) if done.is_mapping else ListNode(children, span))

    def _attach(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.children.append(node)
        elif parent.awaits_value:
            if parent.key is not None:
                parent.children.append(Entry(parent.key, node))
            parent.key, parent.awaits_value = None, False
        else:
            parent.key, parent.awaits_value = self._checked_key(parent, node), True

    # ── keys ─────────────────────────────────────────────────────────────────────────────────────

    def _checked_key(self, parent: _Open, node: Node) -> Scalar | None:
        """Return the key if it can be one; None drops it together with its value."""
        if not isinstance(node, Scalar):
            self._add(node.span, Code.KEY_NOT_TEXT, "a list or mapping stands as a key", _KEY_HINT)
            return None
        if node.is_plain and node.text not in _COMMON_KEYS and not self._is_text(node):
            return None
        first_line = parent.first_lines.get(node.text)
        if first_line is None:
            parent.first_lines[node.text] = node.span.line
            return node
        self._add(
            node.span,
            Code.DUPLICATE_KEY,
            f"`{shown(node.text)}` is given twice, first on line {first_line}",
            "keep one of the two",
        )
        return None

    def _is_text(self, key: Scalar) -> bool:
        if key.text == "<<":
            message = "merge keys (`<<`) are not allowed"
            self._add(key.span, Code.MERGE_KEY_NOT_ALLOWED, message, "write the fields out")
            return False
        if type(resolve(key.text)) is str:
            return True
        message = f"the key `{shown(key.text)}` is not read as text by every YAML parser"
        self._add(key.span, Code.KEY_NOT_TEXT, message, _KEY_HINT)
        return False

    # ── findings ─────────────────────────────────────────────────────────────────────────────────

    def _check_properties(self, event: Any, span: Span) -> None:
        if event.anchor is not None:
            message = f"anchors (`&{shown(event.anchor)}`) are not allowed"
            self._add(
                span, Code.ANCHOR_NOT_ALLOWED, message, "write the value out where it is used"
            )
        if event.tag is not None:
            message = f"tags (`{shown(event.tag.replace(_CORE_TAGS, '!!'))}`) are not allowed"
            self._add(span, Code.TAG_NOT_ALLOWED, message, "remove the tag; quote what is text")

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            message = f"more than {self._max_nodes} values and keys in one file"
            self._refuse(event, Code.TOO_MANY_NODES, message)

    def _add(self, span: Span, code: Code, message: str, hint: str) -> None:
        self._findings.append(finding(self._path, span, code, message, hint))

    def _refuse(self, event: Any, code: Code, message: str) -> None:
        hint = "split the file" if code is not Code.TOO_DEEP else "no kind nests nearly as deep"
        raise _RefusedError(finding(self._path, _span(event), code, message, hint))


_CORE_TAGS = "tag:yaml.org,2002:"
_TAB = re.compile(r" *\t")
_KEY_HINT = "keys are text; quote what another parser may read otherwise"


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _whole(done: _Open, end: Span) -> Span:
    """Return where a collection stands: a block's end event comes only after blank lines."""
    if done.is_flow:
        return Span(*done.span[:2], *end[2:])
    if not done.children:
        return done.span
    last = done.children[-1]
    return Span(*done.span[:2], *(last.value if done.is_mapping else last).span[2:])


def _syntax(path: str, text: str, error: Exception) -> Finding:
    """Translate what the parser raises; its own texts quote nothing but YAML's marks."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    lines = text.split("\n")
    if mark and mark.line < len(lines) and (tab := _TAB.match(lines[mark.line])):
        return _tab_indentation(path, mark.line + 1, tab.end())
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if line > len(lines) or (line == len(lines) > 1 and not lines[-1]):
        line = max(1, len(lines) - (not lines[-1]))
        column = len(lines[line - 1]) + 1
    problem = getattr(error, "problem", None) or "not readable as YAML"
    context = getattr(error, "context", None)
    message = f"{context}: {problem}" if context else problem
    return finding(
        path, Span(line, column, line, column + 1), Code.YAML_SYNTAX, message, "mend the YAML first"
    )


def _tab_indentation(path: str, line: int, column: int) -> Finding:
    message = "a tab stands where YAML wants spaces"
    span = Span(line, column, line, column + 1)
    return finding(path, span, Code.TAB_INDENTATION, message, "indent with spaces")


def _empty(path: str, span: Span) -> Finding:
    message = "the document that begins here is empty, and is left out"
    hint = "remove the line `---`, or write the document that is missing"
    return finding(path, span, Code.EMPTY_DOCUMENT, message, hint, severity=Severity.WARNING)
