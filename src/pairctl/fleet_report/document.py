"""What the report says, as plain data: made from what is on record, before it is a page."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pairctl.engine import Explanation, FleetRecord, IntentRecord, evidence_fields
from pairctl.fleet_report.campaign import Campaign, campaign_data, waves_by_intent
from pairctl.glossary import PHASES, REASONS
from pairctl.layers import Proposal, Row
from pairctl.pairing import Condition, Phase, Status
from pairctl.records import ObservedConfiguration
from pairctl.text import Own, Said, both_ends, each_text, name_list, put_together

UNRECORDED = "Unrecorded"
"""Stands for a phase where no pass has recorded a status of an intent."""

ORDER = (
    Phase.FAILED,
    Phase.BLOCKED,
    Phase.REQUESTED,
    Phase.ACCEPTED,
    Phase.WAITING,
    UNRECORDED,
    Phase.PAIRED,
    Phase.LOCAL,
    Phase.REJECTED,
)
"""Phases as people look at them: what needs somebody is first."""

LONGEST_TEXT = 2_000
"""How long one text is: of a longer one both ends are shown."""

MOST_NAMES = 100_000

_SETTLED = (Phase.PAIRED, Phase.LOCAL, Phase.REJECTED)
_ID_DIGITS = 10

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands at the top beside the two commits; `made_at` is shown where it is given."""

    title: str
    version: str
    made_at: datetime | None = None


def report_document(
    record: FleetRecord,
    heading: Heading,
    campaigns: Sequence[Campaign] = (),
    clean: Callable[[str], str] = str,
) -> Data:
    """Return the report as plain data: the same record and heading give the same data.

    `clean` is given each text that neither pairctl nor a document's author chose.
    """
    once = cache(clean)  # most texts of a fleet are the same: layers, versions, messages

    def shown(text: str) -> str:
        return both_ends(once(text), LONGEST_TEXT)

    intents = _Intents(waves_by_intent(campaigns), shown)
    clusters = [intents.data(one) for one in record.intents]
    problems = list(_problems(clusters))
    in_problem = {name: one["id"] for one in problems for name in one.pop("of")}
    for cluster in clusters:
        cluster["problem"] = in_problem.get(cluster["name"], "")
    return {
        "title": shown(heading.title),
        "version": heading.version,
        "madeAt": _at(heading.made_at),
        "source": {
            "ref": shown(record.ref),
            "commit": record.commit,
            "at": _at(record.committed_at),
        },
        "status": {
            "branch": shown(record.status_branch),
            "commit": record.tip,
            "at": _at(record.recorded_at),
        },
        "unreadable": [shown(path) for path in record.unreadable],
        "phases": _phases(clusters),
        "problems": problems,
        "campaigns": [each_text(campaign_data(one), shown) for one in campaigns],
        "clusters": clusters,
    }


# ── the fleet at a glance ────────────────────────────────────────────────────────────────────────


def _phases(clusters: Sequence[Data]) -> list[Data]:
    counts = Counter(str(one["phase"]) for one in clusters)
    return [
        {
            "phase": str(phase),
            "count": counts[phase],
            "means": "no pass has recorded a status"
            if phase == UNRECORDED
            else PHASES[Phase(phase)].when,
        }
        for phase in ORDER
        if counts[phase]
    ]


def _problems(clusters: Sequence[Data]) -> Iterator[Data]:
    """Yield what stands in the way of several, once: in each phase, of most of them first."""
    said = [
        Said(
            one["name"],
            (str(one["phase"]), str(one["reason"])),
            (one["waitsFor"], one["message"], one["action"]),
        )
        for one in clusters
        if one["isOpen"]
    ]
    groups = put_together(said)
    for group in sorted(groups, key=lambda one: (ORDER.index(one.key[0]), -len(one.names))):
        (phase, reason), (waits, message, action) = group.key, group.texts
        # A name of a cause is the same tomorrow: links to it are sent around.
        digest = hashlib.sha256("\0".join((phase, reason, *group.pattern)).encode())
        yield {
            "id": digest.hexdigest()[:_ID_DIGITS],
            "phase": phase,
            "reason": reason,
            "count": len(group.names),
            "names": name_list(group.names, MOST_NAMES),
            "message": message,
            "waitsFor": waits,
            "action": action,
            "means": _meaning(reason),
            "of": group.names,
        }


def _meaning(reason: str) -> Data | None:
    found = REASONS.get(reason)
    if found is None:
        return None
    return {"when": found.when, "until": found.until, "action": found.action}


# ── one intent ───────────────────────────────────────────────────────────────────────────────────


