"""A field of a kind, for people and for machines: what it is, and what is below it."""

import textwrap
from collections.abc import Iterator
from typing import Any

from pairctl.cli.screen import Screen
from pairctl.spec import FieldGuide

PROSE_WIDTH = 100


def show_field(screen: Screen, field: FieldGuide, *, is_recursive: bool) -> None:
    """Show a field, and the fields below it: with what they are, or as a tree of all."""
    screen.line(f"{field.dotted} <{field.type}>", "bold")
    _show_prose(screen, field.description, "    ")
    if facts := list(_facts(field)):
        screen.line()
    for name, text in facts:
        _show_prose(screen, f"{name}: {text}", "  ")
    if field.fields:
        screen.line()
        screen.line("Fields:", "bold")
    if is_recursive:
        _show_tree(screen, field, "  ")
        return
    for one in field.fields:
        screen.line(f"  {_head(one)}", "cyan")
        _show_prose(screen, one.description, "    ")
        for name, text in _facts(one):
            if name != "required":
                _show_prose(screen, f"{name}: {text}", "    ")


def field_data(field: FieldGuide, *, is_recursive: bool) -> dict[str, Any]:
    """Return a field as data; fields below its own only where all are wanted."""
    below = [
        field_data(one, is_recursive=True) if is_recursive else _facts_data(one)
        for one in field.fields
    ]
    return {**_facts_data(field), "fields": below}


def _facts_data(field: FieldGuide) -> dict[str, Any]:
    return {
        "path": field.dotted,
        "type": field.type,
        "description": field.description,
        "required": field.is_required,
        "default": field.default,
        "examples": list(field.examples),
        "allowed": list(field.allowed),
        "rules": list(field.rules),
        "hasFields": bool(field.fields),
    }


def _head(field: FieldGuide) -> str:
    return f"{field.name} <{field.type}>{' -required-' if field.is_required else ''}"


def _facts(field: FieldGuide) -> Iterator[tuple[str, str]]:
    if len(field.path) > 1:
        yield "required", "yes" if field.is_required else "no"
    if field.default:
        yield "default", field.default
    if len(field.allowed) > 1:
        yield "one of", ", ".join(field.allowed)
    elif field.allowed and not field.description.startswith("Always"):
        yield "always", field.allowed[0]
    for rule in field.rules:
        yield "rule", rule
    for example in field.examples:
        yield "example", example


def _show_tree(screen: Screen, field: FieldGuide, indent: str) -> None:
    for one in field.fields:
        screen.line(f"{indent}{_head(one)}")
        _show_tree(screen, one, f"{indent}  ")


def _show_prose(screen: Screen, text: str, indent: str) -> None:
    width = min(PROSE_WIDTH, screen.out.width)
    for line in textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ):
        screen.line(line)
