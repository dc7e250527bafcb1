"""The writer: all that waits goes into one commit, decided on the tip that it is a child of."""

from model.decision import Action, decide
from model.process import NoAnswer, Process, Steps, Ticket, Wait
from model.records import Claim, Desk, Records, lay
from model.rules import Rule
from model.world import Batch


def write(p: Process) -> Steps[None]:
    """Commit what waits, for ever. What is handed in meanwhile waits for the next commit."""
    while True:
        yield Wait(lambda: bool(p.inbox))
        batch, p.inbox = p.inbox, []
        is_lost = False
        while True:
            base = p.tip
            assert base is not None
            records = base.records.copy()
            claimed = [ticket for ticket in batch if _enter(ticket, records, p, is_lost=is_lost)]
            asked, got = _clusters(batch), _clusters(claimed)
            p.world.batches.append(Batch(p.name, asked, got, is_lost))
            if records.is_same(base.records) or (yield from p.push(base, records)):
                break
            is_lost = True
            yield from _read_the_tip(p)
        for ticket in claimed:
            ticket.granted = p.count()
        for ticket in batch:
            ticket.is_done = True


def _clusters(tickets: list[Ticket]) -> frozenset[str]:
    return frozenset(ticket.action.cluster for ticket in tickets if ticket.action)


def _read_the_tip(p: Process) -> Steps[None]:
    """Read the branch until there is an answer."""
    while True:
        try:
            yield from p.fetch()
        except NoAnswer:
            continue
        return


def _enter(ticket: Ticket, records: Records, p: Process, *, is_lost: bool) -> bool:
    """Lay a ticket upon records, and return whether its claim stands there."""
    desk = Desk(p.rules, p.world.intents, lambda: p.world.new("e"))
    lay(ticket.edits, records, desk)
    action = ticket.action
    if action is None:
        return False
    ticket.base_read = p.tip_read
    there = p.records.claims.get(action.cluster)
    if there and there.id == ticket.id and Rule.OWN_PUSH_FOUND in p.rules:
        ticket.claim = there
        return True
    if not is_lost or _is_decided_again(action, records, p):
        on = records if Rule.DECIDE_IN_TURN in p.rules else p.records
        decision = decide(ticket.name, ticket.seen, on, p.reader())
        if decision.action != action:
            return False
        lay(decision.edits, records, desk)
    ticket.claim = records.claims[action.cluster] = _claim(ticket, p)
    return True


def _is_decided_again(action: Action, records: Records, p: Process) -> bool:
    """Whether an action that was decided on an older tip is decided on again on the new one."""
    is_claimed = action.cluster in records.claims
    return Rule.DECIDE_AGAIN in p.rules and (Rule.DECIDE_ALL_AGAIN in p.rules or is_claimed)


def _claim(ticket: Ticket, p: Process) -> Claim:
    assert ticket.action is not None
    is_first, ticket.is_tried = not ticket.is_tried, True
    if Rule.DEADLINE_ONCE not in p.rules or (is_first and Rule.DEADLINE_FROM_DATE not in p.rules):
        ticket.asked_at = p.clock()
    return Claim(
        ticket.id,
        ticket.action.cluster,
        ticket.action.pairing_uid,
        ticket.action.verb,
        p.name,
        f"branch-{p.setup.branch}",
        p.setup.lifetime_s,
        "palette",
        ticket.seen.date if Rule.NOT_BY_WALL in p.rules else ticket.wall,
    )
