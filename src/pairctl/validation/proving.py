"""All intents of an inspection held against the facts: proofs, and findings where they stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from pairctl.pairing import with_explain
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import (
    Code,
    Finding,
    IndexEntry,
    ProfileMatch,
    ProfileMatchSpec,
    References,
    Severity,
    locate,
    read_file,
)
from pairctl.validation.catalogue import Catalogue
from pairctl.validation.facts import Facts
from pairctl.validation.inspection import Inspection
from pairctl.validation.proof import OfflineProof, ProofVerdict, prove_offline

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """The proofs of the intents that were meant, by name, and what is to be said of them."""

    proofs: tuple[OfflineProof, ...] = ()
    findings: tuple[Finding, ...] = ()


def prove_all(
    inspection: Inspection, facts: Facts, is_meant: Callable[[IndexEntry], bool]
) -> Proven:
    """Prove every intent that is meant, valid, and not accepted yet.

    What is wrong with a match itself is told once, at the match, and not for each intent.
    """
    return _Prover(inspection, facts).prove(is_meant)


class _Draft(NamedTuple):
    """What is to be said of a field whose place has not been looked up yet."""

    entry: IndexEntry
    field: Path
    code: Code
    message: str
    hint: str
    severity: Severity = Severity.ERROR


class _Prover:
    def __init__(self, inspection: Inspection, facts: Facts) -> None:
        self._inspection = inspection
        self._facts = facts
        self._entries = {(entry.kind, entry.name): entry for entry in inspection.valid}
        self._matches: Mapping[str, ProfileMatchSpec] = {}
        self._match_findings: set[str] = set()
        self._shown: list[_Draft] = []

    def prove(self, is_meant: Callable[[IndexEntry], bool]) -> Proven:
        intents = [
            (entry, entry.references)
            for (kind, _), entry in sorted(self._entries.items(), key=lambda item: str(item[0]))
            if kind == "PairingIntent"
            and entry.references
            and self._is_open(entry)
            and is_meant(entry)
        ]
        names = {references.profile_match for _, references in intents}
        self._matches = _specs(self._inspection, [self._entries["ProfileMatch", n] for n in names])
        proofs = [self._proof(entry, references) for entry, references in intents]
        return Proven(tuple(proofs), tuple(sorted(self._findings())))

    def _is_open(self, entry: IndexEntry) -> bool:
        is_pairing = entry.references is not None and entry.references.is_pairing
        return is_pairing and not self._facts.is_past_matching(str(entry.name))

    def _proof(self, entry: IndexEntry, references: References) -> OfflineProof:
        assert entry.name is not None
        palette = self._facts.palette(references.palette)
        wanted = self._matches[references.profile_match]
        if references.profile_match not in self._match_findings:
            self._match_findings.add(references.profile_match)
            match = self._entries["ProfileMatch", references.profile_match]
            self._shown.extend(_unusable(match, wanted, palette))
        proof = prove_offline(entry.name, wanted, self._facts.cluster(entry.name), palette)
        self._shown.extend(_about(entry, proof))
        return proof

    def _findings(self) -> Iterator[Finding]:
        """Look up the places, in the order of files: each is read once."""
        for one in sorted(self._shown, key=lambda one: (one.entry.path, one.entry.number)):
            span = locate(self._inspection.root_of(one.entry), one.field).value_span
            yield Finding(
                one.entry.path,
                span.line,
                span.column,
                one.code,
                one.message,
                one.hint,
                severity=one.severity,
                end_line=span.end_line,
                end_column=span.end_column,
            )


def _specs(inspection: Inspection, entries: Iterable[IndexEntry]) -> Mapping[str, ProfileMatchSpec]:
    """Read matches anew, each file once. Raises ConfigurationError where one has changed since."""
    specs = {}
    in_order = sorted(entries, key=lambda entry: entry.path)
    for path, group in groupby(in_order, key=lambda entry: entry.path):
        file = inspection.content(path)
        candidates = read_file(file).candidates if file else ()
        documents = {one.entry.number: one.document for one in candidates}
        for entry in group:
            document = documents.get(entry.number)
            if not isinstance(document, ProfileMatch):
                message = f"{path} changed while it was looked at"
                raise ConfigurationError(
                    Problem(
                        "ChangedMeanwhile", message, "run it again when nobody writes to the folder"
                    )
                )
            specs[str(entry.name)] = document.spec
    return specs


def _unusable(
    entry: IndexEntry, spec: ProfileMatchSpec, seen: Catalogue | None
) -> Iterator[_Draft]:
    if seen is None:
        return
    for index, problem in seen.unusable(spec):
        place = ("spec", "profiles", index, "name")
        shown = f"{problem.message}, as last seen{_at(seen.seen_at)}"
        yield _Draft(entry, place, Code.PROFILE_UNUSABLE, shown, problem.hint)


def _about(entry: IndexEntry, proof: OfflineProof) -> Iterator[_Draft]:
    place = ("spec", "profileMatch")
    if proof.verdict is ProofVerdict.NOT_SEEN:
        shown = "the match cannot be proven here: " + _unseen(proof)
        hint = "nothing is wrong with that; the first pass after the merge looks at both"
        yield _Draft(entry, place, Code.NOT_SEEN_YET, shown, hint, Severity.INFO)
    elif proof.problem and proof.problem.reason not in _FOUND_AT_THE_MATCH:
        shown = f"{proof.problem.message} ({_as_seen(proof)})"
        # One text for all intents, so that they stay one cause; a cluster that was not seen has
        # nothing to be explained by.
        problem = with_explain(proof.problem, "NAME") if proof.cluster_seen_at else proof.problem
        yield _Draft(entry, place, Code.MATCH_DIFFERS, shown, problem.hint)


_FOUND_AT_THE_MATCH = frozenset(
    {"ProfileNotFound", "ProfileAmbiguous", "ProfileNotPublished", "ProfileNotLatest"}
)


def _unseen(proof: OfflineProof) -> str:
    if proof.palette_seen_at is None and proof.cluster_seen_at is None:
        return "neither the cluster nor the profiles of its Palette were seen yet"
    if proof.palette_seen_at is None:
        return "the profiles of its Palette were not seen yet"
    return "the cluster was not seen yet, and the match declares no `layers`"


def _as_seen(proof: OfflineProof) -> str:
    if proof.is_declared:
        layers = "on the layers that the match declares; the cluster was not seen yet"
    else:
        layers = f"the cluster's layers as seen{_at(proof.cluster_seen_at)}"
    agent = f", agent {proof.agent_version}" if proof.agent_version else ""
    return f"{layers}{agent}; the profiles as seen{_at(proof.palette_seen_at)}"


def _at(seen_at: datetime | None) -> str:
    return f" {seen_at:%Y-%m-%d %H:%M} UTC" if seen_at else ""
