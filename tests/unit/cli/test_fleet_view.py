"""What the fleet needs published, in words."""

import pytest

from pairctl.cli.fleet_view import show_fleet
from pairctl.cli.screen import Screen
from pairctl.engine import FleetPublications
from pairctl.layers import Publications

STACKS: dict[str, tuple[()]] = {"production": ()}


@pytest.mark.parametrize(
    ("past", "told"),
    [
        (0, "production: 3 of 4 clusters match now\n"),
        (1, "production: 3 of 4 clusters match now (1 paired one is not counted)\n"),
        (2, "production: 3 of 4 clusters match now (2 paired ones are not counted)\n"),
    ],
)
def test_clusters_that_are_not_counted_are_told(
    past: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever knows how many intents there are misses none of them."""
    found = Publications(clusters=1, matched=3)
    show_fleet(
        Screen(),
        FleetPublications({"production": found}, STACKS, STACKS, past={"production": past}),
    )
    assert told in capsys.readouterr().out
