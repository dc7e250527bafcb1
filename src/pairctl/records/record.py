"""All that a pass has to say to the status branch, and what of it is news there. Pure.

Values are cleaned of secrets before they are written down, one by one. What pairctl chose itself,
or an intent's author, stays: a secret that is equal to a phase, or to an intent's name, must not
make another document of it. Ids stay too: one that holds a secret is refused when it comes in.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial

from pairctl.pairing import Claim, Evidence, Phase, Recorded, RolloutState, Status, Unrecognized
from pairctl.records.claim_files import claim_data
from pairctl.records.evidence_files import evidence_data
from pairctl.records.known_files import KnownFiles
from pairctl.records.ledger import BRANCH_FILE, SUMMARY_FILE, Ledger, render_branch
from pairctl.records.observed import CLUSTERS_FOLDER, Document, facts_of, same_facts
from pairctl.records.rollout_record import (
    ROLLOUTS_FOLDER,
    RecordedRollout,
    read_rollouts,
    recorded_rollout,
    rollout_data,
    rollout_path,
)
from pairctl.records.status_files import STATUS_FOLDER, status_data, status_path
from pairctl.records.summary import Row, render_summary, row_of_status, unnamed_section
from pairctl.records.yaml_text import Rendered, render_yaml
from pairctl.text import both_ends, each_text

LONGEST_TEXT = 2_000
"""How long one text of a status is: of a longer one both ends are written."""

OWN_KEYS = frozenset({
    "apiVersion", "kind", "metadata", "phase", "reason", "type", "generation", "sourceCommit",
    "digest", "observedGeneration", "lastTransitionTime", "seenAt", "localUid", "pairingUid",
    "endpoint", "action", "earlierRequests",
})  # fmt: skip
OWN_KEYS_OF_CLAIMS = OWN_KEYS | {
    "id", "cluster", "intent", "holder", "palette", "branch", "commit", "askedIn", "origin",
    "approvedDigest", "paletteUid", "uid", "madeAt", "datedAt", "pairedAt",
}  # fmt: skip
OWN_KEYS_OF_ROLLOUTS = OWN_KEYS | {
    "name", "current", "members", "unhealthy", "unapproved", "inNoWave", "goesOnAt",
}  # fmt: skip
OWN_KEYS_OBSERVED = OWN_KEYS - {"type", "action", "reason"}  # of profiles: Palette's own words


@dataclass(frozen=True, slots=True)
class Record:
    """All that a pass has to say. It can be laid upon any tip of the status branch.

    `observed` are files of `observed/` by path, as bytes or as documents. `closed` are claim files
    that may go, each with the bytes it had: one that has changed since is somebody else's, and
    stays. `evidence` is by path, `branch` the id that the branch gets where it has none yet. It is
    `about` some intents only, None for all: of any other it says nothing, whatever its `statuses`
    hold. `moved` are names that its statuses have had before: nothing stays under these. `rollouts`
    are how far rollouts are, by name; None where too little was seen to say so, and what is on
    record stays. `done` are the intents that something was done for.
    """

    source_commit: str
    statuses: Mapping[str, Status]
    observed: Mapping[str, bytes | Document] = field(default_factory=dict)
    closed: Mapping[str, bytes] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    unrecognized: Mapping[str, Unrecognized] = field(default_factory=dict)
    rollouts: Mapping[str, RolloutState | None] = field(default_factory=dict)
    branch: str = ""
    about: frozenset[str] | None = None
    moved: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()

    @property
    def of_done(self) -> "Record":
        """What stays true of it for long: what was done, the claims that can go, and evidence."""
        on_record = dict.fromkeys(self.rollouts)
        return replace(self, about=self.done, observed={}, unrecognized={}, rollouts=on_record)

    def upon(self, later: Ledger, made_on: Ledger) -> "Record":
        """Return it for a later tip than it was made on: others have written in between.

        What they noted of an intent that can hold it back, a no or a request that was sent, stays
        until there is a look that knows of it; unless something was done for the intent here.
        """
        theirs = {
            name: one
            for name, one in later.statuses.items()
            if name not in self.done
            and _holds(one)
            not in (_holds(made_on.statuses.get(name)), _holds(self.statuses.get(name)))
        }
        return replace(self, statuses={**self.statuses, **theirs}) if theirs else self

    def at(self, ledger: Ledger) -> "Record":
        """Return it with what the branch holds now of the intents that it is not about."""
        if self.about is None:
            return self
        own = {name: one for name, one in self.statuses.items() if name in self.about}
        others = {name: one for name, one in ledger.statuses.items() if name not in self.moved}
        return replace(self, statuses={**others, **own})


def _holds(status: Status | None) -> Recorded | None:
    """Return what of a status may hold its intent back later; nothing of what was only seen."""
    if status is None:
        return None
    return Recorded(
        sent=status.sent,
        withdrawn=status.withdrawn,
        refused=status.refused,
        declined=status.declined,
        unanswered=status.unanswered,
        pinned=status.pinned,
        earlier_requests=status.earlier_requests,
    )


def changes_on(
    ledger: Ledger,
    record: Record,
    clean: Callable[[str], str] = str,
    known: KnownFiles | None = None,
    secrets: object = None,
) -> dict[str, bytes | None]:
    """Return what has to be written, and deleted, on this tip: only files whose bytes differ.

    What was seen again as it was is no change: its file keeps the time since when it is so.
    `clean` is given each value before it is written. What is `known` in the very same form is not
    rendered again. `secrets` is the very same object while `clean` takes out the same; None where
    nobody knows.
    """
    known = KnownFiles() if known is None else known
    record = record.at(ledger)
    once = cache(clean)  # most texts of a fleet are the same: layers, versions, messages
    statuses = record.statuses

    def row_of(one: Status) -> Row:
        row = partial(row_of_status, one, once)
        return known.made_of(SUMMARY_FILE, status_path(one.name), one, secrets, row)

    summary = render_summary(
        statuses.values(), record.unrecognized, _known_rollouts(ledger, record), once, row_of
    )
    is_partial = record.about is not None
    kept = unnamed_section(ledger.files.get(SUMMARY_FILE, b"")) if is_partial else b""
    is_new_branch = record.branch and not ledger.branch
    wanted: dict[str, bytes | None] = {
        **{
            path: _observed(ledger.files.get(path), path, one, once, known)
            for path, one in record.observed.items()
        },
        **dict(
            _status(one, once, known, secrets)
            for name, one in statuses.items()
            # What was only taken over from the branch stands there as it is.
            if ledger.statuses.get(name) is not one
        ),
        **_rollouts(ledger, record, once, known),
        **_evidence(ledger, record, once),
        **({BRANCH_FILE: render_branch(record.branch)} if is_new_branch else {}),
        SUMMARY_FILE: summary + kept,
        **_gone(ledger, record),
        **{path: None for path in record.closed if _is_closed(ledger, record, path)},
    }
    return {path: body for path, body in wanted.items() if _is_news(ledger.files.get(path), body)}


def _known_rollouts(ledger: Ledger, record: Record) -> dict[str, RecordedRollout]:
    """Return how far rollouts are: where too little was seen to say so, as it is on record."""
    before = read_rollouts(ledger.files) if None in record.rollouts.values() else {}
    known = {
        name: before.get(name) if state is None else recorded_rollout(state)
        for name, state in record.rollouts.items()
    }
    return {name: one for name, one in known.items() if one is not None}


def _evidence(ledger: Ledger, record: Record, clean: Callable[[str], str]) -> dict[str, bytes]:
    """Return the evidence files to write: what another has written of the same acceptance stays.

    So does that of another one, unless the claim of this goes in the same commit: it may be newer.
    """
    closing = {
        claim.id for path, claim in ledger.claims.items() if _is_closed(ledger, record, path)
    }
    return {
        path: render_yaml(evidence_data(one)).cleaned(clean, OWN_KEYS_OF_CLAIMS)
        for path, one in record.evidence.items()
        if (known := ledger.evidence.get(path)) is None
        or (known.id != one.id and one.id in closing)
        or (known.id == one.id and one.is_complete and not known.is_complete)
    }


def _is_closed(ledger: Ledger, record: Record, path: str) -> bool:
    """Whether a claim file goes: it is still the one that was judged."""
    return path in ledger.files and ledger.files[path] == record.closed.get(path)


def claim_file(claim: Claim, clean: Callable[[str], str]) -> bytes:
    """Return the bytes of a claim: its values are cleaned as those of its evidence are."""
    return render_yaml(claim_data(claim)).cleaned(clean, OWN_KEYS_OF_CLAIMS)


def _status(
    status: Status, clean: Callable[[str], str], known: KnownFiles, secrets: object
) -> tuple[str, bytes | None]:
    path = status_path(status.name)

    def shown(text: str) -> str:
        return both_ends(clean(text), LONGEST_TEXT)

    def rendered() -> bytes:
        return known.rendered(path, each_text(status_data(status), shown, OWN_KEYS))

    return path, known.made_of(path, path, status, secrets, rendered)


def _rollouts(
    ledger: Ledger, record: Record, clean: Callable[[str], str], known: KnownFiles
) -> dict[str, bytes | None]:
    """Return the files of rollouts; those of rollouts that are gone go."""
    wanted: dict[str, bytes | None] = {
        path: None
        for path in ledger.files
        if record.about is None
        and path.startswith(ROLLOUTS_FOLDER)
        and path.removeprefix(ROLLOUTS_FOLDER).removesuffix(".yaml") not in record.rollouts
    }
    for name, state in record.rollouts.items():
        if state is not None:
            path = rollout_path(name)
            document = each_text(
                rollout_data(name, recorded_rollout(state)), clean, OWN_KEYS_OF_ROLLOUTS
            )
            wanted[path] = known.rendered(path, document)
    return wanted


def _observed(
    before: bytes | None,
    path: str,
    one: bytes | Document,
    clean: Callable[[str], str],
    known: KnownFiles,
) -> bytes:
    document = one.document if isinstance(one, Rendered) else one
    if isinstance(document, bytes):
        return clean(document.decode()).encode()
    cleaned = each_text(dict(document), clean, OWN_KEYS_OBSERVED)
    rendered = known.rendered(path, cleaned, facts_of(cleaned))
    if rendered.document is cleaned or not _is_news(before, rendered):
        return rendered
    # Somebody has written something else since: it is not so since it was rendered.
    return render_yaml(cleaned)


def _is_news(before: bytes | None, body: bytes | None) -> bool:
    return before != body and (body is None or not same_facts(before, body))


def _gone(ledger: Ledger, record: Record) -> dict[str, bytes | None]:
    """Return the files of intents that are no longer looked after, or have another name now."""

    def is_gone(name: str) -> bool:
        return name in record.moved or (record.about is None and name not in record.statuses)

    folders = (STATUS_FOLDER, CLUSTERS_FOLDER)
    return {
        path: None
        for path in ledger.files
        for folder in folders
        if path.startswith(folder)
        and not path.startswith(ROLLOUTS_FOLDER)
        and is_gone(path.removeprefix(folder).removesuffix(".yaml"))
    }


def message_of(record: Record) -> str:
    """Return the message of the commit that writes a record down."""
    counts = Counter(status.phase for status in record.statuses.values())
    shown = ", ".join(f"{counts[phase]} {phase}" for phase in Phase if counts[phase])
    return f"Record {shown or 'no intents'}\n\nSource-Commit: {record.source_commit}"
