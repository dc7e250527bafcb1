"""The status branch as the engine reads and writes it: statuses, claims, what was observed.

What cannot be read there (edited by hand, or from another version) counts as absent: the world is
looked at anyway, and the file is written anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel, to_snake

from pairctl.pairing import Claim, Intent, Recorded, Status
from pairctl.records.branch_guard import refuse_foreign
from pairctl.records.yaml_text import parse_yaml, render_yaml
from pairctl.repo import Repository, StatusTree
from pairctl.spec import API_VERSION

STATUS_FOLDER = "status/"
CLAIMS_FOLDER = "claims/"
OBSERVED_FOLDER = "observed/"
SUMMARY_FILE = "STATUS.md"

_LONGEST_NAME = 64
_STATUS = TypeAdapter(Status)
_CLAIM = TypeAdapter(Claim)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The status branch at one tip. `claims` are by cluster uid, `statuses` by intent."""

    tip: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)

    def claim_of(self, name: str, cluster: str) -> Claim | None:
        """Return the claim that binds an intent: the cluster's own, or one made in its name."""
        by_intent = (claim for claim in self.claims.values() if claim.intent == name)
        return self.claims.get(cluster) or next(by_intent, None)

    def claim_on(self, cluster: str, pairing_uid: str) -> Claim | None:
        """Return the claim on a cluster, or else one that is about this pairing request."""
        about = (c for c in self.claims.values() if pairing_uid and c.pairing_uid == pairing_uid)
        return self.claims.get(cluster) or next(about, None)

    def record_of(self, intent: Intent) -> Recorded:
        """Return what the status branch holds of an intent."""
        status = self.statuses.get(intent.name)
        claim = self.claim_of(intent.name, status.local_uid if status else "")
        return status.recorded(claim) if status else Recorded(claim=claim)


async def read_ledger(repository: Repository) -> Ledger:
    """Read the status branch at its tip now. Raises what `Repository` raises.

    Raises NotAStatusBranch where it holds anything that is not pairctl's own.
    """
    tree = await repository.status()
    refuse_foreign(repository.status_branch, tree.paths)
    return parse_ledger(tree)


def parse_ledger(tree: StatusTree) -> Ledger:
    """Read statuses and claims out of a status tree; files that make no sense are passed over.

    So are those that speak of another intent, or cluster, than the one they are named for.
    """
    statuses = [(path, parse_status(body)) for path, body in _files(tree.files, STATUS_FOLDER)]
    claims = [(path, _parse_claim(body)) for path, body in _files(tree.files, CLAIMS_FOLDER)]
    return Ledger(
        tip=tree.tip,
        files=tree.files,
        statuses={s.name: s for path, s in statuses if s and path == status_path(s.name)},
        claims={c.cluster: c for path, c in claims if c and path == claim_path(c.cluster)},
    )


def status_path(name: str) -> str:
    """Return where the status of an intent stands."""
    return f"{STATUS_FOLDER}{name}.yaml"


def claim_path(cluster: str) -> str:
    """Return where the claim on a cluster stands."""
    return f"{CLAIMS_FOLDER}{cluster}.yaml"


def render_status(status: Status) -> bytes:
    """Return the bytes of a status file: stable, and empty fields left out."""
    return render_yaml(status_data(status))


def status_data(status: Status) -> dict[str, Any]:
    """Return a status as the document that stands for it; empty fields left out."""
    told = _STATUS.dump_python(status, mode="json", exclude_defaults=True)
    return _document("PairingStatus", told.pop("name"), "status", told)


def render_claim(claim: Claim) -> bytes:
    """Return the bytes of a claim file."""
    told = _CLAIM.dump_python(claim, mode="json", exclude_defaults=True)
    return render_yaml(_document("Claim", claim.cluster, "claim", told))


def render_observed(kind: str, name: str, told: Mapping[str, Any]) -> bytes:
    """Return the bytes of a file of `observed/`."""
    return render_yaml(_document(kind, name, "observed", told))


def parse_status(content: bytes) -> Status | None:
    """Read a status file back; None where it is none."""
    told = parse_yaml(content)
    try:
        fields = _renamed(told["status"], to_snake)
        return _STATUS.validate_python({**fields, "name": told["metadata"]["name"]})
    except (KeyError, TypeError, ValidationError):
        return None


def _parse_claim(content: bytes) -> Claim | None:
    try:
        return _CLAIM.validate_python(_renamed(parse_yaml(content)["claim"], to_snake))
    except (KeyError, TypeError, ValidationError):
        return None


def _files(files: Mapping[str, bytes], folder: str) -> list[tuple[str, bytes]]:
    return [(path, body) for path, body in sorted(files.items()) if path.startswith(folder)]


def _document(kind: str, name: str, part: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name},
        part: _renamed(told, to_camel),
    }


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """Return the same data with the names of its fields in the other style, on every level.

    Keys that are longer than any field's name stay: their case takes pydantic quadratic time.
    """
    match value:
        case dict():
            return {
                rename(key) if len(key) <= _LONGEST_NAME else key: _renamed(item, rename)
                for key, item in value.items()
            }
        case list():
            return [_renamed(item, rename) for item in value]
        case _:
            return value
