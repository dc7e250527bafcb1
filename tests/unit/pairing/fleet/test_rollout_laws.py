"""Laws of rollouts, over made-up campaigns: what may begin, and what is never held.

`ROLLOUT_RUNS` says how many campaigns; `make soak` takes 10,000.
"""

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_factory import FLEET, STATES, decision, member, taking_back
from examples import count
from pairctl.pairing import (
    Decision,
    Evidence,
    RolledOut,
    RolloutDocuments,
    RolloutHistory,
    roll_out,
)
from pairctl.spec import (
    DAYS,
    Gate,
    RolloutApprovalSpec,
    RolloutSpec,
    Window,
    approval_digest,
)
from pairing_factory import NOW

RUNS = int(os.environ.get("ROLLOUT_RUNS", count(200)))
MANY = settings(max_examples=RUNS)
pytestmark = pytest.mark.timeout(300 + RUNS)
NAMES = tuple("abcdefgh")
WAVES = ("one", "two", "three")
STEPS = 30
HOUR = timedelta(hours=1)
UNTOUCHED = {"accepted", "paired", "unwell", "dark", "failed", "blocked"}


def windows() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Draw some windows, over midnight too, in zones whose clocks jump."""
    times = st.sampled_from(["00:00", "01:30", "02:00", "02:30", "06:00", "22:00"])
    ends = st.sampled_from(["00:30", "01:45", "02:45", "03:00", "08:00", "23:00"])
    one = st.fixed_dictionaries(
        {
            "days": st.lists(st.sampled_from(DAYS), min_size=1, max_size=4),
            "from": times,
            "to": ends,
            "timeZone": st.sampled_from(["UTC", "Europe/Lisbon", "Australia/Sydney"]),
        }
    )
    return st.lists(one, min_size=1, max_size=2)


@st.composite
def specs(draw: st.DrawFn, *, is_calm: bool = False) -> RolloutSpec:
    """Draw a rollout; one that is calm halts for nothing, and is not suspended."""
    count = draw(st.integers(1, 3))
    waves: list[dict[str, Any]] = [
        {"name": name, "select": {"matchLabels": {"wave": name}}} for name in WAVES[:count]
    ]
    if is_calm or draw(st.booleans()):
        waves.append({"name": "rest"})
    for one in waves:
        if draw(st.integers(0, 3)) == 0:
            one["gate"] = "Approval"
    fields: dict[str, Any] = {"select": FLEET, "waves": waves, "pace": {}}
    for key in ("atOnce", "perHour"):
        if value := draw(st.integers(0, 3)):
            fields["pace"][key] = value
    if draw(st.booleans()):
        fields["windows"] = draw(windows())
    if not is_calm:
        fields["haltWhen"] = draw(
            st.sampled_from([{}, {"failed": 1}, {"failed": 2}, {"failedPercent": 40}])
        )
        for key in ("unreachable", "unhealthy"):
            fields[key] = {"allowedPercent": draw(st.sampled_from([0, 25, 50, 100]))}
        if draw(st.integers(0, 7)) == 0:
            fields["suspend"] = {"reason": "holidays", "by": "ops"}
    return RolloutSpec.model_validate(fields, strict=False)


@dataclass
class Campaign:
    """A made-up fleet, as the world has it: where each cluster is, and what was accepted when."""

    spec: RolloutSpec
    waves: dict[str, str]
    states: dict[str, str]
    now: datetime = NOW
    generations: dict[str, str] = field(default_factory=dict)
    accepted_at: dict[str, datetime] = field(default_factory=dict)
    paired_at: dict[str, datetime] = field(default_factory=dict)
    approvals: list[RolloutApprovalSpec] = field(default_factory=list)

    def generation(self, name: str) -> str:
        """Give what is wanted of a member now."""
        return self.generations.get(name, "sha256:one")

    @property
    def documents(self) -> RolloutDocuments:
        """What the commit says; beside the members there is one that is to stay local."""
        intents = {name: member(name, self.generation(name)) for name in self.waves}
        labels = {name: {"fleet": "emea", "wave": one} for name, one in self.waves.items()}
        back = taking_back("z").case.intent
        return RolloutDocuments(
            {"emea": self.spec},
            {**intents, "z": back},
            {**labels, "z": {"fleet": "emea", "wave": WAVES[-1]}},
            tuple(self.approvals),
        )

    @property
    def history(self) -> RolloutHistory:
        """What is on record of the last hour."""
        recent = tuple(
            Evidence(
                cluster=f"local-{name}",
                id=f"claim-{name}",
                intent=name,
                pairing_uid=f"u-{name}",
                palette="palette",
                branch="branch",
                seen_at=at,
                paired_at=self.paired_at.get(name),
            )
            for name, at in self.accepted_at.items()
            if self.now - at < HOUR
        )
        return RolloutHistory((), recent)

    def decisions(self) -> dict[str, Decision]:
        """Decide on each by itself."""
        own = {n: decision(n, state, self.generation(n)) for n, state in self.states.items()}
        return {**own, "z": taking_back("z")}

    def roll_out(self, history: RolloutHistory | None = None) -> RolledOut:
        """Hold all against the rollout."""
        history = self.history if history is None else history
        return roll_out(self.documents, self.decisions(), {}, history, now=self.now)

    def act(self, name: str, chance: random.Random | None = None) -> None:
        """Do what may begin: it works, or, by chance, meets a no."""
        if chance and chance.random() < 0.1:
            self.states[name] = "failed"
        elif self.states[name] == "ready":
            self.states[name] = "pending"
        else:
            self.states[name], self.accepted_at[name] = "accepted", self.now

    def go_on(self, chance: random.Random | None = None) -> None:
        """Let time pass for what was accepted."""
        for name, state in self.states.items():
            if state == "accepted" and (chance is None or chance.random() < 0.5):
                is_well = chance is None or chance.random() < 0.8
                self.states[name] = "paired" if is_well else "unwell"
                self.paired_at[name] = self.now

    def approve(self, wave: str) -> None:
        """Commit an approval of all that is in a wave now."""
        names = [name for name in self.waves if self.wave_of(name) == wave]
        if names:
            pairs = [(name, self.generation(name)) for name in names]
            digest = approval_digest("emea", wave, pairs)
            self.approvals.append(
                RolloutApprovalSpec(rollout="emea", wave=wave, intents=names, digest=digest)
            )

    def wave_of(self, name: str) -> str | None:
        """Give the wave of a member, by its label."""
        known = [one.name for one in self.spec.waves]
        rest = known[-1] if self.spec.waves[-1].select is None else None
        return self.waves[name] if self.waves[name] in known else rest

    def in_wave(self, wave: str) -> list[str]:
        """Give the states of a wave's members."""
        return [state for name, state in self.states.items() if self.wave_of(name) == wave]


