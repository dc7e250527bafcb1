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
            "intent, or the cluster's name into the column of its row: "
            'it is Palette\'s "I understand", and the last way out',
        ),
        _blocked(
            "ApplianceNotAcknowledged",
            "the host's settings name an appliance type: Palette's own appliance is managed "
            "locally like any cluster, and pairing the one that hosts Palette is a trap",
            "the intent acknowledges this type, or the host names none",
            "leave Palette's own appliance local; if another is meant, write `acknowledge: "
            "{centralManagementOnly: CLUSTER, applianceType: TYPE}` into the intent",
        ),
        _blocked(
            "ApprovalMissing",
            "the Palette, or the operator's file, says `requireApproval: true`, the request is "
            "pending and proven, and no approval is committed for the intent, or none where the "
            "operator's file wants it. Also where nothing in Palette says which cluster has sent "
            "the request: then the approval has to name its pairing id",
            "a PairingApproval for the intent is committed that names its digest",
            "look at what would be accepted; `pairctl approve NAME` prints the approval to commit",
        ),
        _blocked(
            "ApprovalOutdated",
            "the approval names another digest than that of what would be accepted now: the "
            "documents, the cluster, its request, its layers or the profiles have changed since",
            "the approval names the digest as it is now",
            "write what `pairctl approve NAME` prints over the old approval: the diff shows other "
            "layers and profiles, the log other documents; commit it if all is meant",
        ),
        Reason(
            "RequestRefused",
            "the request was rejected or has failed, by the host's word or by Palette's. It is "
            "not sent again in the same attempt",
            "`attempt` in the intent is larger than the number of refused requests that show",
            "settle it with the other side, then write the `attempt` that the status names",
            phases=(Phase.FAILED,),
        ),
        _blocked(
            "HostStillWaits",
            "Palette has refused the request, another attempt is allowed, and the host still "
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
            "MayBeLeftInPalette",
            "a request of this cluster was withdrawn at the host, and Palette's pairing routes do "
            "not answer: a host that cannot reach Palette leaves its request there, and a second "
            "one beside it could be the one that is accepted",
            "Palette's list shows that the request is gone, or the intent allows another attempt",
            "look in Palette for the pairing id in the message, reject that request if it is "
            "there, and raise `attempt` in the intent",
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
            "host, Palette's list, the request in Palette and the intent do not name one cluster: "
            "the host may speak of a request that is not its own. It is neither accepted nor "
            "rejected nor withdrawn",
            "all of them name one cluster, or the request is gone",
            "look at the request in Palette, and reject it there if it is not to be",
        ),
        _blocked(
            "OtherThanNamed",
            "the intent names the cluster by `cluster.uid`, or the edge host by `localUI.hostUid`, "
            "and another one answers at the address",
            "the one that is named answers, or the intent names another",
            "check the address below `localUI` (`endpoint`, or each of `endpoints`), or correct "
            "the uid in the intent",
        ),
        _blocked(
            "ClusterNotMeant",
            "the intent names no `cluster.uid`, and the cluster that the host shows has neither "
            "the name that is acknowledged, nor that of `cluster.name`, nor the intent's own",
            "the address leads to the cluster that is meant, or the intent names its uid",
            "check the address below `localUI` (`endpoint`, or each of `endpoints`); if this "
            "cluster is meant, write the line that the status "
            "has into the intent",
        ),
        _blocked(
            "ClusterNotNamed",
            "`desired: Local`: Palette does not say which cluster has sent the request that is to "
            "be rejected, neither in its list nor in the request",
            "Palette names it, or the intent names the request",
            "look at the request in Palette; if it is this cluster's, name it as "
            "`request.pairingUid`",
        ),
        _blocked(
            "OtherRequest",
            "the intent names a request as `request.pairingUid`, and the host reports another one",
            "the host reports the one that is named, or the intent names none",
            "correct `request.pairingUid` in the intent, or leave it out",
        ),
        _blocked(
            "ForeignRequest",
            "Palette has another pending request of this cluster, or the host reports another one "
            "than pairctl has sent: somebody else sends requests for it, who does not share this "
            "status branch",
            "one request is left, and it is the one that was sent or that the intent names",
            "let all that pair this cluster share one status branch; reject the request in "
            "Palette that is not to be",
        ),
        _blocked(
            "RequestNotOurs",
            "the operator's file says `adoptRequests: Never`, and the request was sent by hand, "
            "or the answer to its sending was lost",
            "the intent names the request as `request.pairingUid`",
            "if it is meant, write the line that the status has into the intent",
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
