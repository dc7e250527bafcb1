"""What the fleet needs published, for people and for machines, and as files for Palette."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pairctl.cli.layout import show_wrapped
from pairctl.cli.proposals_view import paired_note, write_profiles
from pairctl.cli.screen import Screen
from pairctl.engine import FleetPublications
from pairctl.layers import Publication, Publications
from pairctl.text import Own

_MOST_NAMED = 5


def show_fleet(screen: Screen, found: FleetPublications) -> None:
    """Show for each Palette what to publish, in order, and how many clusters match then."""
    for palette, one in found.palettes.items():
        past = found.past.get(palette, 0)
        show_publications(screen, palette, one, found.paired.get(palette, {}), past)
        screen.line()
    if found.unseen:
        named = ", ".join(found.unseen[:_MOST_NAMED])
        more = len(found.unseen) - _MOST_NAMED
        screen.note(f"not seen yet: {named}" + (f" and {more} more" if more > 0 else ""), "yellow")
    if not found.palettes and not found.unseen:
        screen.line("No intent waits for a match.", "green")


def show_publications(
    screen: Screen,
    palette: str,
    found: Publications,
    paired: Mapping[str, Sequence[str]] | None = None,
    past: int = 0,
) -> None:
    """Show what to publish in one Palette; `paired` names who was accepted with a profile.

    `past` are paired, and not counted.
    """
    ones = "one is" if past == 1 else "ones are"
    left_out = f" ({past} paired {ones} not counted)" if past else ""
    total = found.matched + found.clusters + found.hopeless
    screen.line(f"{palette}: {found.matched} of {_clusters(total)} match now{left_out}", "bold")
    if found.ordered:
        count = len(found.ordered)
        many = "this version" if count == 1 else f"these {count} versions, in this order"
        more = found.clusters
        matching = "1 more cluster matches" if more == 1 else f"{more} more clusters match"
        screen.line(f"Publish {many}: {matching}")
    for number, one in enumerate(found.ordered, 1):
        show_wrapped(screen, screen.text(f"{number}. {one}", "green"), "  ")
        if names := _paired(one, paired or {}):
            show_wrapped(screen, screen.text(paired_note(names), "dim"), "     ")
        screen.line(f"     then {_clusters(found.matched + one.clusters)} match", "dim")
    if found.hopeless:
        screen.line(f"For {_clusters(found.hopeless)} no selection is near.", "yellow")
    if found.ordered and found.is_exact:
        screen.line("No smaller set of versions unlocks as many.", "dim")
    elif found.ordered:
        screen.line("A search was left at its limit: fewer versions may do.", "yellow")


def fleet_data(found: FleetPublications) -> dict[str, Any]:
    """Return what the fleet needs published as data."""
    return {
        "palettes": [
            {
                "name": palette,
                **publications_data(one, found.paired.get(palette, {})),
            }
            for palette, one in found.palettes.items()
        ],
        "unseen": list(found.unseen),
    }


def publications_data(
    found: Publications, paired: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """Return what to publish in one Palette as data; `paired` as in `show_publications`."""
    return {
        "matched": found.matched,
        "unlocked": found.clusters,
        "hopeless": found.hopeless,
        "isExact": found.is_exact,
        "publications": [
            {
                "profile": item.repair.profile.name,
                "isNew": item.repair.is_new,
                "unlocked": item.clusters,
                "humanAction": str(item),
                "pairedWith": [Own(name) for name in _paired(item, paired or {})],
                "layers": [
                    {"layer": layer.kind, "name": layer.name, "version": layer.version}
                    for layer in item.repair.layers
                ],
            }
            for item in found.ordered
        ],
    }


def _paired(one: Publication, paired: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return who sees the new version; nobody sees one that has a name of its own."""
    name = one.repair.profile.name
    return () if one.is_copy or one.repair.is_new else paired.get(name, ())


def write_publications(screen: Screen, found: FleetPublications, file: Path) -> None:
    """Write the profiles to publish, in order: to `file`, or numbered files beside it."""
    repairs = [item.repair for one in found.palettes.values() for item in one.ordered]
    if repairs:
        write_profiles(screen, repairs, file)
    else:
        screen.note(f"nothing is written to {file}: nothing has to be published")


def _clusters(count: int) -> str:
    return f"{count} cluster{'s' * (count != 1)}"
