"""Which intents a change of others concerns, and of which it is not known."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pairctl.engine import ChangeKind, Source
from pairctl.engine.desired.change import Change, change_between
from pairctl.engine.plan.consequences import Known, Outlook, with_consequences
from pairctl.pairing import Intent, Phase, Status, Subject, decide
from pairctl.problem import Problem
from pairctl.spec import load
from pairing_factory import NOW, make_intent, make_observed

UNSEEN = Problem("NotSeenYet", "the host was not looked at yet")
UNREACHABLE = Problem("Unreachable", "the host gives no answer")


def named(name: str, **changes: Any) -> Intent:
    """Make an intent of this name."""
    return replace(make_intent(**changes), name=name)


def outlook(
    *intents: Intent,
    subjects: Mapping[str, set[str]],
    known: Mapping[str, Known] | None = None,
    **more: Any,
) -> Outlook:
    """Make the outlook on a commit of these intents, all of them ready to go on."""
    by_name = {one.name: one for one in intents}
    decided = {name: decide(one, make_observed(), now=NOW) for name, one in by_name.items()}
    return Outlook(
        Source("c" * 40, load(()), by_name),
        {**decided, **(known or {})},
        tuple(Subject(name, frozenset(uids)) for name, uids in subjects.items()),
        **more,
    )


def change(before: Outlook, after: Outlook) -> Change:
    """Compare two outlooks."""
    return with_consequences(change_between(before.source, after.source), before, after)


def test_who_shared_a_cluster_with_one_that_goes_is_affected() -> None:
    """Though nothing is decided otherwise today; who shared nothing is not."""
    three = [named(name) for name in ("a", "b", "c")]
    before = outlook(*three, subjects={"a": {"u1"}, "b": {"u1", "r1"}, "c": {"u2"}})
    after = outlook(*three[1:], subjects={"b": {"u1", "r1"}, "c": {"u2"}})
    found = change(before, after)
    assert dict(found.intents) == {"b": ChangeKind.AFFECTED}
    assert found.unsure == ()


@pytest.mark.parametrize("unseen", ["the one that goes", "the one that stays"])
def test_what_was_not_seen_may_have_been_in_the_way(unseen: str) -> None:
    """Whichever of the two it is; what is settled, or held by its own documents, waits for none."""
    gone, stays = named("a"), named("b")
    settled = Status("c", Phase.PAIRED, "", "")
    others = [named("c"), named("d", acknowledge=None)]
    subjects = {"b": {"u1"}} if unseen == "the one that goes" else {"a": {"u1"}}
    known: dict[str, Known] = {"b": UNSEEN, "c": settled, "d": UNSEEN}
    before = outlook(gone, stays, *others, subjects=subjects, known=known, is_remembered=True)
    after = outlook(stays, *others, subjects=subjects, known=known, is_remembered=True)
    found = change(before, after)
    assert (dict(found.intents), found.unsure) == ({}, ("b",))


def test_with_a_look_only_who_does_not_go_on_today_may_have_waited() -> None:
    """Who goes on beside one that nobody can see goes on without it too."""
    gone, goes_on, dark = named("a"), named("b"), named("c")
    is_dark = decide(dark, make_observed(UNREACHABLE), now=NOW)
    known = {"c": is_dark}
    before = outlook(gone, goes_on, dark, subjects={"b": {"u1"}}, known=known)
    after = outlook(goes_on, dark, subjects={"b": {"u1"}}, known=known)
    assert change(before, after).unsure == ("c",)


def test_what_holds_nobody_leaves_no_doubt() -> None:
    """What is new, suspended and never seen, or paired, was in nobody's way."""
    stays = named("b")
    known = {"b": UNSEEN}
    paired = Status("a", Phase.PAIRED, "", "")
    none: dict[str, set[str]] = {}
    after = outlook(stays, subjects=none, known=known)
    for before in (
        outlook(named("a", suspend=True), stays, subjects=none, known=known),
        outlook(named("a"), stays, subjects=none, known={**known, "a": paired}),
    ):
        assert change(before, after).unsure == ()
    assert change(after, outlook(stays, named("n"), subjects=none, known=known)).unsure == ()