class _Intents:
    """Makes the data of intents, cleaned; what several have in common is made once."""

    def __init__(self, waves: Mapping[str, tuple[str, str]], shown: Callable[[str], str]) -> None:
        self._waves, self._shown = waves, shown
        self._matches: dict[int, Data] = {}
        self._conditions: dict[Condition, Data] = {}

    def data(self, one: IntentRecord) -> Data:
        """Return all that the report says of an intent."""
        conditions = one.status.conditions if one.status else ()
        return {
            **each_text(self._own_data(one), self._shown),
            "match": self._match(one),
            "conditions": [*map(self._condition, conditions)],
        }

    def _own_data(self, one: IntentRecord) -> Data:
        campaign, wave = self._waves.get(one.name, ("", ""))
        return {
            "name": Own(one.name),
            "desired": Own(one.desired),
            "palette": Own(one.palette),
            "endpoint": Own(one.endpoint),
            "labels": [Own(f"{key}={value}") for key, value in sorted(one.labels.items())],
            "campaign": Own(campaign),
            "wave": Own(wave),
            **(_of_status(one.status) if one.status else _UNRECORDED),
            **(_refused(one) if one.refused and not one.status else {}),
            "note": _note(one),
            "facts": [*_facts(one)],
            "configuration": _configuration(one.explanation),
            "evidence": [
                {
                    "title": Own("paired" if each.is_complete else "accepted"),
                    "fields": [[Own(title), text] for title, text in evidence_fields(each)],
                }
                for each in one.evidence
            ],
            "claims": [
                {
                    "action": each.action,
                    "id": Own(each.id),
                    "holder": each.holder,
                    "madeAt": Own(_at(each.made_at)),
                }
                for each in one.claims
            ],
        }

    def _match(self, one: IntentRecord) -> Data | None:
        found = one.explanation
        if found is None:
            why = one.unexplained
            return {"unexplained": self._shown(why.message)} if why else None
        known = id(found.rows)  # one tuple for all intents of the same layers and selection
        if known not in self._matches:
            problem = found.proof.problem
            self._matches[known] = each_text(
                {
                    "isExact": found.proof.holds,
                    "profiles": [str(profile) for profile in found.proof.selection],
                    "nearestBeside": [str(profile) for profile in found.nearest_beside],
                    "rows": [_row(row) for row in found.rows],
                    "message": problem.message if problem else "",
                    "action": problem.hint if problem else "",
                    "nearest": [_proposal(each) for each in found.proposals.nearest],
                },
                self._shown,
            )
        return self._matches[known]

    def _condition(self, condition: Condition) -> Data:
        if condition not in self._conditions:
            self._conditions[condition] = each_text(
                {
                    "type": Own(condition.type),
                    "status": Own(condition.status),
                    "reason": Own(condition.reason),
                    "message": condition.message,
                    "since": Own(_at(condition.last_transition_time)),
                },
                self._shown,
            )
        return self._conditions[condition]


_UNRECORDED: Data = {
    "phase": Own(UNRECORDED),
    "reason": Own("NoStatus"),
    "message": "no pass has recorded a status of it yet",
    "waitsFor": "the first pass of `pairctl apply` or `watch` after its commit was merged",
    "action": "",
    "isOpen": True,
    "means": None,
}


def _of_status(status: Status) -> Data:
    is_done = status.phase in _SETTLED
    return {
        "phase": Own(status.phase),
        "reason": Own(status.reason),
        "message": status.health_note or status.message,
        "waitsFor": status.waiting_for,
        "action": status.human_action,
        "isOpen": not is_done or status.is_blocked or bool(status.health_note),
        "means": _meaning(status.reason),
    }


def _refused(one: IntentRecord) -> Data:
    assert one.refused
    return {
        "reason": Own(one.refused.reason),
        "message": one.refused.message,
        "waitsFor": "a document that is valid",
        "action": one.refused.hint,
    }


def _note(one: IntentRecord) -> str:
    if not one.is_declared:
        return "The commit has no document of it any more: nothing is done for it."
    if one.refused and one.status:
        return f"The document is refused at the commit: {one.refused.message}"
    return ""


def _facts(one: IntentRecord) -> Iterator[list[str]]:
    """Yield a title and a text of what is known of an intent; empty ones are left out."""
    status = one.status
    uid = status.local_uid if status else ""
    name = one.explanation.cluster if one.explanation else ""
    facts = [
        ("desired", Own(one.desired)),
        ("Palette", Own(one.palette)),
        ("Local UI", Own(one.endpoint)),
        ("cluster on the host", f"{name} ({uid})" if name and uid else name or uid),
        ("seen so since", Own(_at(one.seen_at))),
    ]
    if status:
        facts += [
            ("cluster in Palette", Own(status.palette_uid)),
            ("pairing id", Own(status.pairing_uid)),
            ("profiles", ", ".join(f"{use.name} {use.version}" for use in status.profiles)),
            ("digest", Own(status.digest)),
            ("commit", Own(status.source_commit)),
            ("requests of an earlier address", Own(", ".join(status.earlier_requests))),
        ]
    for title, text in facts:
        if text:
            yield [Own(title), text]


# ── the match ────────────────────────────────────────────────────────────────────────────────────


def _row(row: Row) -> Data:
    either = row.local or row.selected
    return {
        "layer": either.kind if either else "",
        "cluster": str(row.local) if row.local else "",
        "selection": str(row.selected) if row.selected else "",
        "profile": row.profile,
        "verdict": Own(row.verdict),
        "note": row.note,
    }


def _proposal(proposal: Proposal) -> Data:
    apart = f"{proposal.distance} layer{'s' * (proposal.distance != 1)} apart"
    return {
        "profiles": " + ".join(map(str, proposal.match.selection)),
        "distance": Own(apart if proposal.distance else "matches exactly"),
        "action": str(proposal),
    }


def _configuration(found: Explanation | None) -> Data | None:
    reviewing = found.configuration if found else None
    if reviewing is None:
        return None
    observed: ObservedConfiguration = reviewing.found
    return {
        "count": observed.count,
        "digest": Own(observed.shown.digest),
        "changes": [
            {
                "layer": str(one.layer),
                "path": one.path,
                "local": one.local,
                "brought": one.brought,
            }
            for one in observed.shown.changes
        ],
    }


def _at(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else ""
