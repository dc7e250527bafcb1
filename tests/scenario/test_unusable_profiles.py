"""Profiles that Palette has and that cannot be selected: the status and `explain` say which."""

import json
from pathlib import Path

import pytest

from endings import EndsAs
from scenario_factory import profile_match, quick_palette, world
from sim_factory import GRAFANA, Document, palette_document, profile


def draft(name: str) -> Document:
    """Describe an add-on profile that was never published."""
    made = profile(name, "add-on", ("1.0.0", (GRAFANA,)), project="edge-retail")
    made["versions"][0]["draft"] = True
    return made


PROFILES = [
    *palette_document()["profiles"],
    draft("addons-draft"),
    profile("addons-system", "system", ("1.0.0", (GRAFANA,))),
]
CASES = {
    "addons-draft": ("ProfileNotPublished", "it has no published version, only a draft"),
    "addons-system": ("SelectionInvalid", "is of type system, which cannot be selected"),
    "addons-darft": ("ProfileNotFound", "Palette has no profile named addons-darft"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_profile_that_cannot_be_selected_is_told_from_one_that_is_missing(
    tmp_path: Path, name: str, ends_as: EndsAs
) -> None:
    """By the pass that looked at Palette, and by `explain`, which has only what that wrote down."""
    reason, words = CASES[name]
    match = profile_match(profiles=("infra", name))
    with world(
        tmp_path,
        palette=quick_palette(profiles=PROFILES),
        fleet=lambda w: [match, w.intent()],
    ) as w:
        w.apply()
        assert w.told() == ("Blocked", reason)
        assert words in w.status()["message"]
        told = w.run("explain", "store-1", "-o", "json", rules=False)
        assert told.returncode == 3, told.stderr
        explained = json.loads(told.stdout)
        assert (explained["reason"], explained["message"]) == (reason, w.status()["message"])
        assert explained["humanAction"] == w.status()["humanAction"]
        nearest = [one["profiles"] for one in explained["nearest"]]
        assert {p["name"] for one in nearest for p in one} <= {"infra", "addons", "full"}
        ends_as(w, f"profile-{name}")
