"""Clients that can act. `plan` is never given one."""

from pairctl.apis.acting_clients import LocalUIWriter, PaletteWriter
from pairctl.engine.observe.access import Access
from pairctl.engine.observe.observer import place_at
from pairctl.pairing import Intent


class WritingAccess(Access):
    """Opens clients that can look and act."""

    _LOCAL_UI = LocalUIWriter
    _PALETTE = PaletteWriter

    async def local_ui_writer(self, intent: Intent, endpoint: str) -> LocalUIWriter:
        """Return the client that sends and withdraws requests at the host that was looked at.

        Raises PairctlError where the intent has no host at this endpoint.
        """
        client = await self.local_ui(place_at(intent, endpoint))
        assert isinstance(client, LocalUIWriter)
        return client

    async def palette_writer(self, intent: Intent) -> PaletteWriter:
        """Return the client that accepts and rejects requests in an intent's Palette."""
        client = await self.palette(intent.palette)
        assert isinstance(client, PaletteWriter)
        return client
