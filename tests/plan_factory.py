"""Plans for tests of how they are told, without a world that they were made on."""

from typing import Any

from pairctl.engine import PlanDocument, PlannedIntent
from pairctl.engine.plan.planned import summarized

COMMIT = "3f2c1ab" + "0" * 33
BASE = "1a2b3c4" + "0" * 33


def make_planned(name: str = "store-1", **changes: Any) -> PlannedIntent:
    """Make an intent that is blocked; changes are fields by their YAML names."""
    fields = {
        "name": name,
        "phase": "Blocked",
        "reason": "NodeUnhealthy",
        "message": "1 of 2 nodes not healthy",
        "humanAction": "repair node-2",
    }
    return PlannedIntent.model_validate(fields | changes, strict=False)


def make_action(verb: str = "request", **changes: Any) -> dict[str, Any]:
    """Make an action; sending a request unless told otherwise."""
    fields = {
        "verb": verb,
        "isOneWay": verb == "accept",
        "text": f"{verb} it",
        "localUid": "local-1",
    }
    return fields | changes


def accepting(name: str = "store-1", **changes: Any) -> PlannedIntent:
    """Make an intent that would be accepted now."""
    fields = {
        "phase": "Requested",
        "action": make_action("accept"),
        "leadsOneWay": True,
        "humanAction": "",
    }
    return make_planned(name, **(fields | changes))


def make_document(*intents: PlannedIntent, **changes: Any) -> PlanDocument:
    """Make the plan of these intents."""
    fields = {
        "api_version": "pairctl/v1alpha1",
        "kind": "Plan",
        "commit": COMMIT,
        "intents": intents,
        "summary": summarized(intents),
    }
    made = PlanDocument(**(fields | changes))
    return made.model_copy(update={"digest": made.own_digest})
