"""Reasons that lie with the pairing request, on the host or in Palette."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import Phase

_blocked = partial(Reason, phases=(Phase.BLOCKED,))

REQUEST = Group(
    "The pairing request",
    "The phase is `Blocked`, for `RequestRefused` it is `Failed`. What host and Palette show does "
    "not fit what the intent wants, and pairctl leaves both as they are.",
    (
        _blocked(
            "NotAcknowledged",
            "the request is pending and proven, and the intent does not say for this very cluster "
            "that it can only be managed centrally afterwards",
            "the intent has the acknowledgement, with the local cluster's name",
            "if that is meant, write `acknowledge: {centralManagementOnly: CLUSTER}` into the "
            'intent: it is Palette\'s "I understand", and the last way out',
        ),
        _blocked(
            "ApprovalMissing",
            "the Palette, or the operator's file, says `requireApproval: true`, the request is "
            "pending and proven, and no approval is committed for the intent, or none where the "
            "operator's file wants it",
            "a PairingApproval for the intent is committed that names its digest",
            "look at what would be accepted; `pairctl approve NAME` prints the approval to commit",
        ),
        _blocked(
            "ApprovalOutdated",
            "the approval names another digest than that of what would be accepted now: the "
            "documents, the cluster, its layers or the profiles have changed since",
            "the approval names the digest as it is now",
            "write what `pairctl approve NAME` prints over the old approval: the diff shows other "
            "layers and profiles, the log other documents; commit it if all is meant",
        ),
        Reason(
            "RequestRefused",
            "the request was rejected or has failed, by the host's word or by Palette's. It is "
            "not sent again for the same intent",
            "the intent changes",
            "settle it with the other side, then raise `attempt` in the intent",
            phases=(Phase.FAILED,),
        ),
        _blocked(
            "HostStillWaits",
            "Palette has refused the request, the intent has changed since, and the host still "
            "shows the request as pending. Sending another would be refused",
            "the host knows that its request is over; then a new one is sent",
            "wait for the host, or cancel the request in Local UI",
        ),
        _blocked(
            "LeftInPalette",
            "Palette still has an open request of this cluster that the host does not have any "
            "more. With a second one it would be unclear which is accepted",
            "the request is gone from Palette",
            "reject that request in Palette",
        ),
        _blocked(
            "PendingElsewhere",
            "the host has a request to another Palette",
            "that request is gone, or the intent says to replace it",
            "cancel it in Local UI, or write `replaceRequest: true` into the intent",
        ),
        _blocked(
            "AcceptedElsewhere",
            "the host's request was accepted by another Palette",
            "the intent changes",
            "name that Palette in the intent, or delete the intent: there is no way back",
        ),
        _blocked(
            "ManagedElsewhere",
            "the host is managed centrally, and this Palette has no such cluster in the project",
            "Palette lists the cluster, or the intent changes",
            "check `endpoint` and `project` of the Palette document; what is paired cannot be "
            "paired again",
        ),
        _blocked(
            "DuplicateSuspected",
            "the host reports one request, and Palette shows another of this cluster that was, or "
            "may have been, accepted",
            "one request is left for the cluster",
            "look at both requests in Palette, and reject the one that is not to be",
        ),
        _blocked(
            "RequestStateUnknown",
            "host or Palette give the request a state whose word pairctl does not know, so that "
            "nothing follows from it",
            "the state is one that is known",
            "look at the request there, and report the word to the makers of pairctl",
        ),
        _blocked(
            "RequestNotSeen",
            "the request in Palette was not looked at, so its layers could not be compared",
            "the next pass",
        ),
        _blocked(
            "RequestOfAnotherCluster",
            "`desired: Local`: the host reports a request as its own, and Palette lists it for "
            "another cluster. It is not rejected",
            "the two agree, or the request is gone",
            "look at the request in Palette, and reject it there if it is not to be",
        ),
        _blocked(
            "TooLate",
            "`desired: Local` or `Rejected`, and the request was accepted. What is managed "
            "centrally stays so",
            "the intent changes",
            "write `desired: Paired`, or delete the intent to stop looking after the cluster",
        ),
        _blocked(
            "TagsNotSeen",
            "`desired: Rejected` by tags, and the tags of the pending requests were not seen",
            "a pass sees them",
        ),
        _blocked(
            "SeveralRequests",
            "`desired: Rejected` by tags, and several pending requests have them. None is rejected",
            "one of them is left",
            "name the one that is meant as `request.pairingUid`, an intent each",
        ),
        _blocked(
            "PairingRoutesUnknown",
            "Palette does not answer at the paths of its pairing requests, which are not "
            "published, and the intent needs them: `acceptance: Api`, or `desired: Rejected`",
            "Palette answers there, or the Palette document says `acceptance: Console`",
            "find the paths with `pairctl routes --har`, and give them as `routes` in the "
            "operator's file; or leave the click to a person",
        ),
    ),
)
