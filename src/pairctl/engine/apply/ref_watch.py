"""Whether the ref of the intents gives reason for another pass."""

from contextlib import suppress

from pairctl.engine.desired.merged import merged_token
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError


class RefWatch:
    """What the ref of the intents stood at when it was asked for last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known = ""
        self._carried_out = ""
        self._asks, self._asks_behind = 0, 1

    def note(self, carried_out: str) -> None:
        """Note the commit of a pass that came through; empty: it failed."""
        self._carried_out, self._asks = carried_out, 0

    async def has_changed(self) -> bool:
        """Ask once; whether there is reason for a pass. No answer is none.

        It stands at another commit than before, which no pass has had. Or the last pass did not
        have what had been seen, as a replica may lag: that is reason for another when it is asked
        for the second time, then for the third, the fifth, and so on. A tag's id is no commit's.
        """
        now = ""
        with suppress(PairctlError, OSError):
            now = await merged_token(self._settings)
        before, self._known, self._asks = self._known, now or self._known, self._asks + 1
        is_new = self._known not in (before, self._carried_out)
        if is_new or now == self._carried_out:
            self._asks_behind = 1
            return is_new
        is_due = bool(now and self._carried_out) and self._asks > self._asks_behind
        self._asks_behind *= 2 if is_due else 1
        return is_due
