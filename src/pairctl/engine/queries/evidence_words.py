"""One evidence in words: for terminals, and for the report."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pairctl.pairing import AcceptanceGrounds, Evidence

_ORIGINS: Mapping[str, str] = {
    "Sent": "the answer to pairctl's own sending named it",
    "Adopted": "the host held it already",
    "Named": "the intent names it",
}

Fields = Iterator[tuple[str, str]]


def evidence_fields(evidence: Evidence) -> Fields:
    """Yield what one evidence says: the title of each field, and its text."""
    if evidence.grounds:
        yield from _fields_of_grounds(evidence.grounds)
    else:
        yield "asked", _without_grounds(evidence)
    yield "request", _request(evidence)
    yield "claim", _claim(evidence)
    dated = f" ({_at(evidence.dated_at)} by Palette's clock)" if evidence.dated_at else ""
    yield "seen accepted", f"{_at(evidence.seen_at)}{dated}"
    if evidence.paired_at:
        yield "seen paired", f"{_at(evidence.paired_at)}, as cluster {evidence.palette_uid}"
    else:
        yield "seen paired", "not yet"
    yield "status branch", evidence.branch or "without an id"


def _fields_of_grounds(grounds: AcceptanceGrounds) -> Fields:
    asked = f"commit {grounds.asked_in}" if grounds.asked_in else "by whom is not known"
    who = f", by {grounds.author}" if grounds.author else ""
    by = f", committed by {grounds.committer}" if grounds.committer else ""
    yield "asked", f"{asked}{who}{by}"
    yield "carried out", f"commit {grounds.commit}"
    by = f" by {grounds.approved_by}" if grounds.approved_by else ""
    approved = f"{grounds.approved_digest}{by}" if grounds.approved_digest else "none is named"
    yield "approval", approved
    yield "digest", grounds.digest
    yield "name in Palette", grounds.name
    yield "layers", ", ".join(f"{one.layer} {one.name} {one.version}" for one in grounds.layers)
    profiles = (f"{one.name} {one.version} ({one.uid})" for one in grounds.profiles)
    yield "profiles", ", ".join(profiles)


def _request(evidence: Evidence) -> str:
    where = f"{evidence.pairing_uid}, in Palette {evidence.palette}"
    if evidence.grounds is None:
        return where
    origin = evidence.grounds.origin
    return f"{where}; {origin}: {_ORIGINS.get(origin, 'not known how')}"


def _without_grounds(evidence: Evidence) -> str:
    if evidence.may_be_own:
        return "not known: a person may have accepted it, or a commit asked for it before"
    return "not by a commit: no claim to accept it was open"


def _claim(evidence: Evidence) -> str:
    claim = evidence.claim
    if claim is None and evidence.may_be_own:
        return (
            "none any more: accepted in Palette's console, or what pairctl had sent under a claim "
            "that ended before anything was seen of it"
        )
    if claim is None:
        return (
            "none: accepted in Palette's console, as far as is on record; --verify names claims to "
            "accept it that had ended before"
        )
    if claim.dated_at:
        when = f"{_at(claim.dated_at)} by Palette's clock"
    else:
        when = f"{_at(claim.made_at)} by its holder's clock"
    return f"{claim.id}, held by {claim.holder}, attempt {claim.attempt}, {when}"


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
