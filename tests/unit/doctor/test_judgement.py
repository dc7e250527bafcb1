"""How a token and a clock are judged, at the edges."""

from datetime import UTC, datetime, timedelta

import pytest

from pairctl.doctor.check import Check, Examination, Verdict
from pairctl.doctor.clock import judge_clock
from pairctl.doctor.collector import Collector
from pairctl.doctor.token import judge_token
from pairctl.pairing import TokenFacts
from pairctl.text import span_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROJECT = frozenset({"p-1", "edge-retail"})


def judged(*, project: frozenset[str] = PROJECT, **facts: object) -> Check:
    """Return the check of a token."""
    defaults = {"name": "retail", "is_active": True, "default_project": "p-1"}
    chart = Collector("palette/x")
    judge_token(chart, TokenFacts(**{**defaults, **facts}), project, NOW)  # type: ignore[arg-type]  # facts by name
    (check,) = chart.checks
    return check


@pytest.mark.parametrize(
    ("left", "verdict"),
    [
        (timedelta(0), Verdict.FAILED),
        (timedelta(seconds=1), Verdict.WARNING),
        (timedelta(days=7, seconds=-1), Verdict.WARNING),
        (timedelta(days=7), Verdict.OK),
    ],
)
def test_a_token_warns_in_its_last_week(left: timedelta, verdict: Verdict) -> None:
    """Seven days exactly are enough; at the very moment it is over."""
    assert judged(expires_at=NOW + left).verdict is verdict


def test_a_project_is_known_by_name_or_uid() -> None:
    """Either word for the same project will do; the tenant takes any."""
    assert judged(default_project="edge-retail").verdict is Verdict.OK
    assert judged(default_project="lab").verdict is Verdict.FAILED
    assert judged(default_project="").verdict is Verdict.WARNING
    assert judged(default_project="lab", project=frozenset()).verdict is Verdict.OK


def test_what_is_not_known_of_a_token_is_a_warning() -> None:
    """A token that could not be looked up may be all right."""
    assert judged(is_active=None, default_project="").verdict is Verdict.WARNING
    assert judged(is_active=False).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("skew_s", "verdict"),
    [(None, Verdict.SKIPPED), (60, Verdict.OK), (-60, Verdict.OK), (61, Verdict.WARNING)],
)
def test_a_minute_apart_is_fine(skew_s: float | None, verdict: Verdict) -> None:
    """Beyond it is a warning; a server that tells no time is not judged."""
    chart = Collector("palette/x")
    judge_clock(chart, skew_s, "Palette")
    assert [check.verdict for check in chart.checks] == [verdict]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(61, "61 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_a_span_is_told_in_a_unit_that_it_fills_twice(seconds: float, text: str) -> None:
    """Short enough to read, exact enough to act on."""
    assert span_text(seconds) == text


def test_only_failed_checks_fail_an_examination() -> None:
    """Warnings and what was not looked at are allowed."""
    checks = [Check("git", "x", verdict, "") for verdict in Verdict]
    assert Examination("", tuple(checks)).has_failed
    fine = tuple(check for check in checks if check.verdict is not Verdict.FAILED)
    assert not Examination("", fine).has_failed
