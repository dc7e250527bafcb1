"""What could be done for a match: the nearest selections, each with its smallest repair."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pairctl.layers.difference import Match
from pairctl.layers.nearest import nearest_selections
from pairctl.layers.repair import Repair, repairs
from pairctl.layers.stack import Profile, Stack

MOST_PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A selection, and what is to be published for it to match; nothing where it matches now."""

    match: Match
    repairs: tuple[Repair, ...] = ()

    @property
    def distance(self) -> int:
        """How many layers stand between the selection and an exact match."""
        return self.match.difference.size

    def __str__(self) -> str:
        if self.repairs:
            return "; ".join(map(str, self.repairs))
        return f"select {' + '.join(profile.name for profile in self.match.selection)}"


@dataclass(frozen=True, slots=True)
class Proposals:
    """The nearest proposals, best first; where not `is_complete` there may be nearer ones."""

    nearest: tuple[Proposal, ...] = ()
    is_complete: bool = True


def propose(local: Stack, profiles: Sequence[Profile], selected: Match | None) -> Proposals:
    """Return up to MOST_PROPOSALS proposals; what is selected now comes first among equals.

    There are none where it matches. Profiles that share a name cannot be selected by it: they are
    left out.
    """
    if selected and selected.is_exact:
        return Proposals()
    names = Counter(profile.name for profile in profiles)
    found = nearest_selections(local, [one for one in profiles if names[one.name] == 1])
    matches = list(found.matches)
    if (
        selected
        and not selected.objections
        and (not matches or selected.difference.size <= matches[0].difference.size)
    ):
        chosen = set(selected.selection)
        matches = [selected, *(one for one in matches if set(one.selection) != chosen)]
    nearest = (Proposal(one, repairs(local, one, names)) for one in matches[:MOST_PROPOSALS])
    return Proposals(tuple(nearest), found.is_complete)
