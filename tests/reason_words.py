"""Every word in the source that is given as a reason, found in its syntax trees."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "pairctl"

# Which argument of a call is the reason, counted from 0: anywhere, and by pairing's own helpers.
ANYWHERE = {"Problem": 0}
IN_PAIRING = {
    "Verdict": 1,
    "settled": 1,
    "under_way": 1,
    "act": 2,
    "true": 1,
    "unknown": 1,
    "Condition": 2,
    "Wait": 0,
}
# Words that are put together, by the expression that does it.
MADE_OF_PARTS = {
    "f'Request{request.status}'": ("RequestRejected", "RequestFailed"),
    "f'{what.capitalize()}Unknown'": ("VariableUnknown", "PackUnknown"),
}


Node = ast.Call | ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Trees:
    """The syntax trees of the source, by path; the simulator has words of its own."""

    by_path: Mapping[str, ast.Module]

    @cached_property
    def nodes(self) -> list[tuple[str, Node]]:
        """Every call, function and class with the path of its file."""
        return [
            (path, node)
            for path, tree in self.by_path.items()
            for node in ast.walk(tree)
            if isinstance(node, Node)
        ]

    @property
    def bases(self) -> dict[str, set[str]]:
        """The names of each class's bases, by its name."""
        found: dict[str, set[str]] = defaultdict(set)
        for _, node in self.nodes:
            if isinstance(node, ast.ClassDef):
                found[node.name] |= {_name(base) for base in node.bases}
        return found


def read_trees(root: Path = SOURCE) -> Trees:
    """Parse the whole source, without the simulator."""
    paths = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*.py"))}
    return Trees(
        {name: ast.parse(path.read_text()) for name, path in paths.items() if name[:4] != "sim/"}
    )


@cache
def words_of_source() -> Mapping[str, set[str]]:
    """Return the words of the whole source; read once, since that takes a second."""
    return reason_words(read_trees())


def reason_words(trees: Trees) -> dict[str, set[str]]:
    """Return all words that are given as reasons, with the paths of the files that give them.

    Raises AssertionError where a reason is neither a word, nor known to be made of parts, nor
    passed on from something that has one.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for path, node in trees.nodes:
        calls = ANYWHERE | (IN_PAIRING if path.startswith("pairing/") else {})
        for expression in _reasons_in(node, calls):
            for word in _words(expression, path):
                found[word].add(path)
    for path, word in _class_words(trees):
        found[word].add(path)
    return dict(found)


def _reasons_in(node: ast.AST, calls: Mapping[str, int]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        place = calls.get(_name(node.func))
        if place is not None and len(node.args) > place:
            yield node.args[place]
        yield from (one.value for one in node.keywords if one.arg == "reason")
    elif isinstance(node, ast.FunctionDef):
        last = node.args.args[len(node.args.args) - len(node.args.defaults) :]
        pairs = zip(last, node.args.defaults, strict=True)
        yield from (default for arg, default in pairs if arg.arg == "reason")


def _words(expression: ast.expr, path: str) -> tuple[str, ...]:
    match expression:
        case ast.Constant(value=""):
            return ()
        case ast.Constant(value=str() as word):
            return (word,)
        case ast.IfExp(body=body, orelse=orelse):
            return (*_words(body, path), *_words(orelse, path))
        case ast.JoinedStr():
            return MADE_OF_PARTS[ast.unparse(expression)]
        case ast.Attribute(attr="reason" | "__name__") | ast.Name(id="reason"):
            return ()
    where = f"{path}:{expression.lineno}"
    raise AssertionError(f"{where}: {ast.unparse(expression)} is no literal reason")


def _class_words(trees: Trees) -> Iterator[tuple[str, str]]:
    """Yield the errors that name themselves, and are made somewhere, where they are defined."""
    bases = trees.bases
    made = {_name(call.func) for _, call in trees.nodes if isinstance(call, ast.Call)}
    classes = [(path, cls) for path, cls in trees.nodes if isinstance(cls, ast.ClassDef)]
    named = {cls.name for _, cls in classes if _names(cls)}
    for path, cls in classes:
        above = set().union(*(_lineage(_name(base), bases) for base in cls.bases))
        if cls.name in made and named & above:
            yield path, cls.name


def _names(cls: ast.ClassDef) -> bool:
    """Whether a class makes its own name the reason of its problem."""
    return "Problem(type(self).__name__" in ast.unparse(cls)


def _lineage(name: str, bases: Mapping[str, set[str]]) -> set[str]:
    return {name}.union(*(_lineage(base, bases) for base in bases.get(name, ())))


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _name(value)
    return ""
