"""From a file to candidates: documents judged one by one, not yet against each other."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.decoding import Decoded, decode
from pairctl.spec.digests import digest
from pairctl.spec.document_index import IndexEntry, references_of
from pairctl.spec.fields import API_VERSION
from pairctl.spec.findings import Finding, Severity, Span, any_refuses, finding
from pairctl.spec.foreign import is_foreign, is_foreign_content
from pairctl.spec.kinds import KINDS, MODELS, AnyDocument
from pairctl.spec.nodes import ListNode, MapNode, Node, locate, text_at
from pairctl.spec.parsing import Parsed, Tree, parse
from pairctl.spec.plain_parsing import PlainDocument, plain_documents
from pairctl.spec.secret_roles import UsedSecret, secrets_in, used_secrets
from pairctl.spec.shape import judge, settled
from pairctl.spec.source import SourceFile
from pairctl.spec.templates import TEMPLATE
from pairctl.spec.wording import did_you_mean, listed, nearest_word, shown

_MOST_PER_DOCUMENT = 100
_USUAL_KINDS = frozenset(KINDS) - {"PairingIntentSet"}
"""The kinds whose documents are judged by what they hold alone; a set has a template, in braces."""
_OWN_KINDS = frozenset({"PairingStatus", "RolloutStatus"})
_NEWER_VERSION = re.compile(re.escape(API_VERSION.partition("/")[0]) + r"/v[0-9]+\w*")


class Candidate(NamedTuple):
    """One document of a file, and its model where it is valid."""

    entry: IndexEntry
    document: AnyDocument | None


class FileReading(NamedTuple):
    """What one file holds; `findings` are about the file as a whole.

    One that `is_foreign` is another tool's: nothing is said of it.
    """

    path: str
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    is_foreign: bool = False

    @property
    def entries(self) -> tuple[IndexEntry, ...]:
        """The documents as the others need to know them."""
        return tuple(one.entry for one in self.candidates)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file is read."""
        return any_refuses(self.findings)


def read_file(file: SourceFile) -> FileReading:
    """Read one file. Every byte sequence has a reading; nothing is raised.

    Of a file that is another tool's nothing is read and nothing said.
    """
    decoded = decode(file)
    if usual := _usual(file.path, decoded.text or ""):
        return FileReading(file.path, usual, decoded.findings)
    parsed = parse(file.path, decoded.text) if decoded.text is not None else None
    if parsed is None or any_refuses(parsed.findings):
        is_others = is_foreign_content(file.content)
    else:
        is_others = bool(parsed.trees) and is_foreign(tree.root for tree in parsed.trees)
    if is_others:
        return FileReading(file.path, (), (), is_foreign=True)
    return _reading(file.path, decoded, parsed)


def read_own_file(file: SourceFile) -> FileReading:
    """Read a file that is pairctl's, whatever stands in it."""
    decoded = decode(file)
    parsed = parse(file.path, decoded.text) if decoded.text is not None else None
    return _reading(file.path, decoded, parsed)


def _usual(path: str, text: str) -> tuple[Candidate, ...]:
    """Return the documents of a text of which nothing is to be said; none where something may be.

    It comes to what `_reading` makes of them, in half of the time.
    """
    if API_VERSION not in text:
        return ()
    found = []
    for number, document in enumerate(plain_documents(text) or ()):
        candidate = _usual_candidate(path, number, document)
        if candidate is None:
            return ()
        found.append(candidate)
    return tuple(found)


def _usual_candidate(path: str, number: int, plain: PlainDocument) -> Candidate | None:
    data, span = plain
    kind, version = data.get("kind"), data.get("apiVersion")
    if version != API_VERSION or not isinstance(kind, str) or kind not in _USUAL_KINDS:
        return None
    document = settled(kind, data)
    if document is None:
        return None
    entry = IndexEntry(
        *(path, number, span, kind, document.metadata.name, ()),
        references_of(document),
        digest(document),
        secrets_in(data),
    )
    return Candidate(entry, document)


def _reading(path: str, decoded: Decoded, parsed: Parsed | None) -> FileReading:
    if parsed is None:
        return FileReading(path, (), decoded.findings)
    if any_refuses(parsed.findings):
        return FileReading(path, (), parsed.findings[-_MOST_PER_DOCUMENT:])
    notes = [*decoded.findings, *parsed.findings]
    notes += [] if parsed.trees else [_empty_file(path)]
    notes += [_own_output(path, tree.root) for tree in parsed.trees if _is_own_output(tree)]
    candidates = [
        _candidate(path, index, tree)
        for index, tree in enumerate(parsed.trees)
        if not _is_own_output(tree)
    ]
    return FileReading(path, tuple(candidates), tuple(notes))


@lru_cache(maxsize=4)
def roots(file: SourceFile) -> tuple[Node, ...]:
    """Return the trees of a file's documents, read anew: a fleet's are too many to be kept."""
    trees = parse(file.path, decode(file).text or "").trees
    return tuple(tree.root for tree in trees)


