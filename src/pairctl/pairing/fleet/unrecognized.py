"""Pairing requests that no intent names (seed, "Reject Pairing Request in Palette"). Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pairctl.pairing.action import SendRequest
from pairctl.pairing.case import Case, Recorded
from pairctl.pairing.facts.identity import canonical_uid, file_stem
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import Observed, PaletteView
from pairctl.pairing.facts.palette import PaletteRequest, RequestState
from pairctl.pairing.fleet.observations import FleetDocuments, FleetObservations
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.fleet.standing import judge_all
from pairctl.pairing.once import once
from pairctl.pairing.outcome.decision import Decision, decide
from pairctl.pairing.outcome.status import Status
from pairctl.pairing.rules.rejected import named_requests, tags_unseen
from pairctl.problem import Problem
from pairctl.spec import (
    Desired,
    PairingIntentSpec,
    PairingRequestReference,
    PaletteSpec,
    UnrecognizedRequests,
)

_NO_TIME = datetime.fromtimestamp(0, UTC)
"""For cases that nothing is decided on."""

NOT_LISTED = Problem(
    "PairingRoutesUnknown",
    "Palette's pairing routes do not answer, so its pairing requests cannot be listed",
    "set the paths in the operator's file; `pairctl routes --har` finds them in a recording",
)


@dataclass(frozen=True, slots=True)
class Unrecognized:
    """Pending requests of one Palette that belong to no intent, sorted by name and pairing id.

    `unseen` are intents of which it is not known what they are about, and files that could not be
    read: one of the requests may be theirs, so nothing is rejected while there are any. `problem`
    says why no requests were seen at all: then it is not known whether there are any.
    """

    requests: tuple[PaletteRequest, ...] = ()
    unseen: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the requests are really nobody's."""
        return not self.unseen


def unrecognized(
    view: PaletteView,
    cases: Iterable[Case],
    unread: Iterable[str] = (),
    sending: Iterable[str] = (),
) -> Unrecognized:
    """Find the pending requests of a Palette that belong to none of the intents' `cases`.

    `unread` are intents and files that cannot be used as written: what they are about is unknown.
    `sending` are intents whose request is on its way: its pairing id is not known yet, so one that
    Palette lists without its cluster may be theirs.
    """
    known = list(cases)
    uids = frozenset().union(*map(_request_uids, known))
    clusters = frozenset().union(*map(_cluster_uids, known))
    unseen = (case.intent.name for case in known if _is_unseen(case))
    requests = [
        entry
        for entry in view.index.entries
        if entry.state is RequestState.PENDING
        and canonical_uid(entry.pairing_uid) not in uids
        and canonical_uid(entry.local_uid) not in clusters
    ]
    unsure = sending if any(not entry.local_uid for entry in requests) else ()
    return Unrecognized(
        tuple(sorted(requests, key=lambda entry: (entry.name, entry.pairing_uid))),
        tuple(sorted({*unseen, *unread, *unsure})),
        view.problem or (NOT_LISTED if view.requests is None else None),
    )


def rejecting(request: PaletteRequest, palette_name: str, palette: PaletteSpec) -> Intent:
    """Return the wish to reject a request that nobody recognizes, as if it had been committed."""
    spec = PairingIntentSpec(
        desired=Desired.REJECTED,
        palette=palette_name,
        request=PairingRequestReference.model_validate({"pairingUid": request.pairing_uid}),
    )
    name = name_of(request)
    return Intent(name, f"unrecognized:{request.pairing_uid}", spec, palette_name, palette)


def name_of(request: PaletteRequest) -> str:
    """Return the name under which the rejection of an unrecognized request is recorded."""
    return f"unrecognized-{file_stem(request.pairing_uid)}"


def find_unrecognized(
    documents: FleetDocuments,
    records: FleetRecords,
    decisions: Mapping[str, Decision],
    observations: FleetObservations,
) -> dict[str, Unrecognized]:
    """Find the requests that no intent names, in each Palette of the commit.

    Whichever Palette an intent names: two documents may be about one Palette, by two addresses or
    scopes of it, and a host may have sent its request to another than it is meant to. What stands
    from an earlier look, or comes from one that began before the records of this pass were read,
    says which cluster was at an address then: another may have come since.
    """
    now = observations.looked_at_since(records.read_s)
    earlier = [n for n, one in decisions.items() if n not in now and _may_be_another(one.case)]
    return _found(documents, decisions, observations, earlier)


