"""Reasons of intents for which nothing is done, whatever the world looks like."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import ConditionType, Phase

_blocked = partial(Reason, phases=(Phase.BLOCKED,))

HELD = Group(
    "Held back",
    "The phase is `Blocked`. What is in the way is the intent itself, another intent, a cap, or "
    "an earlier action whose outcome is open.",
    (
        _blocked(
            "Invalid",
            "the intent, or a document that it refers to, has findings. The message is the first "
            "of them, with file, line and column. What was known of the cluster stays on record",
            "the documents are corrected in the branch that pairctl reads",
            "correct what `pairctl validate` shows; `pairctl explain CODE` tells more of a finding",
            conditions=(ConditionType.VALID,),
        ),
        _blocked(
            "DuplicateTarget",
            "the host turned out to belong to the same cluster as that of another intent, by "
            "another of its addresses. The other may be paired, suspended or blocked",
            "one intent is left for the cluster, or one that names it as `cluster.uid`",
            "keep one intent for the cluster, with one of its hosts",
        ),
        _blocked(
            "TooManyAtOnce",
            "the request is ready to be accepted, and the cap of the operator's file is reached: "
            "`acceptancesAtOnce`, `acceptancesPerHour` or `acceptancesPerRun`. Clusters count, by "
            "evidence and claims, whatever became of their intents",
            "there is a free place under the cap: another is paired, an hour has passed, or the "
            "next run",
            "nothing; to go faster, raise `limits` in the operator's file. Of places that are "
            "taken at a Palette that no document names any more, as after its address was changed, "
            "the status says how they get free",
        ),
        _blocked(
            "OutcomeUnknown",
            "an action was claimed, perhaps sent, and what came of it is not to be seen. It may "
            "still take effect, so nothing else is done for this cluster",
            "its effect is seen, or the claim's time is over. Who stays (`watch`, `apply --wait`) "
            "waits for the whole of it; a single `apply` goes by Palette's clock and a margin",
            "nothing; look at both sides if it comes again and again",
        ),
        _blocked(
            "OutcomeUnknownAgain",
            "an action was sent three times in one generation, each time after the claim before "
            "had ended, and neither its outcome nor an effect was to be seen; the message has the "
            "last words of the server, which may have been a yes",
            "the intent changes, or the effect is seen",
            "look at both sides, do what the server's words ask for, then raise `attempt`",
        ),
        _blocked(
            "ClaimUnreadable",
            "a file among the claims of the status branch cannot be read, or is not named for the "
            "cluster that it speaks of, and it may be about this one. What cannot be read frees "
            "nobody. Each such file also takes a place of `requestsAtOnce`, since it may be of a "
            "request that is on its way: where it takes the last one, no request is sent",
            "the file is gone from the status branch, or can be read",
            "look at both sides; if nothing is under way, delete the file from the status branch",
        ),
        _blocked(
            "Defect",
            "pairctl itself went wrong while it looked at the host, or at Palette. Other intents "
            "go on",
            "a pass gets through",
            "report the message: it names the place in pairctl, and holds nothing of yours",
            conditions=(ConditionType.REACHABLE,),
        ),
    ),
)
