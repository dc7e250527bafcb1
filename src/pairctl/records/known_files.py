"""Files of the status branch as they were parsed and rendered last, to do it once only."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from pairctl.records.yaml_text import Rendered, render_yaml

ParsedT = TypeVar("ParsedT")
MadeT = TypeVar("MadeT")


class KnownFiles:
    """The memory of one run, by path.

    The bytes come from Git each time, and documents from what was seen: only the work between the
    two is saved.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, Any]] = {}
        self._rendered: dict[str, tuple[Mapping[str, Any], Rendered]] = {}
        self._made: dict[tuple[str, str], tuple[object, object, Any]] = {}
        self._latest: tuple[str, Any] | None = None

    def read_at(self, tip: str, read: Callable[[], ParsedT]) -> ParsedT:
        """Return what `read` makes of the branch at `tip`; it is asked once for each tip in turn.

        A tip is a commit's id, so it names all bytes below it.
        """
        if self._latest is None or self._latest[0] != tip:
            self._latest = (tip, read())
        value: ParsedT = self._latest[1]
        return value

    def parsed(self, path: str, body: bytes, parse: Callable[[bytes], ParsedT]) -> ParsedT:
        """Return what a file says; a path is always parsed by the same function."""
        known = self._known.get(path)
        if known is None or known[0] != body:
            known = self._known[path] = (body, parse(body))
        value: ParsedT = known[1]
        return value

    def rendered(
        self, path: str, document: Mapping[str, Any], facts: Mapping[str, Any] | None = None
    ) -> Rendered:
        """Return a document as YAML: that of before, where it has the same `facts`.

        Left out, they are all of the document.
        """
        facts = document if facts is None else facts
        known = self._rendered.get(path)
        if known is None or known[0] != facts:
            known = self._rendered[path] = (facts, render_yaml(document))
        return known[1]

    def made_of(
        self, where: str, path: str, thing: object, secrets: object, make: Callable[[], MadeT]
    ) -> MadeT:
        """Return what is made of a thing that has a file, and `where` it is shown.

        Of the very same thing it is made once, while the very same `secrets` are known; None where
        nobody knows whether they are.
        """
        known = self._made.get((where, path))
        if secrets is None or known is None or not (known[0] is thing and known[1] is secrets):
            known = self._made[where, path] = (thing, secrets, make())
        value: MadeT = known[2]
        return value

    def forget_but(self, paths: Collection[str]) -> None:
        """Forget files that are gone."""
        kept = set(paths)
        for known in (self._known, self._rendered):
            for path in known.keys() - kept:
                del known[path]
        for place in [place for place in self._made if place[1] not in kept]:
            del self._made[place]
