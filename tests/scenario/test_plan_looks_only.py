"""`plan` looks, and cannot do anything else: at every stage of a pairing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_factory import World, quick_palette, world
from sim_factory import Document

NO_WRITES: list[tuple[str, str]] = []


def fresh(w: World) -> None:
    """Leave the world as it is: nothing was sent yet."""


def pending(w: World) -> None:
    """Send the request, and no more."""
    w.one_pass()


def accepted(w: World) -> None:
    """Accept, while the host has not changed over yet."""
    w.one_pass()
    w.one_pass()


def taken_back(w: World) -> None:
    """Wish a pending request back."""
    w.one_pass()
    w.commit(w.intent(desired="Local", registrationToken=None, profileMatch=None, acknowledge=None))


STAGES: dict[str, tuple[Callable[[World], None], Document, int, str | None]] = {
    "before the request": (fresh, {}, 2, "request"),
    "while it is pending": (pending, {}, 2, "accept"),
    "once it is accepted": (accepted, {"pairing": {"acceptSeconds": 600}}, 2, None),
    "once it is paired": (accepted, {}, 0, None),
    "when it is to be taken back": (taken_back, {}, 2, "withdraw"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_plan_says_what_apply_would_do_and_does_nothing(tmp_path: Path, stage: str) -> None:
    """No effect but logins, no request to a writing route, no commit: in text and in JSON."""
    bring, palette, code, verb = STAGES[stage]
    with world(tmp_path, palette=quick_palette(**palette)) as w:
        bring(w)
        before = w.tip, w.writes(), w.effects(), w.files()
        text, data = w.run("plan", "--all"), w.run("plan", "--format", "json")
        assert (w.tip, w.writes(), w.effects(), w.files()) == before
        assert (text.returncode, data.returncode) == (code, code), text.stderr
        (intent,) = json.loads(data.stdout)["intents"]
        assert (intent.get("action") or {}).get("verb") == verb
        assert "store-1" in text.stdout


def test_plan_makes_no_status_branch(tmp_path: Path) -> None:
    """Over a repository that nobody has reconciled yet, plan leaves nothing behind."""
    with world(tmp_path) as w:
        assert w.run("plan").returncode == 2
        assert w.tip == ""
        assert w.box.bare.joinpath("refs", "heads").glob("pairctl*")
