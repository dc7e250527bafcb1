"""Palette's list of pairing requests, found by pairing id and by cluster: built once a look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.palette import PaletteRequest, RequestState


@dataclass(frozen=True, slots=True)
class RequestIndex:
    """All requests of a list, in its order. `entries` has each pairing id once.

    Uids are compared in their canonical form; an empty one is of nothing, and a request without a
    pairing id is one of its own.
    """

    entries: tuple[PaletteRequest, ...] = ()
    _rows: Mapping[str, tuple[PaletteRequest, ...]] = field(default_factory=dict)
    _places: Mapping[str, int] = field(default_factory=dict)
    _of_cluster: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def rows_of(self, pairing_uid: str) -> tuple[PaletteRequest, ...]:
        """Return all that is listed of a pairing id: more than one row while it moves."""
        return self._rows.get(canonical_uid(pairing_uid), ()) if pairing_uid else ()

    def entry_of(self, pairing_uid: str) -> PaletteRequest | None:
        """Return the one entry of a pairing id; None where it is not listed."""
        place = self._places.get(canonical_uid(pairing_uid)) if pairing_uid else None
        return None if place is None else self.entries[place]

    def entries_of(self, cluster_uid: str, request_uid: str) -> tuple[PaletteRequest, ...]:
        """Return what is listed for a cluster, in the list's order.

        That is each request with a row of this cluster, and the one of `request_uid` where no row
        names its cluster.
        """
        places = set(self._of_cluster.get(canonical_uid(cluster_uid), ()) if cluster_uid else ())
        own = self._places.get(canonical_uid(request_uid)) if request_uid else None
        if own is not None and not self.entries[own].local_uid:
            places.add(own)
        return tuple(self.entries[place] for place in sorted(places))


def index_of(requests: Iterable[PaletteRequest]) -> RequestIndex:
    """Return the index of a list, as it was read page by page."""
    rows: dict[str, list[PaletteRequest]] = {}
    for number, request in enumerate(requests):
        # No uid holds a space.
        rows.setdefault(canonical_uid(request.pairing_uid) or f" {number}", []).append(request)
    places = {uid: place for place, uid in enumerate(rows)}
    of_cluster: dict[str, dict[int, None]] = {}
    for uid, same in rows.items():
        for request in same:
            if request.local_uid:
                cluster = canonical_uid(request.local_uid)
                of_cluster.setdefault(cluster, {})[places[uid]] = None
    return RequestIndex(
        entries=tuple(map(_as_one, rows.values())),
        _rows={uid: tuple(same) for uid, same in rows.items()},
        _places=places,
        _of_cluster={uid: tuple(found) for uid, found in of_cluster.items()},
    )


def _as_one(rows: Sequence[PaletteRequest]) -> PaletteRequest:
    """Return one entry for all rows of one pairing id; where they disagree, its state is unknown.

    A list is read in pages, and a request that moves between them shows twice. One that shows as
    the request of two clusters is of neither.
    """
    first = rows[0]
    clusters = {canonical_uid(row.local_uid) for row in rows} - {""}
    is_one = len(clusters) <= 1
    if is_one and all(row.state is first.state for row in rows):
        return first
    words = " and ".join(sorted({row.word or row.state for row in rows}))
    shown = words if is_one else f"{words}, of {len(clusters)} clusters"
    return replace(first, state=RequestState.UNKNOWN, word=shown)
