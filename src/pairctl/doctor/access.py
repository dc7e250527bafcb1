"""Clients for an examination: as those of `plan`, with each refusal to be asked for on its own."""

from collections.abc import Callable

from pairctl.apis import LocalUIProbe, PaletteProbe, Trust
from pairctl.engine.observe.access import Access
from pairctl.problem import PairctlError, Problem
from pairctl.spec import LocalUIPlace, PaletteSpec, SecretRole, Tls


class DoctorAccess(Access):
    """Opens clients that can only look, and tells what keeps one from being opened."""

    _LOCAL_UI = LocalUIProbe
    _PALETTE = PaletteProbe

    def destination_problem(
        self, role: SecretRole, secret: str, endpoint: str, tls: Tls | None
    ) -> Problem | None:
        """Return why a server may not be sent a secret that serves as this."""
        return _problem(lambda: self._check(role, secret, endpoint, tls))

    def api_key_problem(self, secret: str) -> Problem | None:
        """Return why a secret cannot be used as an API key."""
        return _problem(lambda: self._keys.store.get(secret))

    def credentials_problem(self, secret: str) -> Problem | None:
        """Return why a secret cannot be used to log in."""
        return _problem(lambda: self._keys.store.credentials(secret))

    def variable_problem(self, secret: str, palette: PaletteSpec) -> Problem | None:
        """Return why a secret cannot be the value of a profile variable, sent to a Palette."""
        role, endpoint = SecretRole.VARIABLE, palette.endpoint
        return self.destination_problem(role, secret, endpoint, palette.tls) or _problem(
            lambda: self._keys.store.text(secret)
        )

    async def trust(self, tls: Tls | None, endpoint: str) -> Trust:
        """Return how a server is to prove who it is. Raises PairctlError where that is refused."""
        return await self._trust(tls, endpoint)

    async def palette_probe(self, spec: PaletteSpec) -> PaletteProbe:
        """Return the client that looks at a Palette. Raises PairctlError."""
        client = await self.palette(spec)
        assert isinstance(client, PaletteProbe)
        return client

    async def local_ui_probe(self, spec: LocalUIPlace) -> LocalUIProbe:
        """Return the client that looks at an edge host. Raises PairctlError."""
        client = await self.local_ui(spec)
        assert isinstance(client, LocalUIProbe)
        return client


def _problem(work: Callable[[], object]) -> Problem | None:
    try:
        work()
    except PairctlError as error:
        return error.problem
    return None