def _candidate(path: str, index: int, tree: Tree) -> Candidate:
    root = tree.root
    findings = (*tree.findings, *_head(path, root))
    kind, name = text_at(root, "kind"), text_at(root, "metadata", "name")
    document = None
    if tree.is_readable and kind and not any(one.code in _HEAD_CODES for one in findings):
        document, more = judge(path, kind, root)
        findings = (*findings, *more)
    findings = findings[:_MOST_PER_DOCUMENT]
    entry = IndexEntry(path, index, root.span, kind, name, findings, secrets=_secrets(kind, root))
    if document is None or any_refuses(findings):
        return Candidate(entry, None)
    return Candidate(
        entry._replace(references=references_of(document), digest=digest(document)), document
    )


def _secrets(kind: str | None, root: Node) -> tuple[UsedSecret, ...]:
    """Return the secrets that a document names; of a set, those that it names for all rows."""
    if kind != "PairingIntentSet":
        return used_secrets(root)
    template = locate(root, TEMPLATE)
    if template.key is None or template.key.text != TEMPLATE[-1]:
        return ()
    named = (used for used in used_secrets(template.value) if "{" not in used.name)
    return tuple(used._replace(field=(*TEMPLATE, *used.field)) for used in named)


# ── what tells which schema a document is held against ───────────────────────────────────────────


_HEAD_CODES = frozenset(
    {Code.NOT_A_MAPPING, Code.MISSING_KIND, Code.UNKNOWN_KIND, Code.UNKNOWN_API_VERSION}
)


def _head(path: str, root: Node) -> Iterator[Finding]:
    if not isinstance(root, MapNode):
        found = "a list" if isinstance(root, ListNode) else "a single value"
        message = f"the document is {found}; a mapping is needed"
        hint = "a document has apiVersion, kind, metadata and spec at its top"
        yield finding(path, root.span, Code.NOT_A_MAPPING, message, hint)
        return
    yield from _kind(path, root)
    if not _is_foreign(root):
        yield from _api_version(path, root)


def _is_foreign(root: MapNode) -> bool:
    """Return whether the document is another tool's, by its kind and by its version."""
    group = (text_at(root, "apiVersion") or API_VERSION).partition("/")[0]
    return text_at(root, "kind") not in KINDS and group != API_VERSION.partition("/")[0]


def _kind(path: str, root: MapNode) -> Iterator[Finding]:
    place = locate(root, ("kind",))
    kind = text_at(root, "kind")
    kinds = f"the kinds are {listed(_IN_REPOSITORIES)}"
    if root.entry("kind") is None:
        yield finding(path, place.key_span, Code.MISSING_KIND, "the document has no `kind`", kinds)
    elif kind not in KINDS:
        message = f"`{shown(kind or '')}` is not a kind that pairctl knows"
        meant = "" if kind in MODELS or kind == _SIMULATION else nearest_word(kind or "", KINDS)
        hint = did_you_mean(meant) or _elsewhere(root) or kinds
        span = place.value_span
        yield finding(path, span, Code.UNKNOWN_KIND, message, hint, replacement=meant)


_IN_REPOSITORIES = tuple(kind for kind in KINDS if kind != "Operator")
"""What a repository may hold: an operator's file is read, and refused in it."""

_SIMULATION = "Simulation"
"""What `pairctl sim` reads: no kind of this room."""


def _elsewhere(root: MapNode) -> str:
    """Return what to do about a document that is not a repository's; empty where it may be one."""
    kind = text_at(root, "kind")
    if kind in MODELS:
        return "this file is your own: keep it out of the repository, which sets no options"
    if kind == _SIMULATION:
        return "this file is your own: keep it out of the repository; `pairctl sim FILE` serves it"
    if _is_foreign(root):
        return f"keep documents of other tools elsewhere; the kinds are {listed(_IN_REPOSITORIES)}"
    return ""


def _api_version(path: str, root: MapNode) -> Iterator[Finding]:
    version = text_at(root, "apiVersion")
    if root.entry("apiVersion") is None or version == API_VERSION:
        return
    is_newer = _NEWER_VERSION.fullmatch(version or "")
    yield finding(
        path,
        locate(root, ("apiVersion",)).value_span,
        Code.UNKNOWN_API_VERSION,
        f"`{shown(version or '')}` is not a version that this pairctl reads",
        f"{'a newer pairctl may read it; this one reads' if is_newer else 'write'} {API_VERSION}",
        replacement="" if is_newer else API_VERSION,
    )


def _is_own_output(tree: Tree) -> bool:
    return text_at(tree.root, "kind") in _OWN_KINDS


# ── for information ──────────────────────────────────────────────────────────────────────────────


def _own_output(path: str, root: Node) -> Finding:
    message = "the document was written by pairctl itself and is not read"
    hint = "remove it, or leave it: it changes nothing"
    span = locate(root, ("kind",)).value_span
    return finding(path, span, Code.OWN_OUTPUT, message, hint, severity=Severity.INFO)


def _empty_file(path: str) -> Finding:
    message, hint = "the file holds no document", "remove it, or leave it: it changes nothing"
    return finding(path, Span(1, 1, 1, 1), Code.EMPTY_FILE, message, hint, severity=Severity.INFO)
