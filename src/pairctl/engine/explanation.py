"""Explaining a match from what the last pass saw: no secret, and nobody but Git is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pairctl.engine.ledger import OBSERVED_FOLDER, Ledger, read_ledger
from pairctl.engine.settings import Settings
from pairctl.engine.source import Source, read_source
from pairctl.engine.yaml_text import parse_yaml
from pairctl.layers import (
    Layer,
    Profile,
    Proposals,
    Row,
    Stack,
    match,
    propose,
    side_by_side,
    stack,
)
from pairctl.pairing import Intent, ProfileListing, Proof, prove
from pairctl.problem import PairctlError, Problem


@dataclass(frozen=True, slots=True)
class Explanation:
    """The proof of one intent's match, its two stacks side by side, and what would match.

    `users` are the other intents that select a profile by its name, by profile.
    """

    name: str
    cluster: str
    proof: Proof
    rows: tuple[Row, ...]
    proposals: Proposals = field(default_factory=Proposals)
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


async def explain_observed(name: str, settings: Settings) -> Explanation:
    """Explain an intent's match. Raises PairctlError where it, or an observation, is not there."""
    await settings.repository.refresh()
    source = await read_source(settings.repository, settings.ref, settings.under)
    intent = _intent(name, source)
    ledger = await read_ledger(settings.repository)
    cluster = _observed(ledger, f"clusters/{name}", f"cluster of {name}")
    palette = _observed(ledger, f"palettes/{intent.palette_name}", intent.palette_name)
    local = _stack(cluster.get("layers", []))
    assert intent.match is not None
    listings = _listings(palette.get("profiles", []))
    proof = prove(local, intent.match, listings)
    return Explanation(
        name,
        str(cluster.get("cluster", "")),
        proof,
        side_by_side(local, proof.match or match(local, ())),
        propose(local, [one.latest for one in listings if one.latest], proof.match),
        _users(source, intent),
    )


def _users(source: Source, explained: Intent) -> dict[str, tuple[str, ...]]:
    users: dict[str, list[str]] = {}
    for name, intent in sorted(source.intents.items()):
        if name != explained.name and intent.palette_name == explained.palette_name:
            for reference in (intent.match and intent.match.profiles) or ():
                users.setdefault(reference.name, []).append(name)
    return {profile: tuple(names) for profile, names in users.items()}


def _intent(name: str, source: Source) -> Intent:
    intent = source.intents.get(name)
    if intent is None or intent.match is None:
        known = ", ".join(sorted(source.intents)[:5]) or "none"
        why = "selects no profiles" if intent else f"is not there (there is: {known})"
        raise PairctlError(
            Problem("NoMatch", f"intent {name} {why}", "run `pairctl validate`, or check the name")
        )
    return intent


def _observed(ledger: Ledger, path: str, what: str) -> Mapping[str, Any]:
    told = parse_yaml(ledger.files.get(f"{OBSERVED_FOLDER}{path}.yaml", b""))
    observed = told.get("observed")
    if not isinstance(observed, dict):
        raise PairctlError(
            Problem("NotSeenYet", f"{what} has not been seen yet", "run `pairctl apply` first")
        )
    return observed


def _stack(layers: list[Mapping[str, str]]) -> Stack:
    return stack(Layer(item["layer"], item["name"], item["version"]) for item in layers)


def _listings(profiles: list[Mapping[str, Any]]) -> list[ProfileListing]:
    return [
        ProfileListing(
            item["name"],
            Profile(
                item["uid"], item["name"], item["version"], item["type"], _stack(item["layers"])
            ),
        )
        for item in profiles
    ]
