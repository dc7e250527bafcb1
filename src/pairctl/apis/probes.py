"""Clients that look as the others do, and tell more of how they were answered."""

from collections.abc import Mapping
from typing import Any

from pairctl.apis.answers import server_time
from pairctl.apis.channel import Channel, Wire
from pairctl.apis.local_ui import LocalUI
from pairctl.apis.palette import Palette
from pairctl.apis.palette_answers import (
    ClusterItem,
    KeyPermissions,
    OwnUser,
    Page,
    ProjectItem,
)
from pairctl.apis.routes import Operation, Routes


class DatedChannel(Channel):
    """A channel that compares the server's clock with ours, by the `Date` of each answer.

    `skew_s` is how far the server is ahead; None where it has not told.
    """

    def __init__(self, endpoint: str, routes: Routes, wire: Wire) -> None:
        super().__init__(endpoint, routes, wire)
        self._now = wire.now
        self.skew_s: float | None = None

    def _hear(self, headers: Mapping[str, str]) -> None:
        dated_at = server_time(headers.get("date", ""))
        if dated_at is not None:
            self.skew_s = (dated_at - self._now()).total_seconds()


class PaletteProbe(Palette):
    """Looks at a Palette one call at a time, to tell which of them work."""

    _CHANNEL = DatedChannel

    @property
    def skew_s(self) -> float | None:
        """How far Palette's clock is ahead of ours; None where no answer has told."""
        return _skew_s(self._channel)

    async def projects(self) -> tuple[str, ...]:
        """Return the names of the projects that the key sees. No project is named for it."""
        answer = await self._call(Operation.LIST_PROJECTS)
        return tuple(item.metadata.name for item in answer.read(Page[ProjectItem]).items)

    async def permissions(self) -> KeyPermissions | None:
        """Return what the key may do, by Palette's word; None where it says nothing of that.

        That `GET /v1/users/me` tells it is inferred: whatever comes of the call proves nothing.
        """
        return (await self._call(Operation.GET_OWN_USER)).read(OwnUser).fact()

    async def some_cluster(self) -> str | None:
        """Return the name of any cluster, or None: a list cut short, to see that it is answered."""
        body: Mapping[str, Any] = {
            "filter": {},
            "sort": [{"field": "clusterName", "order": "asc"}],
        }
        answer = await self._in_project(Operation.LIST_CLUSTERS, query={"limit": "1"}, body=body)
        items = answer.read(Page[ClusterItem]).items
        return items[0].metadata.name if items else None


class LocalUIProbe(LocalUI):
    """Looks at an edge host, and at its clock."""

    _CHANNEL = DatedChannel

    async def log_in(self) -> None:
        """Log in, where that is not done yet, and no more. Raises as every call does."""
        await self._login.token()

    @property
    def skew_s(self) -> float | None:
        """How far the host's clock is ahead of ours; None where no answer has told."""
        return _skew_s(self._channel)


def _skew_s(channel: Channel) -> float | None:
    return channel.skew_s if isinstance(channel, DatedChannel) else None
