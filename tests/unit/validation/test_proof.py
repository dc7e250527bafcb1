"""Proofs on what was last seen, for every mix of what was seen and declared."""

from datetime import UTC, datetime

import pytest

from layers_factory import INFRA, MONITORING, make_stack
from pairctl.pairing import ProfileListing
from pairctl.records import ObservedCluster, ObservedPalette
from pairctl.spec import ProfileMatchSpec
from pairctl.validation.catalogue import Catalogue
from pairctl.validation.proof import OfflineProof, ProofVerdict, prove_offline
from pairing_factory import ADD_ON, INFRA_PROFILE, make_match

SEEN_AT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 2, tzinfo=UTC)
OLD_MONITORING = "addon/prometheus-grafana 40.3.1"
LISTINGS = tuple(ProfileListing(one.name, one) for one in (INFRA_PROFILE, ADD_ON))
PALETTE = Catalogue(ObservedPalette(LISTINGS, LATER))


def make_cluster(*layers: str) -> ObservedCluster:
    """Make what was seen of a cluster."""
    return ObservedCluster("store-0042", "uid-1", make_stack(*layers), "v4.9.0", SEEN_AT)


def declaring(*layers: tuple[str, str], kind: str | None = None) -> ProfileMatchSpec:
    """Make a match that declares layers by name and version."""
    told = [{"name": n, "version": v} | ({"layer": kind} if kind else {}) for n, v in layers]
    return make_match(layers=told)


def judged(proof: OfflineProof) -> tuple[ProofVerdict, str]:
    """Return verdict and reason."""
    return proof.verdict, proof.problem.reason if proof.problem else ""


def test_a_match_is_proven_on_what_was_seen_of_both_sides() -> None:
    """The proof names the profiles, and when and by which agent the layers were told."""
    proof = prove_offline("store", make_match(), make_cluster(*INFRA, MONITORING), PALETTE)
    assert judged(proof) == (ProofVerdict.PROVEN, "")
    assert [profile.name for profile in proof.selection] == [INFRA_PROFILE.name, ADD_ON.name]
    assert (proof.cluster_seen_at, proof.palette_seen_at) == (SEEN_AT, LATER)
    assert (proof.agent_version, proof.is_declared) == ("v4.9.0", False)


def test_a_mismatch_is_told_layer_by_layer() -> None:
    """Every layer has a row, and the one that differs says so."""
    proof = prove_offline("store", make_match(), make_cluster(*INFRA, OLD_MONITORING), PALETTE)
    assert judged(proof) == (ProofVerdict.DIFFERS, "LayersDiffer")
    assert len(proof.rows) == len(INFRA) + 1
    assert [str(row.local) for row in proof.rows if str(row.local) != str(row.selected)] == [
        "prometheus-grafana 40.3.1"
    ]


@pytest.mark.parametrize("cluster", [None, make_cluster(*INFRA, MONITORING)])
def test_nothing_is_proven_before_palette_was_seen(cluster: ObservedCluster | None) -> None:
    """What a profile brings is known from Palette alone."""
    assert judged(prove_offline("store", make_match(), cluster, None))[0] is ProofVerdict.NOT_SEEN


def test_nothing_is_proven_for_a_cluster_nobody_saw_or_declared() -> None:
    """Profiles alone prove nothing."""
    assert judged(prove_offline("store", make_match(), None, PALETTE))[0] is ProofVerdict.NOT_SEEN


def test_declared_layers_stand_in_for_a_cluster_that_was_not_seen() -> None:
    """A new site is proven before its host was ever reached; kinds need not be declared."""
    layers = [tuple(layer.partition("/")[2].split(" ")) for layer in (*INFRA, MONITORING)]
    proof = prove_offline("store", declaring(*layers), None, PALETTE)  # type: ignore[arg-type]  # pairs
    assert (judged(proof), proof.is_declared) == ((ProofVerdict.PROVEN, ""), True)
    without = prove_offline("store", declaring(*layers[:-1]), None, PALETTE)  # type: ignore[arg-type]  # pairs
    assert judged(without) == (ProofVerdict.DIFFERS, "LayersDiffer")


@pytest.mark.parametrize("palette", [None, PALETTE])
def test_declared_layers_are_held_against_the_cluster(palette: Catalogue | None) -> None:
    """An intent that refers to a match for another stack is told, whatever Palette has."""
    wanted = declaring(("ubuntu", "24.04"))
    proof = prove_offline("store", wanted, make_cluster(*INFRA, MONITORING), palette)
    assert judged(proof) == (ProofVerdict.DIFFERS, "DeclaredLayersDiffer")
