"""YAML as the status branch holds it: written in one stable form, read within bounds."""

from collections.abc import Callable, Collection, Mapping
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from pairctl.records.block_form import read_block, write_block
from pairctl.spec.decoding import MAX_FILE_BYTES, decode
from pairctl.spec.parsing import MAX_NODES, parse
from pairctl.spec.scalars import resolve
from pairctl.spec.shape import plain
from pairctl.spec.source import SourceFile
from pairctl.text import each_text

_WIDE = 4096  # a line is never folded: a diff shows whole sentences


class Bounds(NamedTuple):
    """How much of a file is read: more than that, and it counts as absent."""

    file_bytes: int
    nodes: int


OF_ONE = Bounds(MAX_FILE_BYTES, MAX_NODES)
"""For what is said of one cluster: as much as an operator may write."""
OF_MANY = Bounds(4 << 20, 400_000)
"""For what a Palette holds: some 4,000 profiles of ten layers."""


class Rendered(bytes):
    """A document as bytes, and the document: its values can be cleaned before they are written."""

    document: Mapping[str, Any]

    def cleaned(self, change: Callable[[str], str], own: Collection[str]) -> "Rendered":
        """Return the document with each of its texts changed, but below the keys `own`."""
        document = each_text(dict(self.document), change, own)
        return self if document == self.document else render_yaml(document)


def render_yaml(document: Mapping[str, Any]) -> Rendered:
    """Return a mapping as YAML in block style, keys in the order given."""
    block = write_block(document)
    rendered = Rendered((emitted_yaml(document) if block is None else block).encode())
    rendered.document = document
    return rendered


def emitted_yaml(document: Mapping[str, Any]) -> str:
    """Return the same text by the YAML library, whatever stands in the document."""
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None
    yaml.width = _WIDE
    text = StringIO()
    yaml.dump(dict(document), text)
    return text.getvalue()


def render_document(document: Mapping[str, Any]) -> str:
    """Return a document for operators, after its `---`: what the loader reads is what is given.

    Text that a YAML parser of any age takes for something else is put in quotes.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Quoting
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None
    yaml.width = _WIDE
    text = StringIO()
    yaml.dump(dict(document), text)
    return f"---\n{text.getvalue()}"


class _Quoting(SafeRepresenter):
    """Puts text in quotes where that is needed to be read as text everywhere."""

    def represent_str(self, data: str) -> Any:
        """Represent one text."""
        style = None if type(resolve(data)) is str else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Quoting.add_representer(str, _Quoting.represent_str)


def parse_yaml(
    content: bytes, bounds: Bounds = OF_ONE, rename: Callable[[str], str] = str
) -> dict[str, Any]:
    """Return the first document of a file as a mapping; empty where it cannot be read.

    Its keys are renamed on every level.
    """
    block = read_block(content, rename) if len(content) <= bounds.file_bytes else None
    if block is not None:
        return block
    shown = parse_any_yaml(content, bounds)
    return shown if rename is str else renamed(shown, rename)


def renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """Return the same data with its keys renamed, on every level."""
    match value:
        case dict():
            return {rename(key): renamed(item, rename) for key, item in value.items()}
        case list():
            return [renamed(item, rename) for item in value]
        case _:
            return value


def parse_any_yaml(content: bytes, bounds: Bounds = OF_ONE) -> dict[str, Any]:
    """Return the same by the YAML parser, whatever the form of the file."""
    text = decode(SourceFile("", content), bounds.file_bytes).text
    trees = parse("", text, bounds.nodes).trees if text is not None else ()
    root = trees[0].root if trees and not trees[0].findings else None
    if root is None:
        return {}
    shown, _ = plain(root)
    return shown if isinstance(shown, dict) else {}
