"""Lists that name the same thing twice: what one document must hold to, and no schema can say."""

from collections.abc import Hashable, Iterator, Sequence

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, finding
from pairctl.spec.kinds import AnyDocument, ProfileMatch
from pairctl.spec.nodes import Node, locate
from pairctl.spec.wording import shown


def repeats(path: str, root: Node, document: AnyDocument) -> Iterator[Finding]:
    """Yield what a document gives twice; `root` is its tree."""
    if isinstance(document, ProfileMatch):
        profiles = [profile.name for profile in document.spec.profiles or ()]
        yield from _twice(path, root, "profiles", profiles, Code.DUPLICATE_PROFILE)
        yield from _in_other_case(path, root, profiles)
        layers = [(layer.name, layer.layer) for layer in document.spec.layers or ()]
        yield from _twice(path, root, "layers", layers, Code.DUPLICATE_LAYER)


def _in_other_case(path: str, root: Node, profiles: Sequence[str]) -> Iterator[Finding]:
    """Yield profiles whose names differ only in case: for Palette they are different ones."""
    folded = [name.casefold() for name in profiles]
    for index, name in enumerate(profiles):
        first = folded.index(folded[index])
        if profiles[first] != name:
            span = locate(root, ("spec", "profiles", index, "name")).value_span
            message = f"`{shown(name)}` differs from `{shown(profiles[first])}` only in case"
            hint = "write the names as Palette has them; if it has both, rename one there"
            yield finding(path, span, Code.NAME_DIFFERS_IN_CASE, message, hint)


def _twice(
    path: str, root: Node, field: str, items: Sequence[Hashable], code: Code
) -> Iterator[Finding]:
    for index, item in enumerate(items):
        first = items.index(item)
        if first < index:
            span = locate(root, ("spec", field, index, "name")).value_span
            line = locate(root, ("spec", field, first)).value_span.line
            message = f"the {field[:-1]} is given twice, first on line {line}"
            yield finding(path, span, code, message, "remove one of the two")
