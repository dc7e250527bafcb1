"""The judge of matches, which knows the vendor's page only."""

import pytest

from pairctl.sim.judge import PAGE, JudgedPack, Offer, rulings

K8S = JudgedPack("k8s", "edge-k8s", "1.31.0", "spectro", "a: 1")
CHART = JudgedPack("addon", "prometheus-grafana", "44.3.1", "helm", "replicas: 3")
MANIFEST = JudgedPack("addon", "prometheus-grafana", "44.3.1", "manifest", "replicas: 3")
UNSAID = JudgedPack("addon", "prometheus-grafana", "44.3.1", "", "replicas: 3")


def offer(*packs: JudgedPack, name: str = "full", type: str = "cluster", **changes) -> Offer:  # noqa: A002
    """Make a profile at its latest version."""
    fields = {"uid": f"uid-{name}", "version": "1.0.0", "latest": "1.0.0"} | changes
    return Offer(name=name, type=type, packs=packs, **fields)


def codes(local: tuple[JudgedPack, ...], *offers: Offer, **how: bool) -> list[str]:
    """Name all that is refused."""
    return [found.code for found in rulings(local, offers, **how)]


@pytest.mark.parametrize(("selected", "expected"), [
    ((offer(K8S, CHART),), []),
    ((offer(K8S, name="i", type="infra"), offer(CHART, name="a", type="add-on")), []),
    ((offer(K8S, MANIFEST),), ["PackMissing", "PackExtra"]),
    ((offer(K8S, UNSAID),), []),
    ((offer(K8S, CHART, CHART),), ["PackExtra"]),
    ((offer(K8S),), ["PackMissing"]),
    ((offer(K8S, CHART, latest="1.1.0"),), ["ProfileNotLatest"]),
    ((offer(K8S, CHART, latest=None),), ["ProfileNotLatest"]),
    ((offer(K8S, CHART, cloud="vsphere"),), ["ProfileNotDeployable"]),
    ((offer(K8S, CHART, cloud="all"),), []),
    ((offer(K8S, CHART, flaw="a pack of it is disabled"),), ["ProfileNotDeployable"]),
    ((offer(K8S, CHART, type="add-on"),), ["NotOneBaseProfile"]),
    ((offer(K8S, name="i", type="infra"), offer(CHART)), ["NotOneBaseProfile"]),
    ((offer(K8S), offer(CHART, name="s", type="system")), ["ProfileNotSelectable"]),
    ((offer(K8S, CHART), *[offer(name="e", type="add-on")] * 2), ["ProfileTwice"]),
])  # fmt: skip
def test_a_selection_is_refused_for_what_the_page_says(
    selected: tuple[Offer, ...], expected: list[str]
) -> None:
    """The same packs, whichever profiles they stand in, at the latest version, for edge hosts."""
    assert codes((K8S, CHART), *selected) == expected


def test_a_cluster_without_packs_is_no_match() -> None:
    """Nothing is matched by nothing."""
    assert codes((), offer()) == ["NoPacks"]


@pytest.mark.parametrize(("odd", "same"), [
    ("replicas: 3", True), ("# three\nreplicas: 3\n", True), ('{"replicas": 3}', True),
    ("replicas: 4", False), ("", False), (None, False), ("{{ macro }}: {", False), (7, False),
])  # fmt: skip
def test_values_are_the_same_by_their_meaning(odd: object, same: bool) -> None:
    """Where "all the layers are exactly the same" is taken at its word."""
    other = JudgedPack("addon", "prometheus-grafana", "44.3.1", "helm", odd)
    assert codes((K8S, CHART), offer(K8S, other)) == []
    found = codes((K8S, CHART), offer(K8S, other), with_values=True)
    assert found == ([] if same else ["ValuesDiffer"])


def test_types_that_one_side_leaves_out_are_dealt_out() -> None:
    """As many packs are matched as can be, whatever order they come in."""
    for local in ((UNSAID, CHART), (CHART, UNSAID)):
        for packs in ((CHART, MANIFEST), (MANIFEST, CHART), (UNSAID, CHART)):
            assert codes(local, offer(*packs)) == []
    assert codes((CHART, MANIFEST), offer(CHART, CHART)) == ["PackMissing", "PackExtra"]


def test_each_rule_says_where_the_page_says_it() -> None:
    """Nobody has to believe the judge."""
    assert all(rule.step and rule.says for rule in PAGE)
