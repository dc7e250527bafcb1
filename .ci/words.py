#!/usr/bin/env python3
"""Holds identifiers to the field's words: names that only this project would use fail here.

Identifiers and names of modules in src/ are looked at, in their parts: `PaletteEye` is `palette`
and `eye`. What the API's paths or the field call so is excepted.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).parents[1] / "src"
BANNED = {
    "anew": "again",
    "company": "what it is: references, an index",
    "door": "access, client",
    "eye": "cache, listing",
    "hand": "executor",
    "nobody": "none",
    "road": "walkthrough, path",
    "stranger": "unrecognized",
    "told": "shown, reported",
    "twin": "duplicate",
    "way": "connection, path",
}
"""Each banned word, and what to say for it."""
EXCEPTED = re.compile(r"one_way|under_way", re.IGNORECASE)
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_PREDICATE = re.compile(r"_*(is|has|may)_")


def main() -> int:
    """Print each identifier that is not the field's, with its place; return how many there are."""
    found = [line for file in sorted(SRC.rglob("*.py")) for line in _findings(file)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return min(len(found), 1)


def _findings(file: Path) -> Iterator[str]:
    place, tree = file.relative_to(SRC.parent), ast.parse(file.read_bytes())
    for name, line in {(file.stem, 1), *_names(tree)}:
        for word in _words(name) & BANNED.keys():
            yield f"{place}:{line}: `{name}` has `{word}`; say {BANNED[word]}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _PREDICATE.match(node.name):
            returned = ast.unparse(node.returns) if node.returns else "nothing"
            if returned not in {"bool", "Self"}:
                yield f"{place}:{node.lineno}: `{node.name}` returns {returned}, not bool"


def _names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.ClassDef(name=name):
                yield name, node.lineno


def _words(name: str) -> set[str]:
    parts = {part.lower() for part in _PART.findall(EXCEPTED.sub("", name))}
    return parts | {part.removesuffix("s") for part in parts}


if __name__ == "__main__":
    sys.exit(main())
