"""What has no room is shortened first and counted then; of a few intents nothing is."""

import pytest
from rich.text import Text

from pairctl.cli.causes_view import FEW, MORE_ROOM, ROOM, Cause, show_causes
from screen_factory import Mode, screen_in

LONG = "what is wrong with it is a long story that takes several lines of a terminal " * 4


def causes(count: int) -> list[Cause]:
    """Make causes with long texts."""
    texts = ((Text(), Text(LONG)), (Text("do: "), Text(f"{LONG}END")))
    return [Cause(Text("Blocked"), (f"store-{2 * n}",), texts) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "fleet", "most"),
    [(2, 40, ROOM), (6, 40, ROOM), (40, 40, ROOM), (7, 4_000, MORE_ROOM), (400, 4_000, MORE_ROOM)],
)
def test_causes_keep_to_their_room(
    count: int,
    fleet: int,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was shortened is said, and so is how much is left out."""
    show_causes(screen_in(Mode(80), monkeypatch, capsys), causes(count), fleet)
    *lines, last = capsys.readouterr().out.splitlines()
    assert len(lines) < most
    shown = sum(line.startswith("1 Blocked: store-") for line in lines)
    if shown == count:
        assert last == "`--all`, or names of intents, show whole texts"
    else:
        left = count - shown
        assert last == f"and {left} more causes, of {left} intents: `--all` shows each"


def test_what_is_said_of_a_few_intents_is_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever looks at a few reads what to do to its end."""
    show_causes(screen_in(Mode(80), monkeypatch, capsys), causes(FEW), FEW)
    assert capsys.readouterr().out.count("END") == FEW
