"""A registration token that lets nobody in is told before anything is sent, or shown to a host."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from endings import EndsAs
from pairctl.engine import Reconciler, Settings, SystemClock
from pairctl.sim import Fault
from scenario_factory import World, quick_palette, world
from sim_factory import TOKEN, Document

EXPIRED = {"expiresAt": "2020-01-02T03:04:00Z"}
OTHER = "simulated-token-of-somebody-else"
SECRET = {"store-token": TOKEN}


def palette_with(**token: Any) -> Document:
    """Describe a Palette whose one token is like this."""
    usual = {"name": "retail", "value": TOKEN, "defaultProject": "edge-retail"}
    return quick_palette(registrationTokens=[usual | token])


CASES = {
    "inactive": ({"active": False}, "TokenInactive", "activate"),
    "expired": (EXPIRED, "TokenExpired", "2020-01-02 03:04"),
    "of another project": ({"defaultProject": "lab"}, "TokenOtherProject", "edge-retail"),
    "unknown": ({"name": "other", "value": OTHER}, "", "retail"),
}


@pytest.mark.parametrize("is_secret", [False, True], ids=["by name", "by secret"])
@pytest.mark.parametrize("case", CASES)
def test_a_token_that_lets_nobody_in_is_told(
    tmp_path: Path, case: str, is_secret: bool, ends_as: EndsAs
) -> None:
    """Neither Palette nor the host gets a request, and the host is not even shown the token."""
    token, reason, words = CASES[case]
    wanted = {"secret": "store-token"} if is_secret else {"fromPalette": "retail"}
    unknown = ("TokenUnknown", "store-token") if is_secret else ("TokenNotFound", words)
    with world(
        tmp_path,
        palette=palette_with(**token),
        secrets=SECRET,
        fleet=lambda w: [w.intent(registrationToken=wanted)],
    ) as w:
        w.apply()
        status = w.status()
        expected, words = (reason, words) if reason else unknown
        assert (status["phase"], status["reason"]) == ("Blocked", expected)
        assert words in status["message"] + status["humanAction"]
        assert w.writes() == []
        received = w.running.simulation.journal.received
        assert not [one for one in received if one.path.endswith("verify-connection")]
        assert not any(TOKEN.encode() in body for body in w.files().values())
        way = "secret" if is_secret else "name"
        ends_as(w, f"token-{case.replace(' ', '-')}-by-{way}")


def test_a_token_that_is_usable_again_needs_no_change_of_the_intent(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """What was wrong in Palette is mended in Palette."""
    with world(tmp_path, palette=palette_with(active=False)) as w:
        w.apply()
        assert w.told() == ("Blocked", "TokenInactive")
        w.running.call(lambda sim: sim.palette.tokens.change("retail"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        ends_as(w, "token-usable-again")


TOKENS = "/v1/edgehosts/tokens"


def asked_for_tokens(w: World) -> int:
    """Count how often Palette was asked for its registration tokens."""
    return sum(one.path == TOKENS for one in w.running.simulation.journal.received)


@pytest.mark.parametrize("command", ["apply", "plan"])
def test_a_new_process_knows_the_token_of_a_pending_request(tmp_path: Path, command: str) -> None:
    """Before Palette can tell it in the words of an error: they are shown and written masked."""
    with world(tmp_path, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        w.apply()
        assert w.told() == ("Blocked", "NotAcknowledged")
        words = f"no profile for the holder of {TOKEN}"
        path = "/v1/dashboard/clusterprofiles"
        w.plan_faults(Fault("error", "palette", "POST", path, status=400, message=words, times=9))
        before = asked_for_tokens(w)
        done = w.run(command)
        assert "no profile for the holder of" in done.stdout + done.stderr
        assert TOKEN not in done.stdout + done.stderr
        assert not any(TOKEN.encode() in body for body in w.files().values())
        assert asked_for_tokens(w) == before + 1


def test_tokens_are_asked_for_once_in_a_run_and_never_for_what_is_not_pending(
    tmp_path: Path,
) -> None:
    """Many passes over a pending request ask once; a paired or a blocked one costs no request."""

    async def passes(reconciler: Reconciler, settings: Settings) -> None:
        del settings
        for _ in range(4):
            await reconciler.run_pass()

    with world(tmp_path, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))
        w.with_engine(passes)
        assert (w.told()[1], asked_for_tokens(w)) == ("NodeUnhealthy", 0)
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1"))
        w.apply()
        before = asked_for_tokens(w)
        w.with_engine(passes)
        assert (w.told()[1], asked_for_tokens(w)) == ("NotAcknowledged", before + 1)
        w.commit(w.intent())
        w.apply()
        before = asked_for_tokens(w)
        w.with_engine(passes)
        assert (w.told()[1], asked_for_tokens(w)) == ("Paired", before)


def test_a_token_given_as_a_secret_pairs(tmp_path: Path, ends_as: EndsAs) -> None:
    """The value is found among Palette's tokens, and never reaches the repository."""
    with world(
        tmp_path,
        secrets=SECRET,
        fleet=lambda w: [w.intent(registrationToken={"secret": "store-token"})],
    ) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert not any(TOKEN.encode() in body for body in w.files().values())
        assert TOKEN not in w.log()
        ends_as(w, "token-by-secret")


class WrongClock(SystemClock):
    """A clock that is wrong by so many days."""

    def __init__(self, days: float) -> None:
        self._by = timedelta(days=days)

    def now(self) -> datetime:
        return super().now() + self._by


@pytest.mark.parametrize(
    ("days_left", "wrong_by", "told"),
    [(-1, -365, ("Blocked", "TokenExpired")), (1, 365, ("Paired", "Paired"))],
)
def test_expiry_is_judged_by_palettes_clock(
    tmp_path: Path, days_left: float, wrong_by: float, told: tuple[str, str]
) -> None:
    """Our own may be a year behind, or ahead: a token is as good as Palette finds it."""
    expires_at = datetime.now(UTC) + timedelta(days=days_left)
    with world(tmp_path, palette=palette_with(expiresAt=expires_at.isoformat())) as w:
        w.apply(clock=WrongClock(wrong_by))
        assert w.told() == told