@st.composite
def campaigns(draw: st.DrawFn, *, is_calm: bool = False) -> Campaign:
    """Draw a campaign: in a calm one all is ready and nothing goes wrong."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    labels = st.sampled_from([*WAVES, "elsewhere"])
    begun = st.just("ready") if is_calm else st.sampled_from(STATES)
    return Campaign(
        draw(specs(is_calm=is_calm)),
        {name: draw(labels) for name in names},
        {name: draw(begun) for name in names},
        NOW + timedelta(minutes=draw(st.integers(0, 60 * 24 * 40))),
    )


def shakes(campaign: Campaign, chance: random.Random) -> None:
    """Let something happen to the world, or a commit come."""
    name = chance.choice(list(campaign.states))
    state = campaign.states[name]
    match chance.randrange(8):
        case 0 if state in ("ready", "dark"):
            campaign.states[name] = "dark" if state == "ready" else "ready"
        case 1 if state in ("ready", "blocked"):
            campaign.states[name] = "blocked" if state == "ready" else "ready"
        case 2 if state == "failed":
            campaign.states[name] = "ready"
            campaign.generations[name] = f"sha256:{chance.randrange(100)}"
        case 3:
            campaign.approve(chance.choice(campaign.spec.waves).name)
        case 4 if state in ("paired", "unwell"):
            campaign.states[name] = "unwell" if state == "paired" else "paired"
        case 5 if state == "ready":
            campaign.generations[name] = f"sha256:{chance.randrange(100)}"
    campaign.now += timedelta(minutes=chance.choice([1, 20, 61, 60 * 7]))


# ── the rules, once more, as plainly as can be ───────────────────────────────────────────────────


def is_open_by_the_clock(one: Window, now: datetime) -> bool:
    """Whether the clock on the wall shows a time of the window."""
    wall = now.astimezone(ZoneInfo(one.time_zone))
    begin, end, shown = one.from_, one.to, f"{wall:%H:%M}"
    today, yesterday = DAYS[wall.weekday()], DAYS[wall.weekday() - 1]
    days = one.days or DAYS
    if begin < end:
        return today in days and begin <= shown < end
    return (today in days and shown >= begin) or (yesterday in days and shown < end)


def is_done(campaign: Campaign, wave: str) -> bool:
    """Whether the waves after one may begin."""
    states, spec = campaign.in_wave(wave), campaign.spec
    paired, dark = [s for s in states if s in ("paired", "unwell")], states.count("dark")
    return (
        len(paired) + dark == len(states)
        and dark * 100 <= spec.unreachable.allowed_percent * len(states)
        and states.count("unwell") * 100 <= spec.unhealthy.allowed_percent * len(states)
    )


def has_halted(campaign: Campaign) -> bool:
    """Whether as many have failed as make it halt."""
    halt, states = campaign.spec.halt_when, list(campaign.states.values())
    if halt.failed and states.count("failed") >= halt.failed:
        return True
    in_waves = [campaign.in_wave(one.name) for one in campaign.spec.waves]
    return halt.failed_percent is not None and any(
        wave.count("failed") and wave.count("failed") * 100 >= halt.failed_percent * len(wave)
        for wave in in_waves
    )


def is_covered(campaign: Campaign, name: str, wave: str) -> bool:
    """Whether an approval of the wave names the member, and is of what is wanted now."""
    return any(
        approval.wave == wave
        and name in approval.intents
        and approval.digest
        == approval_digest("emea", wave, [(n, campaign.generation(n)) for n in approval.intents])
        for approval in campaign.approvals
    )


def may_go_on(campaign: Campaign, name: str) -> bool:
    """Whether a member's wave may begin, by the waves before it and by its gate."""
    waves, wave = [one.name for one in campaign.spec.waves], campaign.wave_of(name)
    if wave is None or not all(is_done(campaign, one) for one in waves[: waves.index(wave)]):
        return False
    gate = campaign.spec.waves[waves.index(wave)].gate
    return gate is not Gate.APPROVAL or is_covered(campaign, name, wave)


