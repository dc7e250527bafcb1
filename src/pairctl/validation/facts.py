"""What was last seen of the world, as the status branch holds it at one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pairctl.pairing import Phase
from pairctl.records import (
    ObservedCluster,
    observed_cluster,
    observed_palette,
    parse_status,
    status_path,
)
from pairctl.validation.catalogue import Catalogue

_PAST_MATCHING = frozenset({Phase.ACCEPTED, Phase.PAIRED})


@dataclass(frozen=True)
class Facts:
    """The files of the status branch at `commit`; without a branch there are none."""

    commit: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    _palettes: dict[str, Catalogue | None] = field(default_factory=dict, init=False)

    @property
    def known_intents(self) -> frozenset[str]:
        """The names of all intents that have a status."""
        names = (PurePosixPath(path).stem for path in self.files)
        return frozenset(name for name in names if status_path(name) in self.files)

    def cluster(self, intent: str) -> ObservedCluster | None:
        """Return what was last seen of an intent's cluster."""
        return observed_cluster(self.files, intent)

    def palette(self, name: str) -> Catalogue | None:
        """Return the profiles that were last seen in a Palette."""
        if name not in self._palettes:
            seen = observed_palette(self.files, name)
            self._palettes[name] = Catalogue(seen) if seen else None
        return self._palettes[name]

    def is_past_matching(self, intent: str) -> bool:
        """Whether an intent's cluster is accepted: its profiles may go on without it."""
        content = self.files.get(status_path(intent))
        status = parse_status(content) if content else None
        return status is not None and status.phase in _PAST_MATCHING
