"""The profiles that the simulated Palette holds."""

from datetime import UTC, datetime

from pairctl.sim.palette.catalog import Catalog, Profile
from sim_factory import GRAFANA

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_latest_is_what_was_published_last() -> None:
    """Order of publishing counts, not the number; a draft is never the latest."""
    catalog, identity = Catalog(), Profile("addons", "add-on", None)
    catalog.publish(identity, "2.0.0", [GRAFANA], at=NOW)
    newest = catalog.publish(identity, "1.9.0", [GRAFANA], at=NOW)
    draft = catalog.publish(identity, "3.0.0", [GRAFANA], at=NOW, is_published=False)
    found = catalog.find("addons")
    assert found is not None
    assert (found.latest and found.latest.uid, found.draft and found.draft.uid) == (newest, draft)
    assert found.shown.uid == newest


def test_every_version_has_a_uid_of_its_own() -> None:
    """The same version of the same profile in another scope is another object."""
    catalog = Catalog()
    uids = {
        catalog.publish(Profile("addons", "add-on", project), version, [GRAFANA], at=NOW)
        for project in (None, "p1", "p2")
        for version in ("1.0.0", "1.1.0")
    }
    assert len(uids) == 6


def test_a_project_sees_its_own_profiles_and_the_tenants() -> None:
    """The tenant's scope shows the tenant's only."""
    catalog = Catalog()
    for name, project in (("ours", "p1"), ("theirs", "p2"), ("shared", None)):
        catalog.publish(Profile(name, "infra", project), "1.0.0", [GRAFANA], at=NOW)
    assert [profile.name for profile in catalog.visible_from("p1")] == ["ours", "shared"]
    assert [profile.name for profile in catalog.visible_from(None)] == ["shared"]
