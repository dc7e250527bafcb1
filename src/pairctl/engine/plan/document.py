"""The plan as a document, for people, machines and `apply --plan`. Its schema is published."""

from datetime import datetime
from typing import Any, Literal

from pairctl.engine.desired.change import ChangeKind
from pairctl.pairing import Basis, ConditionType, Phase, RolloutPhase, Truth, is_blocked
from pairctl.spec import Code, SecretRole, Written, digest, model_schema


class PlannedProfile(Written):
    """A profile that would be selected."""

    name: str
    version: str
    uid: str


class PlannedAction(Written):
    """The one thing to do for an intent now."""

    verb: Literal["request", "accept", "withdraw", "reject"]
    is_one_way: bool
    text: str
    local_uid: str
    pairing_uid: str = ""
    profiles: tuple[PlannedProfile, ...] = ()


class PlannedCondition(Written):
    """A condition, as a status has it."""

    type: ConditionType
    status: Truth
    reason: str
    message: str = ""


class PlannedChange(Written):
    """A value of a pack that the pairing would change; both sides as they may be shown."""

    layer: str
    pack: str
    path: str
    local: str
    profile: str


class PlannedConfiguration(Written):
    """What the pairing would change in the values of packs, and the first few of it.

    `digest` is over the real values of all of it: what `reviewed` of a ProfileMatch names.
    """

    digest: str
    count: int
    changes: tuple[PlannedChange, ...] = ()
    notes: tuple[str, ...] = ()


class PlannedIntent(Written):
    """What is decided for one intent, and what that rests on.

    No `phase`: too little is known without credentials. `leadsOneWay`: no more commits are needed
    until the cluster is accepted; `missingConsent` is why a request that is sent now is not, the
    reason of what a person has to commit or click first. `note` is what else should be known,
    and decides nothing. `digest` is over `basis`, as it is before secrets are taken out.
    """

    name: str
    change: ChangeKind | None = None
    phase: Phase | None = None
    reason: str = ""
    message: str = ""
    waiting_for: str = ""
    human_action: str = ""
    action: PlannedAction | None = None
    leads_one_way: bool = False
    missing_consent: str | None = None
    conditions: tuple[PlannedCondition, ...] = ()
    configuration: PlannedConfiguration | None = None
    note: str = ""
    basis: Basis | None = None
    digest: str | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether a person, or the world, has to do something first."""
        is_known = self.phase is not None and self.action is None
        return is_known and is_blocked(self.phase, self.human_action)

    @property
    def is_settled(self) -> bool:
        """Whether what is desired holds."""
        return self.phase in (Phase.PAIRED, Phase.LOCAL, Phase.REJECTED) and self.action is None


class PlannedDeletion(Written):
    """An intent that the change deletes, and what that means."""

    name: str
    message: str


class PlannedSecret(Written):
    """A secret that the change sends somewhere new, by its name; never its value.

    `variable` is the profile variable whose value it becomes, stored in Palette.
    """

    name: str
    role: SecretRole
    destination: str
    variable: str = ""


class UnseenPalette(Written):
    """A Palette that could not be looked at, and why."""

    name: str
    reason: str
    message: str
    hint: str = ""


class PlannedRefusal(Written):
    """What is wrong with a file or document that is not followed, in the words of `validate`.

    `line` and `column` are 1-based.
    """

    path: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""


class PlannedWave(Written):
    """One wave of a rollout: how many of its intents lead to an acceptance, and from when on.

    The instants are at the earliest, in UTC; left out where none is to come by itself, or no window
    opens within a year, and `beginsAt` where that is now. `unapproved` wait for an approval.
    """

    name: str
    intents: int
    paired: int
    leads_one_way: int
    unapproved: int = 0
    begins_at: datetime | None = None
    ends_at: datetime | None = None


class PlannedRollout(Written):
    """How far a rollout is, and what is to come of it by itself, of all of its intents.

    `calls` (HTTP requests), `lastsSeconds` (where windows were always open) and `endsAt` are bounds
    from below: by pace, caps, windows and Palette's limits, where nothing fails and nobody has to
    be waited for. `reason` and `waitsFor` are why nothing more begins now.
    """

    name: str
    phase: RolloutPhase
    current: str = ""
    reason: str = ""
    waits_for: str = ""
    goes_on_at: datetime | None = None
    intents: int
    paired: int
    dark: int = 0
    blocked: int = 0
    failed: int = 0
    leads_one_way: int
    calls: int = 0
    lasts_seconds: int | None = None
    ends_at: datetime | None = None
    waves: tuple[PlannedWave, ...] = ()


class PlanSummary(Written):
    """How many intents there are of each sort."""

    intents: int
    to_do: int
    one_way: int
    leads_one_way: int
    blocked: int
    not_known: int
    refused: int


class PlanDocument(Written):
    """A plan of one commit. `digest` is over all the rest of it, and no signature.

    With `base` it holds only what differs because of the change from that commit; of those that are
    `unsure` it is not known whether they do. Where `isRemembered`, it rests on what the last pass
    wrote down, and nobody was asked. `refused` is of the whole commit: what else would be planned,
    if it could be read, is not known. `rollouts` are those that it is about.
    """

    api_version: Literal["pairctl/v1alpha1"]
    kind: Literal["Plan"]
    commit: str
    base: str | None = None
    is_remembered: bool = False
    refused: tuple[PlannedRefusal, ...] = ()
    intents: tuple[PlannedIntent, ...]
    rollouts: tuple[PlannedRollout, ...] = ()
    unseen_palettes: tuple[UnseenPalette, ...] = ()
    deleted: tuple[PlannedDeletion, ...] = ()
    unsure: tuple[str, ...] = ()
    secrets: tuple[PlannedSecret, ...] = ()
    refused_secrets: tuple[str, ...] = ()
    summary: PlanSummary
    digest: str = ""

    @property
    def own_digest(self) -> str:
        """The digest as the content has it."""
        return digest(self.model_copy(update={"digest": ""}))

    def data(self) -> dict[str, Any]:
        """Return the document as JSON has it."""
        return self.model_dump(mode="json", exclude_none=True)


def plan_schema() -> str:
    """Return the published JSON Schema of a plan."""
    return model_schema(PlanDocument, "Plan")
