"""The status branch as the monitor reads it: claims and evidence at each commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from monitor.git import Commit, Git

WRITER = "pairctl"
"""Who commits in pairctl's name. What others commit to the status branch is not judged."""


@dataclass(frozen=True)
class Claim:
    """A claim, as its file says it. Identities are folded: the case of letters says nothing."""

    id: str
    cluster: str
    intent: str
    action: str
    holder: str
    pairing_uid: str
    palette: str
    lifetime_s: float
    dated_at: datetime | None
    commit: str

    def __str__(self) -> str:
        return f"claim {self.id} of {self.holder} to {self.action} {self.cluster} ({self.intent})"


@dataclass(frozen=True)
class Evidence:
    """Evidence of an acceptance: of which cluster and request, under which claim."""

    claim: str
    cluster: str
    pairing_uid: str


class Branch:
    """All commits of the status branch that were ever its tip, with those before them."""

    def __init__(self, git: Git, tips: Iterable[str]) -> None:
        wanted = {tip for tip in tips if tip}
        self._commits = git.history(wanted) if wanted else {}
        ids = [
            oid
            for commit in self._commits.values()
            for path, oid in commit.files.items()
            if path.startswith(("claims/", "evidence/"))
        ]
        self._documents = {oid: _document(body) for oid, body in git.contents(ids).items()}
        self._claims: dict[str, dict[str, Claim]] = {}

    @property
    def commits(self) -> Iterable[Commit]:
        """All commits, each after the one that it continues."""
        return self._commits.values()

    def claims(self, commit: str) -> dict[str, Claim]:
        """Return the claims that can be read at a commit, by path; none at no commit."""
        if commit not in self._claims:
            read = {path: _claim(self._documents[o]) for path, o in self._files(commit, "claims/")}
            self._claims[commit] = {path: claim for path, claim in read.items() if claim}
        return self._claims[commit]

    def claim(self, commit: str, claim_id: str) -> Claim | None:
        """Return an open claim by its id."""
        return next((c for c in self.claims(commit).values() if c.id == claim_id), None)

    def every_claim(self) -> dict[str, Claim]:
        """Return each claim that ever was on the branch, by id."""
        return {c.id: c for commit in self._commits for c in self.claims(commit).values()}

    def new_evidence(self, commit: Commit) -> list[Evidence]:
        """Return the evidence that a commit has written."""
        before = dict(self._files(commit.parent, "evidence/"))
        written = [(p, o) for p, o in self._files(commit.id, "evidence/") if before.get(p) != o]
        return [found for _, oid in written if (found := _evidence(self._documents[oid]))]

    def _files(self, commit: str, folder: str) -> list[tuple[str, str]]:
        files = self._commits[commit].files if commit else {}
        return [(path, oid) for path, oid in files.items() if path.startswith(folder)]


def folded(uid: object) -> str:
    """Return the form in which identities are compared."""
    return str(uid or "").casefold()


def parse(content: bytes) -> list[Any]:
    """Return the documents of a YAML file; none where it cannot be read."""
    try:
        return list(YAML(typ="safe").load_all(content.decode(errors="replace")))
    except (YAMLError, ValueError):
        return []


def _document(content: bytes) -> Mapping[str, Any]:
    found = parse(content)
    return found[0] if found and isinstance(found[0], dict) else {}


def _claim(document: Mapping[str, Any]) -> Claim | None:
    fields = document.get("claim")
    if not isinstance(fields, dict) or not fields.get("id"):
        return None
    grounds = fields.get("grounds") or {}
    return Claim(
        id=str(fields["id"]),
        cluster=folded(fields.get("cluster")),
        intent=str(fields.get("intent", "")),
        action=str(fields.get("action", "")),
        holder=str(fields.get("holder", "")),
        pairing_uid=folded(fields.get("pairingUid")),
        palette=str(fields.get("palette", "")),
        lifetime_s=float(fields.get("lifetimeSeconds", 0)),
        dated_at=_instant(fields.get("datedAt")),
        commit=str(grounds.get("commit", "")),
    )


def _evidence(document: Mapping[str, Any]) -> Evidence | None:
    fields = document.get("evidence")
    if not isinstance(fields, dict):
        return None
    under = fields.get("claim") or {}
    return Evidence(
        claim=str(under.get("id", "")),
        cluster=folded(fields.get("cluster")),
        pairing_uid=folded(fields.get("pairingUid")),
    )


def _instant(value: object) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
