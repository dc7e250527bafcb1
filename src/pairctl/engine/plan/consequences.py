"""What a change of documents comes to for intents whose own documents it leaves as they are. Pure.

Intents hold each other back: two of one cluster wait for one of them to go, and places under a cap
are few. So two plans are compared, of the documents before the change and after it.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pairctl.engine.desired.change import Change, ChangeKind, identities
from pairctl.engine.desired.source import Source
from pairctl.pairing import (
    Decision,
    Intent,
    Observed,
    PaletteView,
    Phase,
    Status,
    Subject,
    conflicting,
    decide,
)
from pairctl.problem import Problem
from pairctl.spec import Desired

Known = Decision | Status | Problem

_AT_REST = frozenset({Phase.ACCEPTED, Phase.PAIRED, Phase.LOCAL, Phase.REJECTED, Phase.FAILED})
_NO_TIME = datetime.fromtimestamp(0, UTC)
"""For decisions that no time is part of."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of each intent of a commit, and of requests that none names.

    `subjects` say what each is about; of one that has no uid it is not known. What `is_remembered`
    was not looked at.
    """

    source: Source
    known: Mapping[str, Known]
    subjects: tuple[Subject, ...]
    is_remembered: bool = False

    @property
    def waiting(self) -> frozenset[str]:
        """The intents that wait for another one to go."""
        return frozenset(name for name, others in conflicting(self.subjects).items() if others)

    @property
    def clear(self) -> frozenset[str]:
        """The intents of which it is known what they are about."""
        return frozenset(one.name for one in self.subjects if one.uids)


def with_consequences(change: Change, before: Outlook, after: Outlook) -> Change:
    """Return a change with all that differs because of it, and what may and is not known to.

    An intent is affected where another thing follows for it than before, or where another intent
    was in its way and is not any more, or the other way round.
    """
    taken = taken_away(before.source, after.source)
    others = sorted(after.known.keys() - change.intents.keys())
    waited, waits = before.waiting, after.waiting
    affected = {
        name: ChangeKind.AFFECTED
        for name in others
        if _outcome(before.known.get(name)) != _outcome(after.known[name])
        or (name in waited) != (name in waits)
    }
    rest = [name for name in others if name not in affected]
    return replace(
        change,
        intents=dict(sorted({**change.intents, **affected}.items())),
        unsure=tuple(_unsure(rest, taken, before, after)),
    )


def taken_away(before: Source, after: Source) -> frozenset[str]:
    """Return the intents that could hold others back, and are gone or changed since."""
    old, new = identities(before), identities(after)
    return frozenset(name for name in old if old[name] != new.get(name))


def _outcome(one: Known | None) -> Hashable:
    """Return what has to be the same for nothing to differ. Words may: they name others."""
    match one:
        case Decision():
            action = str(one.action) if one.action else ""
            return (one.phase, one.verdict.reason, action, one.leads_one_way)
        case Status():
            return (one.phase, one.reason)
        case Problem():
            return one.reason
        case None:
            return None


def _unsure(
    names: Iterable[str], taken: Iterable[str], before: Outlook, after: Outlook
) -> Iterable[str]:
    """Yield the intents that may have waited for one that is taken away: it is not known."""
    clear_before, clear_after = before.clear, after.clear
    holders = [name for name in taken if name in clear_before or _may_hold(before, name)]
    is_any_unclear = not clear_before.issuperset(holders)
    for name in names if holders else ():
        is_known = name in clear_after and not is_any_unclear
        if not is_known and _may_lead_one_way(after, name):
            yield name


def _may_hold(outlook: Outlook, name: str) -> bool:
    """Whether an intent, of which nothing was seen, may be about what another one is about too.

    What is suspended or invalid is not looked at, and so holds back by what is on record only.
    """
    intent, one = outlook.source.intents.get(name), outlook.known.get(name)
    if intent is None or (isinstance(one, Status) and one.phase is Phase.PAIRED):
        return False
    if intent.spec.desired is Desired.REJECTED:
        return outlook.is_remembered
    return not intent.spec.suspend


def _may_lead_one_way(outlook: Outlook, name: str) -> bool:
    """Whether an intent may wait, and come to an acceptance without a commit of its own."""
    intent, one = outlook.source.intents.get(name), outlook.known[name]
    if intent is None:
        return False
    match one:
        case Decision():
            is_waiting = outlook.is_remembered or one.action is None
            return one.leads_one_way and is_waiting
        case Status():
            return one.phase not in _AT_REST and _documents_lead_one_way(intent)
        case Problem():
            return _documents_lead_one_way(intent)


def leads_one_way(source: Source, known: Mapping[str, Known], name: str) -> bool:
    """Whether an intent comes to an acceptance without a commit of its own, as far as is known."""
    one, intent = known.get(name), source.intents.get(name)
    if isinstance(one, Decision):
        return one.leads_one_way
    if intent is None or (isinstance(one, Status) and one.phase in _AT_REST):
        return False
    return _documents_lead_one_way(intent)


def _documents_lead_one_way(intent: Intent) -> bool:
    return decide(intent, Observed(PaletteView()), now=_NO_TIME).leads_one_way
