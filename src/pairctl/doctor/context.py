"""What a look at one server needs beside the documents."""

from dataclasses import dataclass

from pairctl.doctor.access import DoctorAccess
from pairctl.engine.observe.palette_cache import PaletteCache, UsableToken
from pairctl.engine.runtime.clock import Clock
from pairctl.pairing import Intent
from pairctl.problem import PairctlError, Problem


@dataclass(frozen=True, slots=True)
class Context:
    """The clients, the shared cache of the Palette that is meant, and the time."""

    access: DoctorAccess
    palette_cache: PaletteCache
    clock: Clock

    async def token_of(self, intent: Intent) -> UsableToken | Problem:
        """Return the registration token that an intent names, found as a pass would find it."""
        wanted = intent.spec.registration_token
        if wanted is None:
            return Problem("NoToken", "the intent names no registration token")
        try:
            return await self.palette_cache.token(wanted, self.access.token_secret(intent))
        except PairctlError as error:
            return error.problem
