"""A fleet by its stacks: which clusters are alike, and which profiles stand for each kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pairctl.layers import Proposals, Stack, propose
from pairctl.pairing.facts.palette import ProfileListing
from pairctl.pairing.proof.proof import Proof, prove
from pairctl.spec import ProfileMatchSpec


@dataclass(frozen=True, slots=True)
class StackGroup:
    """Clusters with the very same layers, by the names of their rows, sorted.

    `match` is the name of a ProfileMatch that holds for them; empty where none does. `proof` is
    that of a search for the exact selection; None where no Palette was looked at, or a match holds.
    Where nothing matches, `proposals` are the nearest selections, with what is to be published.
    """

    stack: Stack
    clusters: tuple[str, ...]
    match: str = ""
    proof: Proof | None = None
    proposals: Proposals = field(default_factory=Proposals)

    @property
    def is_matched(self) -> bool:
        """Whether some selection of profiles stands for these clusters exactly."""
        return bool(self.match) or (self.proof is not None and self.proof.holds)


def stack_groups(
    stacks: Mapping[str, Stack],
    listings: Sequence[ProfileListing] | None,
    matches: Mapping[str, ProfileMatchSpec],
    palette: str,
) -> tuple[StackGroup, ...]:
    """Return the clusters by stack, the largest group first, then by the first name.

    `listings` are the profiles of the Palette, None where it was not looked at; `matches` are the
    selections that documents have for it already.
    """
    alike: dict[Stack, list[str]] = defaultdict(list)
    for name in sorted(stacks):
        alike[stacks[name]].append(name)
    in_order = sorted(alike.items(), key=lambda item: (-len(item[1]), item[1]))
    return tuple(
        _group(local, tuple(names), listings, matches, palette) for local, names in in_order
    )


def _group(
    local: Stack,
    names: tuple[str, ...],
    listings: Sequence[ProfileListing] | None,
    matches: Mapping[str, ProfileMatchSpec],
    palette: str,
) -> StackGroup:
    if listings is None:
        return StackGroup(local, names)
    for match, wanted in sorted(matches.items()):
        if prove(local, wanted, listings).holds:
            return StackGroup(local, names, match)
    search = ProfileMatchSpec.model_validate({"palette": palette, "select": "Auto"}, strict=False)
    proof = prove(local, search, listings)
    if proof.holds:
        return StackGroup(local, names, proof=proof)
    latest = [one.latest for one in listings if one.latest]
    return StackGroup(local, names, proof=proof, proposals=propose(local, latest, None))
