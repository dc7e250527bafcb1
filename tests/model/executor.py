"""The tasks of a process: each intent is brought about, and claims that are left over are closed.

Look, decide, claim, look again, read the branch, send once.
"""

from contextlib import suppress

from model.decision import (
    NOTHING,
    REQUEST,
    Action,
    Observation,
    decide,
    is_claim_over,
)
from model.process import UNKNOWN, NoAnswer, Process, Sleep, Steps, Ticket
from model.records import Claim, Close, Edit, Note, Prove, Records
from model.rules import Rule
from model.scene import REQUEST_S, SETTLE_S
from model.world import LOOK_S

PASS_EACH_S = 2


def reconcile(p: Process, name: str) -> Steps[None]:
    """Bring one intent about: once in a run that does not stay, else until it is deleted."""
    while name in p.world.intents:
        with suppress(NoAnswer):
            yield from _pass(p, name)
        if not p.setup.stays:
            return
        yield Sleep(PASS_EACH_S)


def _pass(p: Process, name: str) -> Steps[None]:
    yield from p.fetch()
    since, intent = p.tip_read, p.world.intents.get(name)
    if intent is None:
        return
    seen = yield from p.look(intent, since)
    decision = decide(name, seen, p.records, p.reader())
    if decision.action and Rule.CLAIM_FIRST not in p.rules:
        yield from _send(p, name, decision.action, seen, None)
    elif decision != NOTHING:
        ticket = yield from p.submit(name, seen, decision.action, decision.edits)
        if ticket.granted:
            yield from _execute(p, ticket, since)


def _execute(p: Process, ticket: Ticket, since: int) -> Steps[None]:
    """Look again under the claim, read the branch last, and send once or not at all."""
    name, seen, action = ticket.name, ticket.seen, None
    intent = p.world.intents.get(name)
    with suppress(NoAnswer):
        if intent and Rule.LOOK_AGAIN in p.rules:
            seen = yield from p.look(intent, _list_since(p, ticket, since))
        p.sending.add(name)
        if Rule.BRANCH_LAST in p.rules:
            records = yield from p.fetch()
        else:
            records = Records({}, {}, p.records.statuses)
        action = _checked(p, ticket, seen, records)
    if action:
        yield from _send(p, name, action, seen, ticket.claim)
    else:
        p.sending.discard(name)
        yield from _release(p, name, seen, ticket.claim)


def _list_since(p: Process, ticket: Ticket, since: int) -> int:
    """Return the event after which the list of the last look must have been asked for."""
    if Rule.LIST_AFTER_CLAIM in p.rules:
        return ticket.granted
    return ticket.base_read if Rule.LIST_AFTER_TIP in p.rules else since


def _checked(p: Process, ticket: Ticket, seen: Observation, records: Records) -> Action | None:
    """Return what may be sent now, by the last look and the branch as it was read last."""
    claim, rules = ticket.claim, p.rules
    assert claim is not None
    assert ticket.action is not None
    there = records.claims.get(claim.cluster)
    if Rule.BRANCH_LAST in rules and (there is None or there.id != claim.id):
        return None
    action = decide(ticket.name, seen, records, p.reader(), mine=claim.id).action
    if action is None or action.verb != ticket.action.verb:
        return None
    if Rule.ACTION_NAMES_CLUSTER in rules and action != ticket.action:
        return None
    is_fresh = p.clock() - seen.asked_at <= LOOK_S or Rule.LOOK_AGAIN not in rules
    return action if is_fresh and _has_time_left(p, ticket, claim) else None


def _has_time_left(p: Process, ticket: Ticket, claim: Claim) -> bool:
    """Whether what is sent now takes effect, if ever, while the claim still binds everybody."""
    if Rule.DEADLINE not in p.rules:
        return True
    if Rule.DEADLINE_NOT_BY_WALL in p.rules:
        left_s = ticket.asked_at + claim.lifetime_s - p.clock()
    else:
        left_s = ticket.wall + claim.lifetime_s - p.wall()
    return left_s >= (REQUEST_S + SETTLE_S if Rule.TIME_TO_SETTLE in p.rules else 0)


def _send(
    p: Process, name: str, action: Action, seen: Observation, claim: Claim | None
) -> Steps[None]:
    """Send; a definite no releases the claim, all else leaves it to whoever looks."""
    intent = p.world.intents[name]
    answer = yield from p.send(action, intent)
    if answer is UNKNOWN and Rule.SEND_ONCE not in p.rules:
        answer = yield from p.send(action, intent)
    p.sending.discard(name)
    if answer == "":
        yield from _release(p, name, seen, claim)
    elif isinstance(answer, str) and action.verb == REQUEST:
        yield from p.submit(name, seen, None, (Note(name, intent, own_request=answer),))


def _release(p: Process, name: str, seen: Observation, claim: Claim | None) -> Steps[None]:
    """Close a claim under which nothing was sent, or nothing was done."""
    if claim:
        yield from p.submit(name, seen, None, (Close(claim.cluster, claim.id),))


def close_leftovers(p: Process) -> Steps[None]:
    """Close the claims that no intent speaks for: Palette's list shows what came of them."""
    while True:
        with suppress(NoAnswer):
            yield from _close_leftovers(p)
        if not p.setup.stays:
            return
        yield Sleep(PASS_EACH_S)


def _close_leftovers(p: Process) -> Steps[None]:
    yield from p.fetch()
    records, intents = p.records, p.world.intents
    spoken_for = {records.status_of(name, intent).uid for name, intent in intents.items()}
    left = [claim for claim in records.claims.values() if claim.cluster not in spoken_for]
    if not left:
        return
    seen = yield from p.look(None, p.tip_read)
    edits = tuple(edit for claim in left for edit in _closed(claim, seen, p))
    if edits:
        yield from p.submit("", seen, None, edits)


def _closed(claim: Claim, seen: Observation, p: Process) -> list[Edit]:
    """Return what closes a claim, with the evidence of what came of it."""
    of_cluster = (r for r in seen.requests.values() if r.cluster == claim.cluster)
    is_accepted = any(r.state == "accepted" for r in of_cluster)
    close = Close(claim.cluster, claim.id)
    if is_accepted and Rule.LIST_BEFORE_CLOSING in p.rules:
        return [close, Prove(claim.cluster, claim.cluster, seen.date)]
    return [close] if is_claim_over(claim, seen, p.reader()) else []
