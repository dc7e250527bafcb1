"""Reasons of intents that have nothing left to do."""

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import Phase, Truth

SETTLED = Group(
    "Nothing is left to do",
    "`Ready` is True, but for `Suspended`. pairctl looks again with every pass, and acts on "
    "nothing.",
    (
        Reason(
            "Paired",
            "the host says that it is managed centrally, and Palette has the cluster among those "
            "that are registered",
            "for ever: pairing cannot be undone. Should Palette no longer list the cluster, or "
            "the intent change, the host is asked again",
            "nothing; where `humanAction` names another pending request of this cluster, reject "
            "that one in Palette",
            phases=(Phase.PAIRED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Local",
            "`desired: Local`: the host is managed locally, and no pairing request of the cluster "
            "is pending",
            "a request shows up on either side, or the intent changes",
            "nothing; where Palette's pairing routes do not answer, look in Palette that no "
            "request of this cluster is left",
            phases=(Phase.LOCAL,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Rejected",
            "`desired: Rejected`: Palette has no pending request of this pairing id, or with "
            "these tags",
            "such a request shows up again, or the intent changes",
            "nothing; keep the intent while such requests may come again, else delete it",
            phases=(Phase.REJECTED,),
            truth=Truth.TRUE,
        ),
        Reason(
            "Suspended",
            "the intent has `suspend: true`. Nothing is sent, and nothing that is under way is "
            "taken back",
            "`suspend` is removed from the intent",
            "remove `suspend: true` when pairctl is to go on",
            phases=(Phase.WAITING,),
        ),
    ),
)
