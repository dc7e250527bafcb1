"""A decision whose action is held back: by others, a cap, its turn, or what is under way. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from pairctl.pairing.facts.claim import NONE_UNREADABLE, UnreadableFiles
from pairctl.pairing.facts.lost_places import NONE_LOST, LostPlaces
from pairctl.pairing.outcome.conditions import conditions
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.verdict import Pace, Verdict, blocked, under_way
from pairctl.problem import Problem
from pairctl.spec import snippet


def with_verdict(decision: Decision, verdict: Verdict) -> Decision:
    """Return the decision on the same case with another verdict: its action is held back.

    While it is held back by the same it is the very same decision.
    """
    held: Decision | None = decision.came_to.get("held")
    if held is None or held.verdict != verdict:
        held = Decision(decision.case, verdict, conditions(decision.case, verdict))
        decision.came_to["held"] = held
    return held


def held_as_duplicate(decision: Decision, names: Sequence[str]) -> Decision:
    """Return the decision with its action held back: several intents are about this cluster."""
    others = ", ".join(name for name in sorted(names) if name != decision.case.intent.name)
    uid = decision.case.cluster_uid
    by_uid = f"; the intent with {snippet({'cluster': {'uid': uid}})} keeps it" if uid else ""
    problem = Problem(
        "DuplicateTarget",
        f"the host belongs to the same cluster as that of {others}",
        f"keep one intent for the cluster, with one of its hosts{by_uid}",
    )
    verdict = blocked(problem, "one intent for this cluster")
    return with_verdict(decision, verdict)


def held_for_turn(decision: Decision) -> Decision:
    """Return the decision with its action put off: others go first, as many as can be seen to."""
    verdict = under_way(
        decision.phase,
        "WaitingForTurn",
        f"{decision.verdict.message}: others go first, as many as Palette's limits allow",
        "its turn",
    )
    return with_verdict(decision, verdict)


def held_by_unreadable(decision: Decision, unreadable: UnreadableFiles) -> Decision:
    """Return the decision with its request held back: files that cannot be read take all places."""
    problem = Problem(
        "ClaimUnreadable",
        f"{decision.verdict.message}: held back, as {unreadable.message}, and `requestsAtOnce` "
        "leaves no other",
        unreadable.hint,
    )
    return with_verdict(decision, blocked(problem, unreadable.waiting_for))


def held_unsent(decision: Decision, problem: Problem, *, is_for_a_person: bool) -> Decision:
    """Return the decision with its action put off: it could not be sent, and is tried again later.

    Where that was so again and again, it is for a person to see to.
    """
    verdict = under_way(decision.phase, problem.reason, problem.message, "another try")
    if is_for_a_person:
        verdict = blocked(problem, "another try")
    return with_verdict(decision, verdict)


def held_while_acting(decision: Decision) -> Decision:
    """Return the decision while its action is under way: claimed, and not heard of yet."""
    verdict = under_way(
        decision.phase,
        "ActionUnderWay",
        f"{decision.verdict.message}: begun, and not heard of yet",
        "what comes of it",
    )
    return with_verdict(decision, verdict)


def held_by_cap(
    decision: Decision,
    cap: int,
    per: str,
    unreadable: UnreadableFiles = NONE_UNREADABLE,
    lost: LostPlaces = NONE_LOST,
) -> Decision:
    """Return the decision with its one-way action held back: so many `a run`, `an hour`, `at once`.

    A place at once gets free soon, when another is paired: looking again can show it. Where files
    that are `unreadable`, and places that are `lost`, take all of them, none does.
    """
    if unreadable.take_all(cap):
        problem = Problem(
            "TooManyAtOnce",
            f"ready to be accepted, and held back: the operator's file allows {cap} {per}, and "
            f"{unreadable.message}",
            unreadable.hint,
        )
        return with_verdict(decision, blocked(problem, unreadable.waiting_for))
    waits = {"a run": "the next run", "an hour": "a place within the hour"}
    problem = Problem(
        "TooManyAtOnce",
        f"ready to be accepted, and held back: the operator's file allows {cap} {per}",
        lost.hint
        or f"wait for {waits.get(per, 'another to be paired')}, or raise `limits` in the "
        "operator's file",
    )
    verdict = blocked(problem, "a free place under the cap")
    if per == "at once" and cap and not lost.take_all(cap, unreadable):
        verdict = replace(verdict, pace=Pace.SOON)
    return with_verdict(decision, verdict)
