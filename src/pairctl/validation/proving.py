"""All intents of an inspection held against the facts: proofs, and findings where they stand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pairctl.pairing import resolve_profile
from pairctl.problem import Problem
from pairctl.spec import (
    Card,
    Code,
    Finding,
    ProfileMatch,
    ProfileMatchSpec,
    Severity,
    locate,
    read_file,
)
from pairctl.validation.facts import Facts
from pairctl.validation.inspection import Inspection
from pairctl.validation.proof import OfflineProof, ProofVerdict, prove_offline

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """The proofs of the intents that were meant, by name, and what is to be said of them."""

    proofs: tuple[OfflineProof, ...] = ()
    findings: tuple[Finding, ...] = ()


def prove_all(inspection: Inspection, facts: Facts, is_meant: Callable[[Card], bool]) -> Proven:
    """Prove every intent that is meant, valid, and not accepted yet.

    What is wrong with a match itself is told once, at the match, and not for each intent.
    """
    return _Prover(inspection, facts).prove(is_meant)


class _Prover:
    def __init__(self, inspection: Inspection, facts: Facts) -> None:
        self._inspection = inspection
        self._facts = facts
        self._cards = {(card.kind, card.name): card for card in inspection.valid}
        self._matches: dict[str, ProfileMatchSpec] = {}
        self._findings: list[Finding] = []

    def prove(self, is_meant: Callable[[Card], bool]) -> Proven:
        proofs = [
            self._proof(card)
            for (kind, _), card in sorted(self._cards.items(), key=lambda item: str(item[0]))
            if kind == "PairingIntent" and self._is_open(card) and is_meant(card)
        ]
        return Proven(tuple(proofs), tuple(sorted(self._findings)))

    def _is_open(self, card: Card) -> bool:
        is_pairing = card.ties is not None and card.ties.is_pairing
        return is_pairing and not self._facts.is_past_matching(str(card.name))

    def _proof(self, card: Card) -> OfflineProof:
        assert card.ties is not None
        assert card.name is not None
        wanted = self._wanted(card.ties.profile_match, card.ties.palette)
        proof = prove_offline(
            card.name,
            wanted,
            self._facts.cluster(card.name),
            self._facts.palette(card.ties.palette),
        )
        self._findings.extend(self._about(card, proof))
        return proof

    def _wanted(self, name: str, palette: str) -> ProfileMatchSpec:
        """Return a match; when it is read first, what is wrong with its profiles is told."""
        if name not in self._matches:
            card = self._cards["ProfileMatch", name]
            self._matches[name] = self._read(card)
            self._findings.extend(self._unusable(card, self._matches[name], palette))
        return self._matches[name]

    def _read(self, card: Card) -> ProfileMatchSpec:
        file = self._inspection.content(card.path)
        read = {one.card.number: one.document for one in read_file(file).candidates} if file else {}
        document = read.get(card.number)
        assert isinstance(document, ProfileMatch), "it was valid when it was read first"
        return document.spec

    def _unusable(self, card: Card, spec: ProfileMatchSpec, palette: str) -> Iterator[Finding]:
        seen = self._facts.palette(palette)
        for index, reference in enumerate(spec.profiles or ()) if seen else ():
            problem = resolve_profile(reference, seen.profiles if seen else ())
            if isinstance(problem, Problem):
                place: Path = ("spec", "profiles", index, "name")
                told = f"{problem.message}, as last seen{_at(seen.seen_at if seen else None)}"
                yield self._finding(card, place, Code.PROFILE_UNUSABLE, told, problem.hint)

    def _about(self, card: Card, proof: OfflineProof) -> Iterator[Finding]:
        place: Path = ("spec", "profileMatch")
        if proof.verdict is ProofVerdict.NOT_SEEN:
            told = "the match cannot be proven here: " + _unseen(proof)
            hint = "nothing is wrong with that; the first pass after the merge looks at both"
            yield self._finding(card, place, Code.NOT_SEEN_YET, told, hint, Severity.INFO)
        elif proof.problem and proof.problem.reason not in _TOLD_AT_THE_MATCH:
            told = f"{proof.problem.message} ({_as_seen(proof)})"
            yield self._finding(card, place, Code.MATCH_DIFFERS, told, proof.problem.hint)

    def _finding(
        self,
        card: Card,
        place: Path,
        code: Code,
        message: str,
        hint: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        span = locate(self._inspection.root_of(card), place).value_span
        return Finding(
            card.path,
            span.line,
            span.column,
            code,
            message,
            hint,
            severity=severity,
            end_line=span.end_line,
            end_column=span.end_column,
        )


_TOLD_AT_THE_MATCH = frozenset(
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
