"""Who has a profile already: a version that is published for one cluster is what all get to see."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pairctl.engine.desired.source import Source
from pairctl.pairing import Intent, Phase
from pairctl.records import Ledger

PAST_MATCHING = frozenset({Phase.ACCEPTED, Phase.PAIRED})

ByProfile = Mapping[str, tuple[str, ...]]
"""Names of intents, sorted, by the name of a profile."""


class ProfileUses:
    """The intents of one commit by the profiles that they have, or select, by one record."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source, self._ledger = source, ledger

    def others(self, intent: Intent) -> tuple[ByProfile, ByProfile]:
        """Return the other intents of the same Palette, by profile: selecting it, and paired.

        It is selected by their documents, or was by the last pass; paired are those whose clusters
        were accepted with it.
        """
        return self._split(intent.palette_name, but=intent.name)

    def paired(self, palette: str) -> ByProfile:
        """Return the intents of a Palette whose clusters were accepted, by profile."""
        return self._split(palette)[1]

    def _split(self, palette: str, *, but: str = "") -> tuple[ByProfile, ByProfile]:
        selecting: dict[str, list[str]] = defaultdict(list)
        paired: dict[str, list[str]] = defaultdict(list)
        for name, intent in sorted(self._source.intents.items()):
            if name == but or intent.palette_name != palette:
                continue
            status = self._ledger.statuses.get(name)
            is_past = status is not None and status.phase in PAST_MATCHING
            for profile in dict.fromkeys(self._profiles(intent, is_past=is_past)):
                (paired if is_past else selecting)[profile].append(name)
        return _fixed(selecting), _fixed(paired)

    def _profiles(self, intent: Intent, *, is_past: bool) -> Iterator[str]:
        """Yield names of profiles; what a cluster was accepted with is what counts then, if known.

        A ProfileMatch may have been edited since.
        """
        status = self._ledger.statuses.get(intent.name)
        recorded = [one.name for one in status.profiles] if status else []
        yield from recorded
        if not (is_past and recorded):
            yield from (one.name for one in (intent.match and intent.match.profiles) or ())


def _fixed(found: Mapping[str, list[str]]) -> ByProfile:
    return {profile: tuple(names) for profile, names in found.items()}
