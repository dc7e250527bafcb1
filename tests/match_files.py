"""Matches as data files: a cluster, profiles as Palette lists them, a ProfileMatch, the answer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pairctl.apis.local_ui_answers import Applications
from pairctl.apis.profile_answers import ProfileItem
from pairctl.layers import Stack, match, propose, side_by_side
from pairctl.pairing import ProfileListing, prove
from pairctl.spec import ProfileMatchSpec

FOLDER = Path(__file__).parent / "data" / "matches"


@dataclass(frozen=True)
class MatchFile:
    """One file: what is given, and what is expected."""

    local: Stack
    listings: tuple[ProfileListing, ...]
    wanted: ProfileMatchSpec
    expected: dict[str, Any]

    def answer(self) -> dict[str, Any]:
        """Give what pairctl makes of it, in the words of the file."""
        proof = prove(self.local, self.wanted, self.listings)
        rows = side_by_side(self.local, proof.match or match(self.local, ()))
        told: dict[str, Any] = {
            "reason": proof.problem.reason if proof.problem else "ExactMatch",
            "selection": [profile.name for profile in proof.selection],
            "explanation": [
                f"{row.local or '-'} | {row.selected or '-'} | {row.profile or '-'} | {row.verdict}"
                + (f": {row.note}" if row.note else "")
                for row in rows
            ],
        }
        if proof.problem is None:
            return told
        latest = [listing.latest for listing in self.listings if listing.latest]
        nearest = propose(self.local, latest, proof.match).nearest
        told["message"] = proof.problem.message
        if "hint" in self.expected:
            told["hint"] = proof.problem.hint
        told["nearest"] = [
            f"{' + '.join(p.name for p in one.match.selection)} | {one.distance} | {one}"
            for one in nearest
        ]
        return told


def read(path: Path) -> MatchFile:
    """Read a file. Both sides pass through the very models that read the servers' answers."""
    told = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    listings = (_listed(number, one) for number, one in enumerate(told["profiles"]))
    return MatchFile(
        Applications.model_validate(
            {"clusterProfileTemplates": [{"packs": told["cluster"]}]}
        ).stack(),
        tuple(ProfileItem.model_validate(item).fact() for item in listings),
        ProfileMatchSpec.model_validate({"palette": "production", **told["match"]}, strict=False),
        told["expected"],
    )


def _listed(number: int, told: dict[str, Any]) -> dict[str, Any]:
    """Write a profile as an item of Palette's list; a draft has no published part."""
    uid = f"uid-{number}"
    older = [{"uid": f"{uid}-{v}", "version": v} for v in told.get("olderVersions", ())]
    published = {"type": told["type"], "packs": told["packs"]}
    return {
        "metadata": {
            "uid": uid,
            "name": told["name"],
            "annotations": {"scope": told.get("scope", "project")},
        },
        "specSummary": {
            "version": told["version"],
            "versions": [*older, {"uid": uid, "version": told["version"]}],
            "published": None if told.get("isDraft") else published,
        },
    }
