"""From text to trees, in one walk over parse events: nothing is composed, limits come first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ruamel.yaml.error import YAMLError
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
from pairctl.spec.events import events, span_of
from pairctl.spec.findings import Finding, Severity, Span, finding
from pairctl.spec.nodes import Entry, ListNode, MapNode, Node, Scalar
from pairctl.spec.scalars import is_read_as_text, resolve
from pairctl.spec.secret_shapes import names_a_secret
from pairctl.spec.syntax import syntax_finding
from pairctl.spec.wording import as_yaml, shown

MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_DOCUMENTS = 100
MAX_SCALAR_LENGTH = 64 * 1024
LONGEST_KEY = 64
"""Longer keys are no field's: what is found out about them is not remembered."""

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
        walk.take_all(events(text))
    except _RefusedError as refused:
        return Parsed((), (*walk.all_findings(), refused.finding))
    except (YAMLError, ValueError, OverflowError) as error:
        return Parsed((), (*walk.all_findings(), syntax_finding(path, text, error)))
    return Parsed(tuple(walk.trees), tuple(walk.notes) if walk.trees else ())


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
    dropped: Node | None = None


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

    def take_all(self, all_events: Iterable[Any]) -> None:
        """Take the events; of what each of a fleet's millions takes, little is left to calls."""
        handler_of = self._take.get
        for event in all_events:
            handle = handler_of(type(event))
            if handle:
                handle(event)

    def all_findings(self) -> tuple[Finding, ...]:
        return (*(one for tree in self.trees for one in tree.findings), *self._findings)

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        self._start = span_of(event) if event.explicit else None
        if self._documents > MAX_DOCUMENTS:
            message = f"the file holds more than {MAX_DOCUMENTS} documents"
            self._refuse(event, Code.TOO_MANY_DOCUMENTS, message, _SPLIT)

    def _end_document(self, _: Any) -> None:
        root, findings = self._root, tuple(self._findings)
        is_empty = isinstance(root, Scalar) and root.is_plain and not root.text
        if root is not None and (findings or not is_empty):
            self.trees.append(Tree(root, findings))
        elif self._start is not None:
            message = "the document that begins here is empty, and is left out"
            hint = "remove the line `---`, or write the document that is missing"
            self.notes.append(
                finding(
                    self._path,
                    self._start,
                    Code.EMPTY_DOCUMENT,
                    message,
                    hint,
                    severity=Severity.WARNING,
                )
            )
        self._root, self._findings = None, []

    # ── values ───────────────────────────────────────────────────────────────────────────────────

    def _scalar(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            self._refuse_number(event)
        span = span_of(event)
        text, style = event.value, event.style
        if len(text) > MAX_SCALAR_LENGTH:
            message = f"a value of {len(text)} characters; {MAX_SCALAR_LENGTH} are allowed"
            self._refuse(event, Code.SCALAR_TOO_LONG, message, "shorten it")
        if style == '"':  # the one style that can write what the file's text does not hold
            self._findings += [
                unfit(self._path, span, char, "remove its escape")
                for char in unfit_characters(text)
            ]
        if event.anchor is not None or event.tag is not None:
            self._note_properties(event, span)
        self._attach(_made(Scalar, (text, not style, span)))

    def _alias(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            self._refuse_number(event)
        span = span_of(event)
        self._add(span, Code.ALIAS_NOT_ALLOWED, _NO_ALIAS, _WRITE_OUT)
        self._attach(Scalar("", is_plain=True, span=span))

    def _start_mapping(self, event: Any) -> None:
        self._begin(event, is_mapping=True)

    def _start_sequence(self, event: Any) -> None:
        self._begin(event, is_mapping=False)

    def _begin(self, event: Any, *, is_mapping: bool) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            self._refuse_number(event)
        if len(self._open) == MAX_DEPTH:
            message = f"lists and mappings are nested more than {MAX_DEPTH} deep"
            self._refuse(event, Code.TOO_DEEP, message, "remove levels; no kind has nearly as many")
        span = span_of(event)
        if event.anchor is not None or event.tag is not None:
            self._note_properties(event, span)
        self._open.append(_Open(is_mapping, span, bool(event.flow_style), [], {}))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        span = _whole(done, span_of(event))
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
                parent.children.append(_made(Entry, (parent.key, node)))
            parent.key, parent.awaits_value = None, False
        else:
            parent.key, parent.awaits_value = self._checked_key(parent, node), True
            parent.dropped = node if parent.key is None else None

    # ── keys ─────────────────────────────────────────────────────────────────────────────────────

    def _checked_key(self, parent: _Open, node: Node) -> Scalar | None:
        """Return the key if it can be one; None drops it together with its value."""
        if not isinstance(node, Scalar):
            message = "a list or mapping stands as a key"
            is_template = parent.is_flow and isinstance(node, MapNode)
            hint = _TEMPLATE_HINT if is_template else "write the key as one text"
            self._add(node.span, Code.KEY_NOT_TEXT, message, hint)
            return None
        text = node.text
        if node.is_plain and not self._is_text(node):
            return None
        first_line = parent.first_lines.get(text)
        if first_line is None:
            parent.first_lines[text] = node.span.line
            return node
        twice = f"`{shown(node.text)}` is given twice, first on line {first_line}"
        message = f"{twice}; parsers differ on which counts"
        self._add(node.span, Code.DUPLICATE_KEY, message, "keep one of the two")
        return None

    def _is_text(self, key: Scalar) -> bool:
        if len(key.text) <= LONGEST_KEY and is_read_as_text(key.text):
            return True
        if key.text == "<<":
            message = "merge keys (`<<`) are not allowed: they hide which fields there are"
            self._add(key.span, Code.MERGE_KEY_NOT_ALLOWED, message, "write the fields out")
            return False
        if type(resolve(key.text)) is str:
            return True
        message = f"the key `{shown(key.text)}` is not read as text by every YAML parser"
        quoted = as_yaml(key.text)
        hint = f"quote it: {quoted}" if quoted else "quote it, or leave it out"
        self._add(key.span, Code.KEY_NOT_TEXT, message, hint, quoted)
        return False

    # ── findings ─────────────────────────────────────────────────────────────────────────────────

    def _note_properties(self, event: Any, span: Span) -> None:
        # What comes now may be in the value of a key that is named like a secret.
        keys = (level.key or level.dropped for level in self._open)
        is_hidden = any(isinstance(key, Scalar) and names_a_secret(key.text) for key in keys)
        if event.anchor is not None:
            name = _HIDDEN if is_hidden else shown(event.anchor)
            message = f"anchors (`&{name}`) are not allowed: {_IN_PLACE}"
            if event.tag is None:  # else nobody knows which of the two comes first
                span = Span(*span[:2], span.line, span.column + 1 + len(event.anchor))
            hint = "remove the anchor, and write the value out at each of its aliases"
            self._add(span, Code.ANCHOR_NOT_ALLOWED, message, hint)
        if event.tag is not None:
            name = _HIDDEN if is_hidden else shown(event.tag.replace(_CORE_TAGS, "!!"))
            message = f"tags (`{name}`) are not allowed: they change how a value is read"
            self._add(span, Code.TAG_NOT_ALLOWED, message, "remove the tag; quote what is text")

    def _refuse_number(self, event: Any) -> None:
        message = f"the file holds more than {self._max_nodes} values and keys"
        self._refuse(event, Code.TOO_MANY_NODES, message, _SPLIT)

    def _add(self, span: Span, code: Code, message: str, hint: str, instead: str = "") -> None:
        words = finding(self._path, span, code, message, hint, replacement=instead)
        self._findings.append(words)

    def _refuse(self, event: Any, code: Code, message: str, hint: str) -> None:
        raise _RefusedError(finding(self._path, span_of(event), code, message, hint))


_made = tuple.__new__
"""Makes a named tuple in half of the time that its class takes: there is one for each event."""

_HIDDEN = "(hidden)"
_CORE_TAGS = "tag:yaml.org,2002:"
_IN_PLACE = "a value stands where it is used"
_NO_ALIAS = f"aliases (`*name`) are not allowed: {_IN_PLACE}"
_WRITE_OUT = "write out here what the anchor `&name` marks"
_SPLIT = "split it into several files"
_TEMPLATE_HINT = "keys are text; `{{ }}` of a template must be filled in before"


def _whole(done: _Open, end: Span) -> Span:
    """Return where a collection stands: a block's end event comes only after blank lines."""
    if done.is_flow:
        return Span(*done.span[:2], *end[2:])
    if not done.children:
        return done.span
    last = done.children[-1]
    return Span(*done.span[:2], *(last.value if done.is_mapping else last).span[2:])
