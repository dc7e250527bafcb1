"""What a pairing would change in the values of packs: for plans, and in full for one intent."""

from collections.abc import Iterator

from pairctl.cli.layout import show_rows
from pairctl.cli.screen import Screen
from pairctl.engine import PlannedIntent, Reviewing
from pairctl.text import Own


def changing_values(intent: PlannedIntent) -> Iterator[str]:
    """Yield a line for the count, and one for each of the first values that would change."""
    found = intent.configuration
    if found is None:
        return
    yield f"values of packs that would change: {found.count}"
    for one in found.changes:
        yield f"{one.pack}: {one.path}: {one.local} -> {one.profile}"
    yield from found.notes
    if found.count > len(found.changes):
        left = found.count - len(found.changes)
        yield f"and {left} more; `pairctl explain {intent.name}` shows them after a pass"


def show_configuration(screen: Screen, reviewing: Reviewing | None) -> None:
    """Show all that would change, and the line that says that a person has read it."""
    if reviewing is None:
        screen.line("The last pass wrote down no values of packs that would change.", "dim")
        return
    found = reviewing.found.shown
    screen.line()
    count = reviewing.found.count
    screen.line(f"Values of packs that would change, as the last pass saw them: {count}", "bold")
    rows = [
        [screen.text(cell) for cell in (str(one.layer), one.path, one.local, one.brought)]
        for one in found.changes
    ]
    show_rows(screen, ("PACK", "VALUE", "CLUSTER", "PROFILE"), rows)
    if count > len(found.changes):
        screen.line(f"and {count - len(found.changes)} more that the record has no room for")
    for note in found.notes:
        screen.line(note, "yellow")
    screen.line("Whole values are to be seen in Local UI and in Palette only.", "dim")
    if reviewing.line:
        screen.line(
            f"If all of it is meant, write this below `spec` of ProfileMatch {reviewing.match}, "
            f"in {reviewing.path}:"
        )
        screen.line(f"  {reviewing.line.strip('`')}")
    screen.line()


def configuration_data(reviewing: Reviewing | None) -> dict[str, object] | None:
    """Return the same as JSON has it."""
    if reviewing is None:
        return None
    found = reviewing.found.shown
    return {
        "digest": Own(found.digest),
        "count": reviewing.found.count,
        "differences": [
            {
                "layer": one.layer.kind,
                "pack": str(one.layer),
                "path": one.path,
                "cluster": one.local,
                "profile": one.brought,
            }
            for one in found.changes
        ],
        "notes": list(found.notes),
        "file": Own(reviewing.path),
        "line": Own(reviewing.line.strip("`")),
    }
