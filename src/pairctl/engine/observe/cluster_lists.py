"""The clusters in each Palette: listed now and then, in a large project they are many pages.

A cluster that was paired since then is asked for by its uid, so that a large fleet that pairs does
not list itself again and again. Where the whole list takes no more calls than that, it is listed:
only the list tells a cluster's health. One that was asked for has none until the next whole list.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from pairctl.apis import PAGE, ApiFailure, Palette
from pairctl.pairing import ACCEPTED_STATES, PaletteCluster, PaletteRequest, canonical_endpoint
from pairctl.spec import PaletteSpec

Key = tuple[str, str, str]


@dataclass
class _List:
    """One list, when it began (monotonic), and the uids that were asked for and not in it then."""

    began_s: float
    clusters: dict[str, PaletteCluster]
    absent: frozenset[str] = field(default=frozenset())


class ClusterLists:
    """The lists of a run, by Palette, project and key."""

    def __init__(self) -> None:
        self._lists: dict[Key, _List] = {}

    def renew(self, now_s: float, stands_s: float) -> None:
        """Forget the lists that began more than `stands_s` ago (monotonic)."""
        self._lists = {
            key: one for key, one in self._lists.items() if now_s - one.began_s < stands_s
        }

    async def see(
        self,
        spec: PaletteSpec,
        client: Palette,
        requests: Iterable[PaletteRequest],
        now_s: float,
    ) -> tuple[PaletteCluster, ...]:
        """Return the clusters of a Palette, with all that its `requests` say are paired.

        Raises what `Palette.clusters` raises.
        """
        key = canonical_endpoint(spec.endpoint), spec.project or "", spec.api_key.secret
        paired = {one.cluster_uid for one in requests if one.state in ACCEPTED_STATES} - {""}
        known = self._lists.get(key)
        if known is not None:
            new = paired - known.clusters.keys() - known.absent
            if not new:
                return tuple(known.clusters.values())
            # A list that takes no more calls than asking for the new ones is asked for again.
            if len(known.clusters) + len(new) > PAGE * len(new):
                try:
                    # What the list lacked when it was made is not there, and not asked for again.
                    found = await asyncio.gather(*(client.cluster(uid) for uid in sorted(new)))
                    known.clusters.update({one.uid: one for one in found if one is not None})
                    return tuple(known.clusters.values())
                except ApiFailure:
                    known = None  # the list may tell what cannot be asked for one by one
        clusters = {one.uid: one for one in await client.clusters()}
        absent = known.absent if known else frozenset(paired)
        self._lists[key] = _List(now_s, clusters, absent - clusters.keys())
        return tuple(clusters.values())
