"""What a change of documents comes to for intents whose own documents it leaves as they are. Pure.

Intents hold each other back: two of one cluster wait for one of them to go, and places under a cap
are few. So two plans are compared, of the documents before the change and after it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pairctl.engine.change import Change, ChangeKind, identities
from pairctl.engine.source import Source
from pairctl.pairing import Decision, Intent, Observed, PaletteView, Phase, Status, decide
from pairctl.problem import Problem
from pairctl.spec import Desired

Known = Decision | Status | Problem

_AT_REST = frozenset({Phase.ACCEPTED, Phase.PAIRED, Phase.LOCAL, Phase.REJECTED, Phase.FAILED})
_NO_TIME = datetime.fromtimestamp(0, UTC)
"""For decisions that no time is part of."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of each intent of a commit, and of requests that none names.

    `subjects` are the uids of the cluster and the pairing request that each is about; of one that
    has none it is not known. What `is_remembered` was not looked at.
    """

    source: Source
    known: Mapping[str, Known]
    subjects: Mapping[str, frozenset[str]]
    is_remembered: bool = False


def with_consequences(change: Change, before: Outlook, after: Outlook) -> Change:
    """Return a change with all that differs because of it, and what may and is not known to.

    An intent is affected where another thing follows for it than before, or where another intent
    was in its way and is not any more, or the other way round.
    """
    taken = taken_away(before.source, after.source)
    others = sorted(after.known.keys() - change.intents.keys())
    shared_before, shared_after = _shared(before.subjects), _shared(after.subjects)
    affected = {
        name: ChangeKind.AFFECTED
        for name in others
        if _outcome(before.known.get(name)) != _outcome(after.known[name])
        or (name in shared_before) != (name in shared_after)
    }
    rest = [name for name in others if name not in affected]
    return replace(
        change,
        intents=dict(sorted({**change.intents, **affected}.items())),
        unsure=tuple(_unsure(rest, taken, before, after)),
    )


def taken_away(before: Source, after: Source) -> frozenset[str]:
    """Return the intents that could hold others back, and are gone, unusable or changed since."""
    old, new = identities(before), identities(after)
    return frozenset(name for name in before.intents if old[name] != new.get(name))


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


def _shared(subjects: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the intents that are about what another one is about too."""
    names: dict[str, set[str]] = defaultdict(set)
    for name, uids in subjects.items():
        for uid in uids:
            names[uid].add(name)
    return frozenset(name for group in names.values() if len(group) > 1 for name in group)


def _unsure(
    names: Iterable[str], taken: Iterable[str], before: Outlook, after: Outlook
) -> Iterable[str]:
    """Yield the intents that may have waited for one that is taken away: it is not known."""
    holders = [name for name in taken if _may_hold(before, name)]
    is_any_unknown = any(not before.subjects.get(name) for name in holders)
    for name in names if holders else ():
        is_known = bool(after.subjects.get(name)) and not is_any_unknown
        if not is_known and _may_lead_one_way(after, name):
            yield name


def _may_hold(outlook: Outlook, name: str) -> bool:
    """Whether an intent is about a cluster, or a request, that another may be about too.

    What is suspended is not looked at, and so holds nobody but by what is on record of it.
    """
    spec, one = outlook.source.intents[name].spec, outlook.known.get(name)
    if isinstance(one, Status) and one.phase is Phase.PAIRED:
        return False
    if outlook.subjects.get(name):
        return True
    if spec.desired is Desired.REJECTED:
        return outlook.is_remembered
    return not spec.suspend


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


def _documents_lead_one_way(intent: Intent) -> bool:
    return decide(intent, Observed(PaletteView()), now=_NO_TIME).leads_one_way
