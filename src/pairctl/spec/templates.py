"""Templates of intents: which columns their texts refer to, and what a row makes of them."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.fields import API_VERSION, COLUMN
from pairctl.spec.findings import Finding, Span, finding
from pairctl.spec.nodes import Entry, ListNode, MapNode, Node, Scalar, locate, places
from pairctl.spec.tables import Row
from pairctl.spec.wording import quoted_path, shown

TEMPLATE = ("spec", "template")
"""Where the template of a set stands."""

_REFERENCE = re.compile(rf"\{{({COLUMN})\}}")
_BRACE = re.compile(r"[{}]")
_ACKNOWLEDGEMENT = ("spec", "acknowledge", "centralManagementOnly")

Steps = tuple[str | int, ...]


class ColumnUse(NamedTuple):
    """A text of a template that refers to a column; `is_alone` where it is nothing but that."""

    column: str
    field: Steps
    span: Span
    is_alone: bool


def columns_in(text: str) -> tuple[str, ...]:
    """Return the columns that a text refers to, in its order."""
    return tuple(_REFERENCE.findall(text)) if "{" in text else ()


def column_uses(template: Node) -> tuple[ColumnUse, ...]:
    """Return each reference to a column, in the order of the file."""
    return tuple(
        ColumnUse(
            column, steps, place.value.span, _REFERENCE.fullmatch(place.value.text) is not None
        )
        for steps, place in places(template)
        if isinstance(place.value, Scalar)
        for column in columns_in(place.value.text)
    )


def template_findings(path: str, template: Node) -> Iterator[Finding]:
    """Yield what is wrong with a template whatever the rows are; fields are judged elsewhere."""
    for steps, place in places(template):
        if place.key is not None and _BRACE.search(place.key.text):
            message = f"a key of {quoted_path(steps[:-1])} has a brace: no column stands in a key"
            hint = "write the key out; columns stand in values"
            yield finding(path, place.key.span, Code.TEMPLATE_SYNTAX, message, hint)
        if isinstance(place.value, Scalar):
            yield from _odd_braces(path, steps, place.value)
    yield from _same_names(path, template)
    yield from _acknowledgement(path, template)


def unquoted_columns(path: str, template: Node) -> Iterator[Finding]:
    """Yield `{column}` without quotes, which YAML reads as a mapping."""
    for steps, place in places(template):
        match place.value:
            case MapNode((Entry(key, Scalar(text="", is_plain=True)),), span) if (
                span.line == span.end_line and re.fullmatch(COLUMN, key.text)
            ):
                message = f"{quoted_path(steps)} is a mapping: without quotes, braces make one"
                written = f'"{{{key.text}}}"'
                yield finding(
                    path,
                    span,
                    Code.TEMPLATE_SYNTAX,
                    message,
                    f"put the text in quotes: {written}",
                    replacement=written,
                )


def filled(node: Node, row: Row) -> Node:
    """Return a template with a row's cells in it. A value stands where its first cell does.

    What comes from the template alone stands at the row. Cells are taken as they are: a brace in
    one is a brace. A cell that a refused row does not have counts as empty.
    """
    match node:
        case MapNode(entries):
            made = tuple(
                Entry(key._replace(span=row.span), filled(value, row)) for key, value in entries
            )
            return MapNode(made, row.span)
        case ListNode(items):
            return ListNode(tuple(filled(item, row) for item in items), row.span)
        case Scalar(text):
            columns = columns_in(text)
            if not columns:
                return node._replace(span=row.span)
            first = row.cells.get(columns[0])
            span = first.span if first else row.span
            return Scalar(_with_cells(text, row.cells), is_plain=False, span=span)


def as_document(template: Node, row: Row) -> Node:
    """Return the document that a row becomes: without `acknowledge` where its cell is empty.

    The one cell that may be empty withholds a permission, and gives none.
    """
    head = {"apiVersion": API_VERSION, "kind": "PairingIntent"}
    entries = tuple(
        Entry(_text(key, row.span), _text(value, row.span)) for key, value in head.items()
    )
    body = filled(_unacknowledged(template, row), row)
    return MapNode((*entries, *(body.entries if isinstance(body, MapNode) else ())), row.span)


def acknowledging_column(template: Node) -> str:
    """Return the column that rows are acknowledged by; empty where there is none."""
    place = locate(template, _ACKNOWLEDGEMENT)
    text = place.value.text if isinstance(place.value, Scalar) else ""
    is_there = place.key is not None and place.key.text == _ACKNOWLEDGEMENT[-1]
    return next(iter(columns_in(text)), "") if is_there else ""


def _unacknowledged(template: Node, row: Row) -> Node:
    column = acknowledging_column(template)
    if not column or (column in row.cells and row.cells[column].text):
        return template
    return _without(template, _ACKNOWLEDGEMENT[:2])


def _without(node: Node, path: tuple[str, ...]) -> Node:
    if not isinstance(node, MapNode):
        return node
    name, *rest = path
    kept = (
        Entry(key, _without(value, tuple(rest)) if key.text == name else value)
        for key, value in node.entries
        if rest or key.text != name
    )
    return MapNode(tuple(kept), node.span)


def _text(text: str, span: Span) -> Scalar:
    return Scalar(text, is_plain=False, span=span)


def _with_cells(text: str, cells: Mapping[str, Scalar]) -> str:
    def cell(found: re.Match[str]) -> str:
        return cells[found[1]].text if found[1] in cells else ""

    return _REFERENCE.sub(cell, text)


def _odd_braces(path: str, steps: Steps, value: Scalar) -> Iterator[Finding]:
    if _BRACE.search(_REFERENCE.sub("", value.text)):
        message = f"{quoted_path(steps)} has a brace that is not part of a column's name in braces"
        hint = "write {column}; a text with braces of its own stands in a column, or in a file"
        yield finding(path, value.span, Code.TEMPLATE_SYNTAX, message, hint)


def _same_names(path: str, template: Node) -> Iterator[Finding]:
    place = locate(template, ("metadata", "name"))
    if isinstance(place.value, Scalar) and not columns_in(place.value.text):
        name = shown(place.value.text)
        message = f"`metadata.name` is `{name}` in every row: two intents cannot have one name"
        hint = 'refer to a column that tells rows apart: name: "{store}"'
        yield finding(path, place.value_span, Code.TEMPLATE_SYNTAX, message, hint)


def _acknowledgement(path: str, template: Node) -> Iterator[Finding]:
    """Yield an acknowledgement that no person wrote for its row alone."""
    place = locate(template, _ACKNOWLEDGEMENT)
    if place.key is None or place.key.text != _ACKNOWLEDGEMENT[-1]:
        return
    uses = column_uses(template)
    own = [use for use in uses if use.field == _ACKNOWLEDGEMENT]
    field = quoted_path(_ACKNOWLEDGEMENT)
    if len(own) != 1 or not own[0].is_alone:
        message = f"{field} is not a column by itself: it would speak for rows nobody thought of"
        hint = "refer to a column that holds the cluster's name, written for each row by a person"
        yield finding(path, place.value_span, Code.ACKNOWLEDGE_COLUMN, message, hint)
        return
    others = [use for use in uses if use.column == own[0].column and use is not own[0]]
    if others:
        where = quoted_path(others[0].field)
        message = f"the column `{own[0].column}` acknowledges, and is used in {where} as well"
        hint = "give the acknowledgement a column of its own: a person writes it for each row"
        yield finding(path, others[0].span, Code.ACKNOWLEDGE_COLUMN, message, hint)
