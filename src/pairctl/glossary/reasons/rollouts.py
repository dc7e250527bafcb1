"""Reasons of intents that a rollout holds back."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import Phase

_held = partial(Reason, phases=(Phase.BLOCKED,))
_of_rollouts = partial(Reason, of_rollouts=True)

ROLLOUTS = Group(
    "Held back by a rollout",
    "The phase is `Blocked`: the intent is ready, and its rollout does not let it begin now. What "
    "was accepted is seen through in any case, and taking back is never held.",
    (
        _held(
            "WaitingForWave",
            "a wave before that of the intent is not complete: its intents are not all paired in "
            "the generation that is wanted now, or Palette does not show them as healthy",
            "all of the wave before are paired and healthy; dark and unhealthy ones within "
            "`unreachable` and `unhealthy` of the rollout are left out",
            "nothing; `status/rollouts/` on the status branch says which intents it waits for",
        ),
        _held(
            "WaitingForWaveApproval",
            "the wave has `gate: Approval`, and no committed RolloutApproval covers the intent as "
            "it is now: there is none, it does not name the intent, or one of the intents that it "
            "covers has changed since",
            "a RolloutApproval is committed that covers the intent",
            "commit what `pairctl approve --wave ROLLOUT/WAVE` prints, once it may begin",
        ),
        _held(
            "OutsideWindow",
            "no window of the rollout is open. The message says when the next one opens, in UTC",
            "the window opens, by the clock on the wall in its time zone",
            "nothing",
        ),
        _held(
            "ClocksDiffer",
            "a window of the rollout is open by the clock of the machine that pairctl runs on, and "
            "none by Palette's, which is off by more than `timing.clockMarginSeconds`: one of the "
            "two is wrong",
            "the clocks agree, or the window is open by both",
            "set the clock that is wrong; `pairctl doctor` says how far they are apart",
        ),
        _held(
            "PaceReached",
            "as many clusters of the rollout are under way, or were accepted within the hour, as "
            "its `pace` allows. Clusters count, by evidence and claims",
            "another is paired, or an hour has passed",
            "nothing; to go faster, raise `pace` of the rollout",
        ),
        _held(
            "RolloutHalted",
            "so many intents of the rollout have failed as its `haltWhen` names. The message says "
            "which",
            "a commit mends what failed, or changes `haltWhen`",
            "see what failed; raise `attempt` in its intent once it is mended",
        ),
        _held(
            "RolloutSuspended",
            "the rollout has `suspend`; the message says why, and who wrote it",
            "`suspend` is taken out of the rollout",
            "take it out once the rollout may go on",
        ),
        _held(
            "InNoWave",
            "the rollout selects the intent, and none of its waves does",
            "a wave selects the intent",
            "give the rollout a last wave without `select`, or the intent another label",
        ),
        _held(
            "InSeveralRollouts",
            "several rollouts select the intent, and which of them counts nobody could say",
            "one rollout selects the intent",
            "change the labels of the intent, or what the rollouts select",
        ),
        _held(
            "NoRollout",
            "no rollout selects the intent, and the operator's file asks for one "
            "(`requireRollout: true`)",
            "a rollout selects the intent",
            "give the intent a label that a rollout selects, or commit a rollout",
        ),
        _held(
            "RolloutUnreadable",
            "no rollout that can be read selects the intent, and one that cannot be read, or has "
            "errors, may",
            "the rollout can be read",
            "mend what `pairctl validate` shows",
        ),
    ),
)

ROLLOUT_WAITS = Group(
    "What only a rollout waits for",
    "Said in `waitsFor` of a rollout's status, beside the reasons above, and of no intent.",
    (
        _of_rollouts(
            "MembersLeft",
            "all waves are done, and intents are left that are not paired: dark ones, which "
            "`unreachable.allowedPercent` lets a wave leave behind, or some that no wave selects",
            "they are paired: a site that is back is caught up by itself",
            "see why the sites that the message names do not answer",
        ),
        _of_rollouts(
            "MembersUnknown",
            "files or rows cannot be read, and what stands in them may be intents of the rollout",
            "they can be read",
            "mend what `pairctl validate` shows",
        ),
    ),
)
