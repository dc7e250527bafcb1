"""STATUS.md is rendered by a forge: it shows what was said, and does nothing."""

import re

import pytest

from markdown_factory import html, rendered, rows
from pairctl.pairing import (
    MemberState,
    PaletteRequest,
    Phase,
    RequestState,
    RolloutPhase,
    RolloutState,
    Status,
    Unrecognized,
    Wait,
    WaveState,
)
from pairctl.records import recorded_rollout, render_summary
from pairctl.records.summary import LONGEST
from pairctl.text import one_line

HOSTILE = (
    "@team and owner/repo#1, GH-2, !3",
    "https://evil.example/?a=b www.evil.example",
    "<img src=x onerror=alert(1)> <!-- x -->",
    "![x](https://evil.example/x.png) [y](https://evil.example)",
    "a |b \\|c\n|===|\n# title",
    "`code` **bold** _it_ ~~gone~~ $math$",
    "a\u202eb\u200bc\x1b[2J",
)
CALLING = re.compile(r"[@#!$%&~^][\w\"']|\bgh-\d|://|\bwww\.", re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_nothing_but_text(text: str) -> None:
    """In every cell that says what a host, Palette or a document said: one cell, and no effect."""
    status = Status("store-1", Phase.BLOCKED, "g", "c", waiting_for=text, human_action=text)
    request = PaletteRequest("p-1", "uid-1", text, RequestState.PENDING)
    written = render_summary([status], {"production": Unrecognized((request,))}).decode()
    assert html(written) == []
    assert [len(row) for row in rows(written)] == [5, 3]
    lines = [line for line in written.splitlines() if line.startswith("|") and "---" not in line]
    cells = [line.strip("| ").split(" | ") for line in lines]
    for cell in (cells[1][3], cells[1][4], cells[3][2]):
        assert not CALLING.search(rendered(cell, keep=True))
        assert rendered(cell) == one_line(text)


def test_a_text_has_a_length() -> None:
    """However much somebody says."""
    status = Status("store-1", Phase.BLOCKED, "g", "c", message="x" * 1_000_000)
    assert len(render_summary([status])) < LONGEST + 500


def test_what_is_alike_shares_a_row_with_a_link_for_each_end() -> None:
    """A fleet of 4,000 makes a page that a forge renders, and every intent is counted."""
    held = [
        Status(f"store-{n:04}", Phase.BLOCKED, "g", "c", message=f"store-{n:04} is dark")
        for n in range(4_000)
    ]
    paired = [Status(f"depot-{n}", Phase.PAIRED, "g", "c", message="held") for n in (1, 2)]
    written = render_summary([*paired, *held])
    assert len(written) < 2_000
    text = written.decode()
    assert "4002 intents: 4000 Blocked, 2 Paired." in text
    first, last = (f"[store-{n}](status/store-{n}.yaml)" for n in ("0000", "3999"))
    assert f"| ⛔ | {first} to {last} | 4000 Blocked | … is dark |  |" in text
    assert "| 2 Paired | held |" in text


def test_rollouts_have_a_section_before_requests_that_no_intent_names() -> None:
    """How far each is, and what it waits for; nothing where there are none, and no effect."""
    waves = (
        WaveState("canary", {MemberState.PAIRED: ("store-1",)}, is_open=True, is_complete=True),
        WaveState("rest", {MemberState.DARK: ("store-2",)}, is_open=True, is_complete=False),
    )
    state = RolloutState(
        "emea",
        RolloutPhase.SUSPENDED,
        waves,
        current="rest",
        waits_for=Wait("RolloutSuspended", HOSTILE[3]),
    )
    request = PaletteRequest("p-1", "uid-1", "a", RequestState.PENDING)
    written = render_summary(
        [], {"production": Unrecognized((request,))}, {"emea": recorded_rollout(state)}
    ).decode()
    assert "| ⏸ | [emea](status/rollouts/emea.yaml) | Suspended | rest | 1 of 2 | " in written
    assert written.index("## Rollouts") < written.index("## Pairing requests")
    assert html(written) == []
    assert "## Rollouts" not in render_summary([]).decode()