def assert_lawful(campaign: Campaign, done: RolledOut) -> list[str]:
    """Assert that nothing begins that may not; gives what may."""
    raw, spec = campaign.decisions(), campaign.spec
    begins = [name for name in campaign.states if done.decisions[name].action]
    for name, decided in done.decisions.items():
        assert decided.action in (None, raw[name].action)
        if raw[name].action is None:
            assert decided is raw[name]
    assert done.decisions["z"] is raw["z"]
    waves = [one.name for one in spec.waves]
    for name in begins:
        wave = campaign.wave_of(name)
        assert wave is not None
        assert spec.suspend is None
        assert not has_halted(campaign)
        assert all(is_done(campaign, one) for one in waves[: waves.index(wave)])
        gate = spec.waves[waves.index(wave)].gate
        assert gate is not Gate.APPROVAL or is_covered(campaign, name, wave)
        if spec.windows:
            assert any(is_open_by_the_clock(one, campaign.now) for one in spec.windows)
    assert_paced(campaign, begins)
    return begins


def assert_paced(campaign: Campaign, begins: list[str]) -> None:
    """Assert that no more are accepted, and on their way, than the pace has."""
    pace = campaign.spec.pace
    accepts = [name for name in begins if campaign.states[name] == "pending"]
    hour = [at for at in campaign.accepted_at.values() if campaign.now - at < HOUR]
    lately = {n for n, at in campaign.accepted_at.items() if campaign.now - at < HOUR}
    not_paired = [name for name in lately if name not in campaign.paired_at]
    if pace.per_hour and accepts:
        assert len(hour) + len(accepts) <= pace.per_hour
    if pace.at_once and accepts:
        assert len(not_paired) + len(accepts) <= pace.at_once
    requests = [name for name in begins if campaign.states[name] == "ready"]
    if pace.at_once and requests:
        pending = sum(
            state == "pending" and may_go_on(campaign, name)
            for name, state in campaign.states.items()
        )
        assert pending + len(not_paired) + len(requests) <= pace.at_once


# ── the laws ─────────────────────────────────────────────────────────────────────────────────────


@MANY
@given(campaigns(), st.integers(0, 2**32))
def test_nothing_begins_outside_of_its_wave_window_gate_and_pace(
    campaign: Campaign, seed: int
) -> None:
    """Whatever happens meanwhile: no action outside of wave and window; a halt starts nothing."""
    chance = random.Random(seed)  # noqa: S311 - draws a campaign, guards nothing
    for _ in range(STEPS):
        begins = assert_lawful(campaign, campaign.roll_out())
        for name in begins:
            if chance.random() < 0.7:
                campaign.act(name, chance)
        campaign.go_on(chance)
        shakes(campaign, chance)


@MANY
@given(campaigns(is_calm=True))
def test_a_campaign_without_failures_ends(campaign: Campaign) -> None:
    """With its approvals, all are paired, those but whom no wave selects; and then it says so."""
    for wave in campaign.spec.waves:
        campaign.approve(wave.name)
    for _ in range(60):
        done = campaign.roll_out()
        state = done.states["emea"]
        begins = assert_lawful(campaign, done)
        for name in begins:
            campaign.act(name)
        campaign.go_on()
        campaign.now = state.goes_on_at or campaign.now + HOUR / 4
    assert set(campaign.states.values()) == {"paired"}
    assert campaign.roll_out().states["emea"].phase == "Complete"


