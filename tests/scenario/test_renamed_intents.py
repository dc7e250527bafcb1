"""An intent that gets another name: what holds it back, and what is known of it, goes with it."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from pairctl.engine import Reconciler, Settings, run_until_settled
from pairctl.exits import Exit
from scenario_factory import API, EVERY_S, World, profile_match, world
from sim_factory import Document, host_document


def called(w: World, name: str, **spec: object) -> Document:
    """Write the intent of store-1 under a name."""
    document = w.intent(**spec)
    return {**document, "metadata": {**document["metadata"], "name": name}}


def test_what_is_on_record_goes_with_an_intent_to_its_new_name(tmp_path: Path) -> None:
    """Which cluster was seen first at its address, and the request that pairctl itself has sent."""
    with world(tmp_path, adoptRequests="Never") as w:
        w.commit(called(w, "store-1", acknowledge=None))
        w.apply()
        before = w.status("store-1")
        assert w.kinds() == ["request"]
        w.commit(called(w, "shop-1"))
        assert "accept" in w.run("plan").stdout
        w.apply()
        assert w.told("shop-1") == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        after = w.status("shop-1")
        assert (after["pinned"], after["sent"]) == (before["pinned"], before["sent"])
        assert "status/store-1.yaml" not in w.files()
        assert w.run("plan").returncode == Exit.OK


def test_another_cluster_at_its_address_is_held_back_under_a_new_name_too(tmp_path: Path) -> None:
    """Who renames an intent says nothing of which cluster answers at its address."""
    with world(tmp_path) as w:
        w.commit(called(w, "store-1", acknowledge=None, suspend=False))
        w.one_pass()
        seen = w.files()["status/store-1.yaml"].decode()
        w.push_status({"status/store-1.yaml": seen.replace(w.cluster_uid(), "another-cluster")})
        w.commit(called(w, "shop-1"))
        w.apply()
        assert w.told("shop-1")[0] == "Blocked"
        assert "accept" not in w.kinds()
        assert "another-cluster" in w.status("shop-1")["message"]


def test_a_run_for_others_leaves_a_renamed_intent_as_it_is(tmp_path: Path) -> None:
    """What is on record of it goes with it in the first run that is about it."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.commit(called(w, "store-1", acknowledge=None), w.intent(2, suspend=True))
        w.apply()
        before = w.status("store-1")
        w.commit(called(w, "shop-1", acknowledge=None), w.intent(2))
        assert w.run("apply", "store-2").returncode == Exit.OK
        assert "status/shop-1.yaml" not in w.files()
        assert w.status("store-1") == before
        w.apply()
        assert w.status("shop-1")["sent"] == before["sent"]
        assert "status/store-1.yaml" not in w.files()


def test_a_name_of_before_that_comes_back_knows_what_was_found_in_between(tmp_path: Path) -> None:
    """In runs for one intent as well: nothing stays under a name that no intent has any more."""
    with world(tmp_path, host_document(1), host_document(2), adoptRequests="Never") as w:
        other, short = w.intent(2, suspend=True), profile_match("short", ("infra",))
        w.commit(called(w, "store-1", profileMatch="short"), other, short, profile_match())
        w.apply()
        assert w.told("store-1")[0] == "Blocked"
        assert "pinned" in w.status("store-1")
        w.commit(called(w, "shop-1", acknowledge=None, cluster={"uid": w.cluster_uid()}), other)
        w.run("apply", "shop-1")
        sent = w.status("shop-1")["sent"]
        assert "status/store-1.yaml" not in w.files()
        w.commit(called(w, "store-1"), other)
        w.run("apply", "--wait", "store-1")
        assert w.status("store-1")["sent"] == sent
        assert w.told("store-1") == ("Paired", "Paired")
        assert "status/shop-1.yaml" not in w.files()


def test_a_renamed_intent_is_held_back_in_a_commit_that_is_known_in_part_too(
    tmp_path: Path,
) -> None:
    """Whether the old name is gone is not known then: what is on record counts under both."""
    with world(tmp_path) as w:
        w.commit(called(w, "store-1", acknowledge=None, suspend=False))
        w.one_pass()
        seen = w.files()["status/store-1.yaml"].decode()
        w.push_status({"status/store-1.yaml": seen.replace(w.cluster_uid(), "another-cluster")})
        w.commit(called(w, "shop-1"), **{"broken.yaml": f"apiVersion: {API}\nkind: ["})
        w.apply()
        assert w.told("shop-1")[0] == "Blocked"
        assert "another-cluster" in w.status("shop-1")["message"]
        assert "status/store-1.yaml" in w.files()
        assert "accept" not in w.kinds()


def test_what_others_note_under_the_old_name_meanwhile_goes_with_it(tmp_path: Path) -> None:
    """Another writer, which has not seen the commit yet, records the request that it has sent."""
    with world(tmp_path, adoptRequests="Never") as w:
        w.commit(called(w, "store-1", acknowledge=None))
        w.apply()
        known = w.files()["status/store-1.yaml"].decode()
        sent = w.status("store-1")["sent"]["pairingUid"]
        w.push_status({"status/store-1.yaml": known.replace(sent, "sent-before")})
        w.commit(called(w, "shop-1"))

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            publish, left = settings.repository.publish, [known]

            async def overtaken(*given: Any, **named: Any) -> str:
                if left:
                    w.push_status({"status/store-1.yaml": left.pop()})
                return await publish(*given, **named)

            with patch.object(settings.repository, "publish", overtaken):
                await run_until_settled(reconciler, settings, every_s=EVERY_S)

        w.with_engine(work)
        assert w.status("shop-1")["sent"]["pairingUid"] == sent
        assert w.told("shop-1") == ("Paired", "Paired")


def test_a_new_name_with_a_mistake_beside_it_loses_nothing(tmp_path: Path) -> None:
    """Until it can be read it is not known which intent of before it is."""
    with world(tmp_path, adoptRequests="Never") as w:
        w.commit(called(w, "store-1", acknowledge=None))
        w.apply()
        w.commit(called(w, "shop-1", desired="Pared"))
        w.apply()
        assert w.told("shop-1") == ("Blocked", "Invalid")
        w.commit(called(w, "shop-1"))
        w.apply()
        assert w.told("shop-1") == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert "status/store-1.yaml" not in w.files()
