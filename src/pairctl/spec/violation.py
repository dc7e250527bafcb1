"""A rule of a kind's schema that a document breaks, with what a finding about it needs."""

from collections.abc import Mapping
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, finding
from pairctl.spec.nodes import Node, Scalar, locate
from pairctl.spec.rules import Broken
from pairctl.spec.secret_shapes import is_named_as_secret, looks_secret
from pairctl.spec.wording import as_yaml, quoted_path, shown

_HIDDEN = "(hidden)"
_LONGEST_REPLACEMENT = 128


class Violation(NamedTuple):
    """A broken rule and the document it is broken in.

    `meant` tells of each unknown field of the mapping which one it may be; empty where none is
    like it.
    """

    file: str
    root: Node
    rule: Broken
    meant: Mapping[str, str]

    @property
    def field(self) -> str:
        """The field as people write it, in back quotes."""
        return quoted_path(self.rule.path)

    @property
    def text(self) -> str:
        """The value as it stands in the file; empty for a collection."""
        node = locate(self.root, self.rule.path).value
        return node.text if isinstance(node, Scalar) else ""

    @property
    def written(self) -> str:
        """The value as a message may show it."""
        return _HIDDEN if self.is_hidden else shown(self.text)

    @property
    def is_hidden(self) -> bool:
        """Whether the value is nobody's business."""
        return is_named_as_secret(self.rule.path) or looks_secret(self.text)

    def at_value(self, code: Code, message: str, hint: str = "", instead: str = "") -> Finding:
        """Return a finding about the value; `instead` is YAML that may stand there."""
        span = locate(self.root, self.rule.path).value_span
        fits = len(instead) <= _LONGEST_REPLACEMENT and not self.is_hidden
        return finding(self.file, span, code, message, hint, replacement=instead if fits else "")

    def at_key(
        self, code: Code, message: str, hint: str = "", *more: str, instead: str = ""
    ) -> Finding:
        """Return a finding about the value's key, or that of what is `more` below the value.

        `instead` is the text of a key that may stand there.
        """
        span = locate(self.root, (*self.rule.path, *more)).key_span
        return finding(self.file, span, code, message, hint, replacement=as_yaml(instead))
