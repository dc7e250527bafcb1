"""A campaign as the report draws it: waves one after the other, and how far each has come."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pairctl.text import Own

_STYLES = {
    "failed": "Failed",
    "blocked": "Blocked",
    "accepted": "Accepted",
    "requested": "Requested",
    "underway": "UnderWay",
    "held": "Waiting",
    "waiting": "Waiting",
    "dark": "Unreachable",
    "unreachable": "Unreachable",
    "paired": "Paired",
}
"""The colours of members' states, by the state's word in lower case; of any other there is none."""


class WaveProgress(StrEnum):
    """Where a wave is in its campaign."""

    DONE = "done"
    CURRENT = "current"
    HALTED = "halted"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave. `members` are names of intents by the state that they are counted in, in order.

    A state is a phase, or a word such as `underWay`, `held`, `dark`. `when` says in words in which
    windows, or when at the earliest; `note` what it waits for.
    """

    name: str
    state: WaveProgress
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    when: str = ""
    note: str = ""

    @property
    def size(self) -> int:
        """How many intents are in the wave."""
        return sum(map(len, self.members.values()))


@dataclass(frozen=True, slots=True)
class Campaign:
    """Waves in their order. `note` says what holds of all of it: a halt and its cause, an end."""

    name: str
    waves: Sequence[Wave]
    note: str = ""


def campaign_data(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as data of the report: its waves with counts, drawn to one scale."""
    largest = max((wave.size for wave in campaign.waves), default=0)
    return {
        "name": Own(campaign.name),
        "note": campaign.note,
        "waves": [
            {
                "name": Own(wave.name),
                "state": Own(wave.state),
                "size": wave.size,
                "largest": largest,
                "when": wave.when,
                "note": wave.note,
                "members": [
                    {
                        "state": Own(_words(state)),
                        "style": Own(_STYLES.get(str(state).lower(), "")),
                        "count": len(names),
                    }
                    for state, names in wave.members.items()
                    if names
                ],
            }
            for wave in campaign.waves
        ],
    }


def waves_by_intent(campaigns: Sequence[Campaign]) -> dict[str, tuple[str, str]]:
    """Return campaign and wave of each intent that is in one, by its name."""
    return {
        name: (campaign.name, wave.name)
        for campaign in campaigns
        for wave in campaign.waves
        for names in wave.members.values()
        for name in names
    }


def _words(state: str) -> str:
    """Return `under way` for `underWay`; a phase keeps its capital."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", str(state))
