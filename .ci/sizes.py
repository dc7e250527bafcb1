#!/usr/bin/env python3
"""Says how long functions are, and how many private ones are called from one place only.

A thermometer, not a law: reading is hopping where most private functions are called once. Lines
are those of a body, without its docstring and from its first statement to its last.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median, quantiles

SRC = Path(__file__).parents[1] / "src" / "pairctl"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Size:
    """One function, or method: of which package, how many lines, how often its module uses it."""

    package: str
    lines: int
    is_private: bool
    uses: int


def main() -> int:
    """Print a line for each package and one for all, or that one alone with `--total`."""
    sizes = [size for file in sorted(SRC.rglob("*.py")) for size in _sizes(file)]
    sys.stdout.write(f"{'package':16}{'functions':>10}{'median':>8}{'p90':>5}{'called once':>24}\n")
    if "--total" not in sys.argv[1:]:
        for package, group in groupby(sorted(sizes, key=_package), key=_package):
            sys.stdout.write(_line(package, list(group)))
    sys.stdout.write(_line("all", sizes))
    return 0


def _package(size: Size) -> str:
    return size.package


def _sizes(file: Path) -> Iterator[Size]:
    package, tree = file.relative_to(SRC).parts[0].removesuffix(".py"), ast.parse(file.read_bytes())
    used = Counter(_uses(tree))
    for node in ast.walk(tree):
        if isinstance(node, Function) and (body := _without_docstring(node)):
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            is_private = node.name.startswith("_") and not node.name.endswith("__")
            yield Size(package, lines, is_private, used[node.name])


def _uses(tree: ast.AST) -> Iterator[str]:
    """Each name that is read in a module, a call or not: what is handed on cannot be inlined."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                yield name


def _without_docstring(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _line(package: str, sizes: list[Size]) -> str:
    lines = [size.lines for size in sizes]
    p90 = quantiles(lines, n=10, method="inclusive")[-1] if len(lines) > 1 else max(lines)
    private = [size for size in sizes if size.is_private]
    once = sum(size.uses == 1 for size in private)
    share = f"{once} of {len(private)}" + (f", {once / len(private):.0%}" if private else "")
    return f"{package:16}{len(sizes):10}{median(lines):8.0f}{p90:5.0f}{share:>24}\n"


if __name__ == "__main__":
    sys.exit(main())
