"""Reasons of conditions: what was seen, whatever the decision comes to."""

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import ConditionType, Truth

_NEXT_LOOK = "a pass sees it otherwise"

FACTS = Group(
    "What was seen",
    "These stand in conditions only. They ask nothing of anybody; what stands in the way of the "
    "intent is told by its phase.",
    (
        Reason(
            "Valid",
            "the intent, and all that it refers to, has no findings",
            "a commit changes that",
            conditions=(ConditionType.VALID,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Answered",
            "Palette and Local UI answered in this pass",
            _NEXT_LOOK,
            conditions=(ConditionType.REACHABLE,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Running",
            "the cluster is `Running`, and every node is healthy",
            _NEXT_LOOK,
            conditions=(ConditionType.HEALTHY,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Verified",
            "the hosts reach Palette, by their own check",
            "the request is sent, or the check says no",
            conditions=(ConditionType.CONNECTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "RequestArrived",
            "Palette lists the host's request, or the cluster is paired: so the hosts reach "
            "Palette",
            _NEXT_LOOK,
            conditions=(ConditionType.CONNECTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "ExactMatch",
            "the selection has exactly the layers that the cluster was just seen to have; the "
            "message names the profiles",
            "the cluster, a profile or the ProfileMatch changes",
            conditions=(ConditionType.LAYERS_MATCHED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Sent",
            "the host holds the request that the answer to pairctl's own sending named",
            "the request is refused or withdrawn, or the cluster is paired",
            conditions=(ConditionType.REQUESTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Named",
            "the host holds the request that the intent names as `request.pairingUid`",
            "the request is refused or withdrawn, or the cluster is paired",
            conditions=(ConditionType.REQUESTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Adopted",
            "the host holds a request to this Palette that was sent by hand, or the answer to its "
            "sending was lost. It is accepted like pairctl's own where all sources name one "
            "cluster, unless the operator's file says `adoptRequests: Never`",
            "the request is refused or withdrawn, or the cluster is paired",
            conditions=(ConditionType.REQUESTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Complete",
            "the cluster is paired; its request has done its work",
            "for ever",
            conditions=(ConditionType.REQUESTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "NoRequest",
            "the host has no pairing request to this Palette",
            "one is sent",
            conditions=(ConditionType.REQUESTED,),
        ),
        Reason(
            "RequestRejected",
            "the host says that its request was rejected",
            "another request is sent",
            conditions=(ConditionType.REQUESTED,),
        ),
        Reason(
            "RequestFailed",
            "the host says that its request failed",
            "another request is sent",
            conditions=(ConditionType.REQUESTED,),
        ),
        Reason(
            "Accepted",
            "the host or Palette shows that the request was accepted. Palette accepts nothing but "
            "an exact match, so the layers count as matched from then on",
            "for ever",
            conditions=(ConditionType.ACCEPTED, ConditionType.LAYERS_MATCHED),
            truth=Truth.TRUE,
        ),
        Reason(
            "Pending",
            "Palette shows the request as one that waits to be accepted",
            "it is accepted, rejected or withdrawn",
            conditions=(ConditionType.ACCEPTED,),
        ),
        Reason(
            "NotAccepted",
            "neither the host nor Palette shows a request as accepted",
            "one is accepted",
            conditions=(ConditionType.ACCEPTED,),
        ),
        Reason(
            "NotPaired",
            "the cluster is not paired, so Palette's cluster list says nothing of its health",
            "it is paired",
            conditions=(ConditionType.HEALTHY_IN_PALETTE,),
            truth=Truth.UNKNOWN,
        ),
        Reason(
            "HealthNotReported",
            "the cluster is paired, and Palette's cluster list says nothing of its health so far",
            f"{_NEXT_LOOK}: each pass reads the list",
            conditions=(ConditionType.HEALTHY_IN_PALETTE,),
            truth=Truth.UNKNOWN,
        ),
        Reason(
            "HealthUnknown",
            "the cluster is paired, and Palette's cluster list had a word for its health that is "
            "neither `Healthy` nor `Unhealthy`. The words are not published, and none is guessed: "
            "the message has the first one that was seen",
            "the list says one of these two words",
            "look at the cluster in Palette",
            conditions=(ConditionType.HEALTHY_IN_PALETTE,),
            truth=Truth.UNKNOWN,
        ),
        Reason(
            "UnhealthyInPalette",
            "the cluster is paired, and Palette's cluster list said that it is unhealthy, and "
            "never yet that it is healthy",
            "the list says that it is healthy",
            "look at the cluster in Palette",
            conditions=(ConditionType.HEALTHY_IN_PALETTE,),
        ),
        Reason(
            "HealthyAfterPairing",
            "Palette's cluster list said at least once since the pairing that the cluster is "
            "healthy",
            "the intent is about another cluster of Palette. It stays while the cluster gets "
            "unhealthy later on: how it is now stands in Palette",
            conditions=(ConditionType.HEALTHY_IN_PALETTE,),
            truth=Truth.TRUE,
        ),
        Reason(
            "NotObserved",
            "nobody looked, or nothing could be seen: the side that would tell did not answer, or "
            "the intent does not need it, or is suspended",
            "a pass looks",
            conditions=tuple(
                kind
                for kind in ConditionType
                if kind not in (ConditionType.VALID, ConditionType.READY)
            ),
            truth=Truth.UNKNOWN,
        ),
    ),
)
