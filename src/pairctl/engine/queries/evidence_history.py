"""The status branch's history, read for evidence: what became of claims and evidence files."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pairctl.engine.queries.evidence_laws import Moment, Standing, StatusHistory, Version
from pairctl.pairing import (
    Claim,
    Evidence,
    Status,
    UnreadableClaim,
    canonical_uid,
    file_stem,
)
from pairctl.problem import ConfigurationError, PairctlError, Problem
from pairctl.records import (
    BRANCH_FILE,
    CLAIMS_FOLDER,
    EVIDENCE_FOLDER,
    evidence_path,
    parse_branch,
    parse_claim,
    parse_evidence,
    parse_status,
    status_path,
    unreadable_claim,
)
from pairctl.repo import CommitChanges, FileChange, PathHistory, Repository

_LARGEST_BYTES = 256 << 10  # pairctl reads no larger file of this kind
_AT_A_TIME = 2000
_FEW = 20

Change = tuple[Moment, FileChange]
ClaimOf = Callable[[FileChange], Claim | UnreadableClaim | None]


async def read_past(repository: Repository, tip: str) -> PathHistory:
    """Read what became of claims, evidence and the branch's id up to a commit.

    Raises PairctlError where the history cannot be read, or is not whole here.
    """
    past = await repository.history(tip, (CLAIMS_FOLDER, EVIDENCE_FOLDER, BRANCH_FILE))
    if past.cut:
        raise PairctlError(cut_off("the status branch", past.cut))
    return past


def cut_off(what: str, commit: str) -> Problem:
    """Say that history is not whole here."""
    return Problem(
        "HistoryCut",
        f"the history of {what} is cut off at commit {commit[:12]}: this is a shallow clone",
        "fetch all of it (`git fetch --unshallow`), or name the clone URL with --repository",
    )


async def read_removed(repository: Repository, past: PathHistory) -> dict[str, Evidence]:
    """Read the evidence that was on the branch and is gone, as it was last, by path."""
    gone = {
        path: changes
        for path, changes in _by_path(past.commits, EVIDENCE_FOLDER).items()
        if changes[-1][1].after is None
    }
    contents = await _contents(repository, _ids(c for changes in gone.values() for c in changes))
    found = {}
    for path, changes in gone.items():
        known = [v.evidence for v in _versions(changes, contents) if v.evidence]
        if known and evidence_path(known[-1].cluster) == path:
            found[path] = known[-1]
    return found


async def read_histories(
    repository: Repository, past: PathHistory, chosen: Mapping[str, Evidence]
) -> dict[str, StatusHistory | Problem]:
    """Read what the status branch's history says of evidence, by its path.

    Raises PairctlError where claims cannot be read; then nothing can be said of any.
    """
    files = _by_path(past.commits, EVIDENCE_FOLDER)
    branch = _by_path(past.commits, BRANCH_FILE).get(BRANCH_FILE, [])
    mine = [change for path in chosen for change in files[path]]
    contents = await _contents(repository, _ids([*mine, *branch]))
    branches = tuple(
        (at.commit, parse_branch(contents.get(c.after or "", b""))) for at, c in branch
    )
    claims = await _read_claims(repository, past, chosen.values())
    found: dict[str, StatusHistory | Problem] = {}
    for path, evidence in chosen.items():
        history = StatusHistory(
            _versions(files[path], contents), claims.about(evidence), branches, past.merge
        )
        try:
            found[path] = replace(history, status=await _status(repository, evidence, history))
        except PairctlError as error:
            found[path] = error.problem
    return found


async def _status(
    repository: Repository, evidence: Evidence, history: StatusHistory
) -> Status | None:
    """Read what the status said when evidence without a claim was written: nothing else does."""
    if evidence.claim:
        return None
    first = next(v for v in history.versions if v.evidence and v.evidence.id == evidence.id)
    try:
        content = await repository.file(first.at.commit, status_path(evidence.intent))
    except ConfigurationError:  # no file can have such a name
        return None
    return parse_status(content) if content is not None else None


def _by_path(commits: Sequence[CommitChanges], folder: str) -> dict[str, list[Change]]:
    found = defaultdict[str, list[Change]](list)
    for position, commit in enumerate(commits):
        for change in commit.files:
            if change.path.startswith(folder):
                found[change.path].append((Moment(commit.id, position), change))
    return dict(found)


def _ids(changes: Iterable[Change]) -> list[str]:
    return list(dict.fromkeys(change.after for _, change in changes if change.after))


async def _contents(
    repository: Repository, ids: Sequence[str], keep: Callable[[bytes], bool] = bool
) -> dict[str, bytes]:
    """Read files by object id, some at a time, and keep those that matter."""
    kept = {}
    for start in range(0, len(ids), _AT_A_TIME):
        some = await repository.blobs(ids[start : start + _AT_A_TIME], _LARGEST_BYTES)
        kept.update({one: body for one, body in some.items() if keep(body)})
    return kept


def _versions(changes: Iterable[Change], contents: Mapping[str, bytes]) -> tuple[Version, ...]:
    return tuple(
        Version(at, change.after is not None, parse_evidence(contents.get(change.after or "", b"")))
        for at, change in changes
    )


# ── claims ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Claims:
    """Claims while they stood, by all that they can be looked up by; those that say nothing."""

    by_word: Mapping[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    unreadable: list[Standing] = field(default_factory=list)

    def about(self, evidence: Evidence) -> tuple[Standing, ...]:
        words = (evidence.cluster, evidence.pairing_uid, evidence.id)
        more = [evidence.claim.id] if evidence.claim else []
        found = [
            one for word in (*words, *more) for one in self.by_word.get(canonical_uid(word), ())
        ]
        return tuple({id(one): one for one in (*found, *self.unreadable)}.values())


async def _read_claims(
    repository: Repository, past: PathHistory, chosen: Iterable[Evidence]
) -> _Claims:
    """Read the claims of all time. With little to look for, what cannot be about it is left out."""
    changes = [c for cs in _by_path(past.commits, CLAIMS_FOLDER).values() for c in cs]
    concerns = _concerns(tuple(chosen))
    contents = await _contents(repository, _ids(changes), concerns)

    def claim_of(change: FileChange) -> Claim | UnreadableClaim | None:
        body = contents.get(change.after or "")
        if body is not None and (claim := parse_claim(body)):
            return claim
        is_left_out = body is None and not concerns(change.path.encode())
        return None if is_left_out else unreadable_claim(change.path, body or b"")

    found = _Claims()
    for standing in standings(past.commits, claim_of):
        if isinstance(standing.claim, UnreadableClaim):
            found.unreadable.append(standing)
            continue
        words = (standing.claim.cluster, standing.claim.pairing_uid, standing.claim.id)
        for word in {canonical_uid(word) for word in words if word}:
            found.by_word[word].append(standing)
    return found


def _concerns(chosen: Sequence[Evidence]) -> Callable[[bytes], bool]:
    """Return whether a claim's bytes may be about this evidence: YAML that escapes may be."""
    if len(chosen) > _FEW:
        return bool
    uids = {uid for one in chosen for uid in (one.cluster, one.pairing_uid, one.id)}
    uids |= {one.claim.id for one in chosen if one.claim}
    words = {w for uid in uids if uid for w in (canonical_uid(uid), file_stem(uid))}

    def concerns(body: bytes) -> bool:
        text = canonical_uid(body.decode(errors="replace"))
        return "\\" in text or any(word in text for word in words)

    return concerns


def standings(commits: Sequence[CommitChanges], claim_of: ClaimOf) -> Iterator[Standing]:
    """Yield claim files with from when until when they held the same; None is left out."""
    open_now: dict[str, Standing] = {}
    for position, commit in enumerate(commits):
        at = Moment(commit.id, position)
        for change in commit.files:
            if not change.path.startswith(CLAIMS_FOLDER):
                continue
            if change.path in open_now:
                yield replace(open_now.pop(change.path), closed=at)
            claim = None if change.after is None else claim_of(change)
            if claim:
                open_now[change.path] = Standing(change.path, claim, at)
    yield from open_now.values()