def _found(
    documents: FleetDocuments,
    decisions: Mapping[str, Decision],
    observations: FleetObservations,
    earlier: Iterable[str] = (),
) -> dict[str, Unrecognized]:
    """Find them; intents that were looked at `earlier` count as not seen."""
    kept, views = observations.kept, observations.views
    cases = [
        decisions[name].case
        if name in decisions
        else _other_case(intent, views[intent.palette_name], kept.get(name))
        for name, intent in documents.intents.items()
    ]
    unread, under_way = (*documents.unread, *earlier), observations.under_way.items()
    sending = [name for name, one in under_way if isinstance(one.action, SendRequest)]
    return {name: unrecognized(view, cases, unread, sending) for name, view in views.items()}


def _other_case(intent: Intent, view: PaletteView, status: Status | None) -> Case:
    """Return the case of an intent that is settled, or that nothing was seen of yet."""
    recorded = status.recorded if status else Recorded()
    return Case(intent, Observed(view), recorded, now=_NO_TIME)


def must_see_all_hosts(
    documents: FleetDocuments, records: FleetRecords, observations: FleetObservations
) -> bool:
    """Whether requests would be rejected as unrecognized, if the hosts of the others were seen.

    Nothing is rejected on the record's word that a cluster is another's.
    """
    rejects = UnrecognizedRequests.REJECT
    palettes = [n for n, one in documents.palettes.items() if one.unrecognized_requests is rejects]
    if not palettes:
        return False
    decisions = judge_all(documents, records, observations)
    if documents.intents.keys() <= decisions.keys() & observations.looked_at_since(records.read_s):
        return False
    unnamed = _found(documents, decisions, observations)
    return any(
        unnamed[name].requests and set(unnamed[name].unseen) <= observations.kept.keys()
        for name in palettes
    )


def reject_unrecognized(
    documents: FleetDocuments,
    records: FleetRecords,
    unnamed: Mapping[str, Unrecognized],
    views: Mapping[str, PaletteView],
    *,
    now: datetime,
) -> dict[str, Decision]:
    """Decide to reject what no intent names, where the Palette says so and all is certain.

    What was rejected stays on record for as long as Palette lists it.
    """
    decisions = {}
    for name, palette in sorted(documents.palettes.items()):
        if palette.unrecognized_requests is not UnrecognizedRequests.REJECT:
            continue
        found, view = unnamed[name], views[name]
        pending = found.requests if found.is_certain else ()
        for request in (*pending, *_rejected_before(view, records)):
            intent = rejecting(request, name, palette)
            record = records.record_of(intent, view)
            decisions[intent.name] = decide(intent, Observed(view), record, now=now)
    return decisions


def _rejected_before(view: PaletteView, records: FleetRecords) -> Iterator[PaletteRequest]:
    for request in view.index.entries:
        is_recorded = name_of(request) in records.statuses
        if request.state is RequestState.REJECTED and is_recorded:
            yield request


def _is_unseen(case: Case) -> bool:
    """Whether the intent's cluster, or what has the tags that it names, is not known.

    Only the live host, or the intent, tells which cluster it is: the record may be wrong.
    """
    is_dark = case.host is None and _may_be_another(case)
    return is_dark or tags_unseen(case) is not None


def _may_be_another(case: Case) -> bool:
    """Whether only a look at a host tells which cluster the intent is about now."""
    return case.intent.spec.local_ui is not None and not case.intent.spec.cluster.uid


@once
def _cluster_uids(case: Case) -> frozenset[str]:
    """Return the canonical uids of the clusters that an intent may be about, by whatever source.

    Where its address leads to another cluster by mistake, it is about the one of before.
    """
    wanted, pinned = case.intent.spec.cluster.uid or "", case.recorded.pinned
    before = pinned.local_uid if pinned else ""
    uids = (case.local_uid, case.recorded.local_uid, before, wanted)
    return frozenset(map(canonical_uid, uids)) - {""}


@once
def _request_uids(case: Case) -> frozenset[str]:
    """Return the canonical pairing ids that an intent is about.

    Tags that several have name them all.
    """
    reference = case.intent.spec.request
    named = reference.pairing_uid if reference else None
    tagged = {entry.pairing_uid for entry in named_requests(case)}
    recorded = {case.recorded.pairing_uid, *case.recorded.earlier_requests}
    uids = {case.request_uid, named or ""} | recorded | tagged
    return frozenset(map(canonical_uid, uids)) - {""}
