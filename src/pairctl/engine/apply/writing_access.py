"""Clients that can act. `plan` is never given one."""

from pairctl.apis.writers import LocalUIWriter, PaletteWriter
from pairctl.engine.observe.access import Access
from pairctl.pairing import Intent


class WritingAccess(Access):
    """Opens clients that can look and act."""

    _LOCAL_UI = LocalUIWriter
    _PALETTE = PaletteWriter

    async def local_ui_writer(self, intent: Intent) -> LocalUIWriter:
        """Return the client that sends and withdraws requests at an intent's host."""
        assert intent.spec.local_ui is not None
        client = await self.local_ui(intent.spec.local_ui)
        assert isinstance(client, LocalUIWriter)
        return client

    async def palette_writer(self, intent: Intent) -> PaletteWriter:
        """Return the client that accepts and rejects requests in an intent's Palette."""
        client = await self.palette(intent.palette)
        assert isinstance(client, PaletteWriter)
        return client
