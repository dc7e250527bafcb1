"""Acceptances at Palettes that no document names any more: the places that they take stay taken."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from pairctl.pairing.facts.claim import Claim, UnreadableFiles
from pairctl.pairing.facts.evidence import Evidence
from pairctl.pairing.facts.identity import canonical_uid

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class LostPlaces:
    """Claims to accept, and evidence of the last hour, at Palettes that no document names.

    Nobody reads the list, or asks the clock, of such a Palette: its claims end by no look, and its
    hour by this process's own clock alone. `unread` are files that may hold a document that does.
    """

    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def at_once(self) -> "LostPlaces":
        """Those that take a place at once: what was accepted and is paired takes none."""
        return replace(self, evidence=tuple(one for one in self.evidence if not one.is_complete))

    def only(self, is_own: Callable[[str, str], bool]) -> "LostPlaces":
        """Keep to those of some intents and clusters."""
        return replace(
            self,
            claims=tuple(one for one in self.claims if is_own(one.intent, one.cluster)),
            evidence=tuple(one for one in self.evidence if is_own(one.intent, one.cluster)),
        )

    def take_all(self, places: int, unreadable: UnreadableFiles) -> bool:
        """Whether so many places stay taken for as long as nobody does anything.

        Files that are `unreadable` take theirs as claims do. Those of evidence get free in time.
        """
        clusters = {canonical_uid(one.cluster) for one in self.claims}
        return places <= len(clusters) + len(unreadable.paths)

    @property
    def hint(self) -> str:
        """What a person does; empty where no place is lost."""
        at_claims = {one.palette for one in self.claims}
        places = sorted(at_claims | {one.palette for one in self.evidence})
        if not places:
            return ""
        if self.unread:
            return (
                f"places are taken at {', '.join(places[:_MOST_NAMED])}, which no Palette document "
                f"that can be read names: mend {', '.join(self.unread[:_MOST_NAMED])}"
            )
        words = (
            f"places are taken at {', '.join(places[:_MOST_NAMED])}, which no Palette document "
            "names: name it as one"
        )
        if not self.claims:
            return f"{words}, or let a run stay for an hour (`pairctl watch`)"
        clusters = ", ".join(sorted({one.cluster for one in self.claims})[:_MOST_NAMED])
        return (
            f"{words}, or look there whether the requests of {clusters} were accepted, and delete "
            "their claims from the status branch"
        )


NONE_LOST = LostPlaces()


def lost_places(
    claims: Iterable[Claim], recent: Iterable[Evidence], palettes: Collection[str]
) -> LostPlaces:
    """Return those that are at none of these Palettes, which are named by canonical endpoints.

    Another address of the same one is another one here.
    """

    def is_lost(palette: str) -> bool:
        return bool(palette) and palette not in palettes

    return LostPlaces(
        tuple(one for one in claims if one.action == "accept" and is_lost(one.palette)),
        tuple(one for one in recent if is_lost(one.palette)),
    )
