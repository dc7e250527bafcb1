"""The shape of a reason: one word of a status, and what there is to know of it."""

from dataclasses import dataclass

from pairctl.pairing import ConditionType, Phase, Truth


@dataclass(frozen=True, slots=True)
class Reason:
    """One word: when it is set, until when, and what a person does; `action` is empty for nothing.

    `phases` are those that it can be the reason of; a word without any is said of conditions only.
    `conditions` are those that can carry it beside Ready, which carries the reason of the phase;
    `truth` is the status that it gives them. `of_rollouts` is what a rollout itself waits for.
    """

    word: str
    when: str
    until: str
    action: str = ""
    phases: tuple[Phase, ...] = ()
    conditions: tuple[ConditionType, ...] = ()
    truth: Truth = Truth.FALSE
    of_rollouts: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Reasons that are told together, with what all of them have in common."""

    title: str
    about: str
    reasons: tuple[Reason, ...]
