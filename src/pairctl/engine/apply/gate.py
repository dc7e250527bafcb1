"""Who is asked before each step of a run for one intent."""

from typing import Protocol

from pairctl.engine.plan.preview import Preview
from pairctl.pairing import Decision


class Gate(Protocol):
    """Permits the steps of one intent, or does not. It may take its time: a person may read."""

    @property
    def name(self) -> str:
        """The intent that the run is for."""

    async def may_look(self) -> bool:
        """Whether the first look may begin."""

    async def permits(self, decision: Decision, preview: Preview) -> bool:
        """Whether an action may be claimed, looked at again, and sent."""

    async def has_patience(self, decision: Decision, wait_s: float) -> bool:
        """Wait until the next look; whether there is to be one."""

    def may_go_on(self) -> bool:
        """Whether nothing has come up in the pass that a person has to see to first."""
