"""The fewest profile versions that unlock the most clusters, and what is promised of them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest

from layers_factory import make_profile, make_stack, seeded
from pairctl.layers import Profile, Publications, Stack, exact_selections, propose
from pairctl.layers.publications import fewest_publications

BASE = ("os/ubuntu 22.04", "k8s/edge-k8s 1.31.0", "cni/calico 3.25.1")
INFRA = make_profile("infra", *BASE, type="infra")
OBSERVE = make_profile("observe", "addon/grafana 44.3.1")
LOGS = make_profile("logs", "addon/loki 2.0.0")
PROFILES = [INFRA, OBSERVE, LOGS]


def stack_of(*addons: str, k8s: str = "1.31.0") -> Stack:
    """Return a stack on the base, with another Kubernetes if need be."""
    return make_stack(BASE[0], f"k8s/edge-k8s {k8s}", BASE[2], *addons)


def published(found: Publications, profiles: Sequence[Profile]) -> list[Profile]:
    """Return the latest versions once all is published."""
    latest = {one.name: one for one in profiles}
    for one in found.ordered:
        repaired = one.repair.repaired
        latest[repaired.name] = replace(repaired, uid=f"uid-{repaired.name}")
    return list(latest.values())


def matches(local: Stack, profiles: Sequence[Profile]) -> bool:
    """Whether some selection matches a stack exactly."""
    return next(iter(exact_selections(local, profiles)), None) is not None


def test_one_version_for_many_stacks_comes_first() -> None:
    """What two stacks share is published once; the order unlocks most clusters early."""
    fleet = [
        (stack_of("addon/grafana 44.3.1", k8s="1.32.0"), 200),
        (stack_of("addon/loki 2.0.0", k8s="1.32.0"), 12),
        (stack_of("addon/loki 3.0.0", k8s="1.32.0"), 5),
    ]
    found = fewest_publications(fleet, PROFILES)
    assert [(one.repair.profile.name, one.clusters) for one in found.ordered] == [
        ("infra", 212),
        ("loki", 217),
    ]
    assert str(found.ordered[0]) == "publish infra with edge-k8s 1.32.0 (it has 1.31.0)"
    assert (found.clusters, found.matched, found.hopeless) == (217, 0, 0)
    assert found.is_exact
    assert all(matches(local, published(found, PROFILES)) for local, _ in fleet)


def test_a_profile_that_is_needed_as_it_is_stays() -> None:
    """Only a latest version can be selected: what matches now goes on matching."""
    fleet = [(stack_of(), 100), (stack_of(k8s="1.32.0"), 200)]
    found = fewest_publications(fleet, PROFILES)
    (one,) = found.ordered
    assert (one.is_copy, one.repair.is_new, one.repair.profile.name) == (True, True, "infra-2")
    assert "publish a new profile infra-2" in str(one)
    assert (found.matched, found.clusters) == (100, 200)
    assert all(matches(local, published(found, PROFILES)) for local, _ in fleet)


def test_of_two_changes_the_one_for_more_clusters_goes_into_the_profile() -> None:
    """The other is published under a name of its own."""
    fleet = [(stack_of(k8s="1.32.0"), 5), (stack_of(k8s="1.33.0"), 50)]
    found = fewest_publications(fleet, PROFILES)
    assert [(one.repair.profile.name, one.clusters) for one in found.ordered] == [
        ("infra", 50),
        ("infra-2", 55),
    ]
    assert all(matches(local, published(found, PROFILES)) for local, _ in fleet)


def test_where_nothing_is_near_it_is_said() -> None:
    """Without any base profile there is nothing to repair."""
    found = fewest_publications([(stack_of(), 3)], [OBSERVE])
    assert (found.ordered, found.hopeless, found.clusters) == ((), 3, 0)
    assert fewest_publications([], PROFILES) == Publications(chosen={})


@pytest.mark.parametrize("seed", range(40))
def test_what_is_promised_holds_and_nothing_less_does(seed: int) -> None:
    """Published, each stack matches; no choice among the nearest selections needs fewer."""
    chance = seeded(seed)
    addons = ["grafana", "loki", "mimir"]

    def some_stack() -> Stack:
        chosen = chance.sample(addons, chance.randint(0, 3))
        layers = [f"addon/{name} {chance.choice('12')}.0.0" for name in chosen]
        return stack_of(*layers, k8s=f"1.3{chance.randint(1, 3)}.0")

    profiles = [INFRA, *(make_profile(name, f"addon/{name} 1.0.0") for name in addons)]
    fleet = [(one, chance.randint(1, 9)) for one in dict.fromkeys(some_stack() for _ in range(5))]
    found = fewest_publications(fleet, profiles)
    after = published(found, profiles)
    assert found.hopeless == 0
    assert all(matches(local, after) for local, _ in fleet)
    assert found.clusters + found.matched == sum(count for _, count in fleet)
    if found.ordered:
        assert found.ordered[-1].clusters == found.clusters
    options = [
        [
            {("" if r.is_new else r.profile.name, r.layers) for r in one.repairs}
            for one in propose(local, profiles, None).nearest
            if one.repairs
        ]
        for local, _ in fleet
        if not matches(local, profiles)
    ]
    fewest = min((len(set().union(*choice)) for choice in product(*options)), default=0)
    assert len(found.ordered) == fewest
    assert found.is_exact
