"""Reasons of intents whose next step is decided, or under way."""

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import Phase

_NEXT = (
    "the next pass, or the next run of a single `apply`: it looks again, and takes the step or "
    "says what is in the way"
)

STEPS = Group(
    "A step is decided, or under way",
    "`watch` and `apply --wait` go on by themselves, and look again soon; a single `apply` takes "
    "one step, and the next run the next. The words that begin with `Ready` are what `plan` shows; "
    "in a status they stand after a single `apply`, and where the step was held up between the "
    "decision and the sending, because the world had changed, the call did not get through, or "
    "pairctl was stopped.",
    (
        Reason(
            "ReadyToRequest",
            "all that a request needs is proven: a healthy cluster, an exact match, a usable "
            "token, and hosts that reach Palette. The next step sends the pairing request",
            _NEXT,
            phases=(Phase.WAITING,),
        ),
        Reason(
            "WaitingForTurn",
            "the next step is known, and others go first: no more is begun at once than Palette's "
            "published limits let pairctl look at again in time, and than `requestsAtOnce` allows",
            "the next pass, or the next run of a single `apply`",
            phases=(Phase.WAITING, Phase.REQUESTED),
        ),
        Reason(
            "ActionUnderWay",
            "the step is claimed and was begun, and the server takes its time: what came of it was "
            "not heard of yet. Nothing else is done for the cluster, and nobody waits for it",
            "the answer, or the end of the request's time",
            phases=(Phase.WAITING, Phase.REQUESTED),
        ),
        Reason(
            "LookTooOld",
            "the step was claimed, and not sent: the last look before it took longer than "
            "`timing.lookSeconds`, by default five seconds, as often as there was time for one "
            "under the claim. A last look at a slow host is one round of calls behind Palette's "
            "lists: three seconds a call are in time, five are not. After three tries it is "
            "`Blocked`, and tried every ten minutes",
            "another try",
            "see why the host, or Palette, is slow; where it stays so, raise `timing.lookSeconds` "
            "above twice what one call takes, and `timing.actSeconds` to three times that",
            phases=(Phase.WAITING, Phase.REQUESTED, Phase.BLOCKED),
        ),
        Reason(
            "ReadyToAccept",
            "our request is pending, acknowledged and proven. The next step accepts it, which "
            "cannot be undone",
            _NEXT,
            phases=(Phase.REQUESTED,),
        ),
        Reason(
            "LeftToItsSender",
            "the request was sent by hand, or the answer to its sending was lost, and it is young: "
            "another pairctl, with a status branch of its own, may be about to accept it",
            "it is as old as `timing.adoptAfterSeconds` in the operator's file says, by Palette's "
            "own times; then it is accepted like pairctl's own",
            phases=(Phase.REQUESTED,),
        ),
        Reason(
            "ReadyToWithdraw",
            "`desired: Local`, and the host holds a pending request. The next step withdraws it",
            _NEXT,
            phases=(Phase.REQUESTED,),
        ),
        Reason(
            "ReadyToReject",
            "`desired: Rejected`, and Palette has the request pending; or `desired: Local`, and "
            "Palette still has a request that the host gave up. The next step rejects it in "
            "Palette",
            _NEXT,
            phases=(Phase.REQUESTED,),
        ),
        Reason(
            "ReplacingRequest",
            "the host's request goes to another Palette, the intent has `replaceRequest: true`, "
            "and all that a new request needs is proven. The next step withdraws the old one",
            _NEXT,
            phases=(Phase.BLOCKED,),
        ),
        Reason(
            "RejectingForDarkHost",
            "`desired: Local`, the host does not answer, and its request is pending in Palette. "
            "The next step rejects it there; the host goes on believing in it until it answers "
            "again",
            _NEXT,
            phases=(Phase.BLOCKED,),
        ),
        Reason(
            "NotArrived",
            "the request was sent, and Palette does not list it yet. It is never sent a second "
            "time. After 15 minutes the phase is `Blocked`",
            "Palette lists the request, or it is taken back",
            "nothing at first; once `Blocked`, check that the registration token belongs to this "
            "project and that the hosts reach Palette. To send the request anew, take it back "
            "with `desired: Local` first",
            phases=(Phase.REQUESTED, Phase.BLOCKED),
        ),
        Reason(
            "WaitingForConsole",
            "our request is pending and proven, and a person accepts it: `acceptance: Console`, "
            "or `Auto` where Palette's pairing routes do not answer",
            "Palette or the host shows that the request was accepted or rejected, or something "
            "that was proven holds no more",
            "what `humanAction` says: it names the request, the profiles to choose, and the clicks",
            phases=(Phase.REQUESTED,),
        ),
        Reason(
            "ChangingOver",
            "the request was accepted, and the cluster is not seen to be paired yet",
            "the host says that it is managed centrally, and Palette has the cluster",
            phases=(Phase.ACCEPTED,),
        ),
        Reason(
            "ChangingOverSlowly",
            "the request was accepted more than 1 hour ago, and the cluster is still not seen to "
            "be paired",
            "the host says that it is managed centrally, and Palette has the cluster",
            "look at the cluster in Palette and at Local UI on its hosts; nothing is to be sent "
            "again",
            phases=(Phase.ACCEPTED,),
        ),
        Reason(
            "ChangeOverFailed",
            "the request was accepted, and the host says that it was rejected or failed",
            "the host says that it is managed centrally, and Palette has the cluster",
            "look at the cluster in Palette and at Local UI, and repair or delete it there",
            phases=(Phase.ACCEPTED,),
        ),
        Reason(
            "AcceptedRequestGone",
            "the request was accepted, and Palette lists neither it nor the cluster, while the "
            "host still has it",
            "Palette has the cluster, or the host has no request any more",
            "look for the cluster in Palette, in all projects; if it was deleted there, cancel "
            "the request in Local UI",
            phases=(Phase.ACCEPTED,),
        ),
    ),
)
