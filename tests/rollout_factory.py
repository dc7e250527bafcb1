"""Rollouts and approvals for tests: documents as operators write them."""

from typing import Any

from pairctl.spec import RolloutSpec, approval_digest
from scenario_factory import World, document
from sim_factory import Document

FLEET = {"matchLabels": {"fleet": "emea"}}


def labelled(intent: Document, wave: str = "", **labels: str) -> Document:
    """Give an intent the labels of the fleet, and of a wave."""
    own = {"fleet": "emea", **({"wave": wave} if wave else {}), **labels}
    return {**intent, "metadata": {**intent["metadata"], "labels": own}}


def wave(name: str, **more: Any) -> Document:
    """Write a wave that selects by its own name."""
    return {"name": name, "select": {"matchLabels": {"wave": name}}, **more}


def rollout(*waves: Document, name: str = "emea", **spec: Any) -> Document:
    """Write a rollout of the fleet: of a canary and the rest, unless waves are given."""
    in_order = list(waves) or [wave("canary"), {"name": "rest"}]
    return document("Rollout", name, {"select": FLEET, "waves": in_order, **spec})


def rollout_spec(*waves: Document, **spec: Any) -> RolloutSpec:
    """Make the spec of a rollout."""
    return RolloutSpec.model_validate(rollout(*waves, **spec)["spec"], strict=False)


def window(days: list[str] | None = None, begin: str = "02:00", end: str = "05:00") -> Document:
    """Write a window in Lisbon."""
    written = {"from": begin, "to": end, "timeZone": "Europe/Lisbon"}
    return {**written, "days": days} if days else written


def rollout_approval(wave_name: str, generations: dict[str, str], **spec: Any) -> Document:
    """Write an approval of a wave that covers intents in these generations."""
    fields = {
        "rollout": "emea",
        "wave": wave_name,
        "intents": sorted(generations),
        "digest": approval_digest("emea", wave_name, generations.items()),
    }
    return document("RolloutApproval", f"{wave_name}-approved", {**fields, **spec})


def fleet(w: World, waves: dict[int, str], **spec: Any) -> list[Document]:
    """Write intents of hosts by number, each in a wave by its label."""
    return [labelled(w.intent(number, **spec), of) for number, of in waves.items()]