@MANY
@given(campaigns(), st.data())
def test_dark_sites_within_their_budget_hold_no_wave(
    campaign: Campaign, data: st.DataObject
) -> None:
    """A wave whose others are paired and healthy is complete: the next one is open."""
    spec = campaign.spec
    for wave in spec.waves:
        names = [name for name in campaign.waves if campaign.wave_of(name) == wave.name]
        most = len(names) * spec.unreachable.allowed_percent // 100
        dark = data.draw(st.integers(0, most))
        campaign.states |= {
            name: "dark" if number < dark else "paired" for number, name in enumerate(names)
        }
    last = spec.waves[-1].name
    for name in campaign.states:
        if campaign.wave_of(name) == last and campaign.states[name] == "paired":
            campaign.states[name] = "ready"
    done = campaign.roll_out()
    reasons = {done.decisions[name].verdict.reason for name in campaign.states}
    assert "WaitingForWave" not in reasons
    assert all(wave.is_open for wave in done.states["emea"].waves)


@MANY
@given(campaigns(), specs())
def test_an_edit_of_a_rollout_makes_nothing_act_again(
    campaign: Campaign, other: RolloutSpec
) -> None:
    """Whatever it is changed into: only what would act without a rollout acts at all."""
    for name, state in campaign.states.items():
        campaign.states[name] = "paired" if state in UNTOUCHED else state
    campaign.roll_out()
    campaign.spec = other
    done, raw = campaign.roll_out(), campaign.decisions()
    for name, state in campaign.states.items():
        if state == "paired":
            assert done.decisions[name] is raw[name]
            assert done.decisions[name].action is None


@MANY
@given(campaigns(), st.sampled_from(NAMES))
def test_what_is_on_record_lets_nothing_begin(campaign: Campaign, name: str) -> None:
    """The actions with a history are among those without one, whatever it says."""
    free = campaign.roll_out(RolloutHistory())
    campaign.accepted_at[name] = campaign.now - HOUR / 2
    bound = campaign.roll_out()
    for one in campaign.states:
        assert bound.decisions[one].action in (None, free.decisions[one].action)


CLUSTERS = st.sampled_from([f"local-{name}" for name in NAMES])


@MANY
@given(campaigns(), st.dictionaries(st.sampled_from(NAMES), CLUSTERS))
def test_requests_on_record_let_nothing_begin(
    campaign: Campaign, requested: dict[str, str]
) -> None:
    """Whatever clusters statuses name as being on their way, each only takes a place."""
    free = campaign.roll_out()
    bound = campaign.roll_out(replace(campaign.history, requested=requested))
    for one in campaign.states:
        assert bound.decisions[one].action in (None, free.decisions[one].action)


@MANY
@given(campaigns())
def test_a_wave_is_judged_on_the_generation_that_is_wanted_now(campaign: Campaign) -> None:
    """A pairing on record, in whatever generation, opens no wave: what is decided now counts."""
    known: Mapping[str, bool | None] = dict.fromkeys(campaign.states, True)
    bound = roll_out(
        campaign.documents, campaign.decisions(), known, campaign.history, now=campaign.now
    )
    assert_lawful(campaign, bound)
    unseen = {n: one for n, one in campaign.decisions().items() if n != "a"}
    hidden = roll_out(campaign.documents, unseen, {"a": None}, campaign.history, now=campaign.now)
    campaign.states = {"a": "blocked", **{n: s for n, s in campaign.states.items() if n != "a"}}
    waves = [one.name for one in campaign.spec.waves]
    wave = campaign.wave_of("a")
    for name, one in hidden.decisions.items():
        if one.action and name != "z" and wave is not None:
            own = campaign.wave_of(name)
            assert own is not None
            assert waves.index(own) <= waves.index(wave)


def test_history_of_an_hour_ago_counts_no_more() -> None:
    """A place gets free when its hour is over, and when its cluster is paired."""
    one = RolloutSpec.model_validate(
        {"select": FLEET, "waves": [{"name": "all"}], "pace": {"atOnce": 1, "perHour": 1}},
        strict=False,
    )
    campaign = Campaign(one, {"a": "x", "b": "x"}, {"a": "accepted", "b": "ready"})
    campaign.accepted_at["a"] = NOW
    assert campaign.roll_out().decisions["b"].verdict.reason == "PaceReached"
    campaign.states["a"], campaign.paired_at["a"] = "paired", NOW
    assert campaign.roll_out().decisions["b"].verdict.reason == "PaceReached"
    later = replace(campaign, now=NOW + HOUR)
    assert later.roll_out().decisions["b"].action
