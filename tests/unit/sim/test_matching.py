"""The simulator's own judgement of a match."""

from datetime import UTC, datetime

import pytest

from pairctl.sim import Choice, Pack
from pairctl.sim.palette.catalog import Catalog, Profile
from pairctl.sim.palette.matching import objections
from sim_factory import GRAFANA, HELLO, INFRA_PACKS, OLD_GRAFANA

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOCAL = (*INFRA_PACKS, GRAFANA)


def _publish(
    catalog: Catalog, name: str, kind: str, *packs: Pack, version: str = "1.0.0"
) -> Choice:
    profile = Profile(name, kind, None)
    return Choice(catalog.publish(profile, version, packs, at=NOW))


def _codes(catalog: Catalog, *choices: Choice) -> list[str]:
    return [found.code for found in objections(catalog, None, LOCAL, choices)]


@pytest.mark.parametrize(
    ("infra", "addons", "expected"),
    [
        pytest.param(INFRA_PACKS, [GRAFANA], [], id="A: infra and add-on"),
        pytest.param(
            INFRA_PACKS, [OLD_GRAFANA], ["PackMissing", "PackExtra"], id="C: wrong version"
        ),
        pytest.param(INFRA_PACKS, [GRAFANA, HELLO], ["PackExtra"], id="D: a pack too many"),
        pytest.param(INFRA_PACKS, [GRAFANA, GRAFANA], ["PackExtra"], id="a pack matched twice"),
        pytest.param(INFRA_PACKS[:3], [GRAFANA], ["PackMissing"], id="a pack not matched"),
    ],
)
def test_infra_and_addons_match_only_the_same_packs(
    infra: tuple[Pack, ...], addons: list[Pack], expected: list[str]
) -> None:
    """Seed: every pack is matched by the same pack in the same version, and none is extra."""
    catalog = Catalog()
    choices = (
        _publish(catalog, "infra", "infra", *infra),
        _publish(catalog, "a", "add-on", *addons),
    )
    assert _codes(catalog, *choices) == expected


def test_one_full_profile_stands_for_infra_and_addon() -> None:
    """Seed, combination B: how packs are spread over profiles does not matter."""
    catalog = Catalog()
    assert _codes(catalog, _publish(catalog, "full", "cluster", *reversed(LOCAL))) == []


def test_older_version_is_refused_even_when_its_packs_match() -> None:
    """Seed: only the latest version of a profile can be chosen."""
    catalog = Catalog()
    old = _publish(catalog, "full", "cluster", *LOCAL)
    _publish(catalog, "full", "cluster", *LOCAL, version="1.1.0")
    assert _codes(catalog, old) == ["ProfileNotLatest"]


def test_a_selection_has_exactly_one_base_profile() -> None:
    """A cluster stands on one infra or one full profile."""
    catalog = Catalog()
    addon = _publish(catalog, "addon", "add-on", *LOCAL)
    assert _codes(catalog, addon) == ["NotOneBaseProfile"]
    one = _publish(catalog, "one", "infra", *INFRA_PACKS)
    two = _publish(catalog, "two", "infra", GRAFANA)
    assert _codes(catalog, one, two) == ["NotOneBaseProfile"]


def test_unknown_and_foreign_profiles_are_refused() -> None:
    """A profile of another project is as good as none."""
    catalog = Catalog()
    foreign = catalog.publish(Profile("f", "cluster", "other"), "1.0.0", LOCAL, at=NOW)
    assert _codes(catalog, Choice(foreign), Choice("nobody")) == ["ProfileNotFound"] * 2


def test_objections_name_the_pack() -> None:
    """Whoever reads a refusal learns which pack is meant, in which version."""
    catalog = Catalog()
    found = objections(catalog, None, LOCAL, [_publish(catalog, "i", "infra", *INFRA_PACKS)])
    assert "addon prometheus-grafana 44.3.1" in found[0].message


def test_variables_and_values_for_nothing_are_refused() -> None:
    """An acceptance may only set what the chosen profiles have."""
    catalog = Catalog()
    uid = catalog.publish(
        Profile("full", "cluster", None), "1", LOCAL, at=NOW, variables=["region"]
    )
    assert _codes(catalog, Choice(uid, {"region": "emea"}, ("cni-calico",))) == []
    wrong = Choice(uid, {"city": "Lisbon"}, ("hello-universe",))
    assert _codes(catalog, wrong) == ["VariableNotFound", "PackNotFound"]
