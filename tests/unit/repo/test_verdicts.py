"""What a push came to, read from git's report."""

import pytest

from pairctl.repo.process import Answer
from pairctl.repo.refusals import (
    BY_HOOK,
    LOCKED,
    NAME_TAKEN,
    NO_ROOM,
    NOT_PERMITTED,
    PROTECTED,
    SHALLOW,
    Refusal,
    refusal_of,
)
from pairctl.repo.verdicts import Outcome, push_verdict

REF = "refs/heads/pairctl-status"
ID = "a" * 40


def verdict(flag: str, summary: str, *, status: int = 1, stderr: str = "") -> Outcome:
    """The outcome of a push whose report has this one line."""
    stdout = f"To somewhere\n{flag}\t{ID}:{REF}\t{summary}\nDone\n".encode()
    return push_verdict(Answer(status, stdout, stderr), REF).outcome


@pytest.mark.parametrize(
    ("flag", "summary"), [(" ", "1234567..89abcde"), ("*", "[new branch]"), ("=", "[up to date]")]
)
def test_a_moved_branch_is_done(flag: str, summary: str) -> None:
    """Only a line about our own ref, and a good end, make a push done."""
    assert verdict(flag, summary, status=0) is Outcome.DONE
    assert verdict(flag, summary, status=128) is Outcome.UNCLEAR


@pytest.mark.parametrize(
    "summary",
    [
        "[rejected] (fetch first)",
        "[rejected] (non-fast-forward)",
        "[remote rejected] (failed to update ref)",
        "[remote rejected] (cannot lock ref 'x': is at a but expected b)",
        "[remote rejected] (incorrect old value provided)",
        "[remote rejected] (reference already exists)",
    ],
)
def test_every_text_of_a_collision_is_a_lost_race(summary: str) -> None:
    """One collision has many texts; all of them mean: read again."""
    assert verdict("!", summary) is Outcome.LOST


@pytest.mark.parametrize(
    "summary",
    [
        "[remote rejected] (pre-receive hook declined)",
        "[remote rejected] (protected branch hook declined)",
        "[remote rejected] (hook declined)",
        "[remote rejected] (permission denied)",
    ],
)
def test_a_no_of_the_server_is_a_refusal(summary: str) -> None:
    """What the server will say again next time is no race."""
    assert verdict("!", summary) is Outcome.REFUSED


def test_a_refusal_carries_the_servers_words() -> None:
    """The person who must act reads what the server said."""
    stdout = f"!\t{ID}:{REF}\t[remote rejected] (pre-receive hook declined)\n".encode()
    found = push_verdict(Answer(1, stdout, "remote: sign your commits\nerror: failed\n"), REF)
    assert "sign your commits" in found.words


@pytest.mark.parametrize(
    ("stderr", "outcome"),
    [
        ("fatal: the remote end hung up unexpectedly", Outcome.UNCLEAR),
        ("error: RPC failed; curl 56 Recv failure", Outcome.UNCLEAR),
        ("", Outcome.UNCLEAR),
        ("fatal: Authentication failed for 'https://x/'", Outcome.REFUSED),
        ("git@x: Permission denied (publickey).\nfatal: Could not read", Outcome.REFUSED),
    ],
)
def test_without_a_line_about_our_ref_nothing_is_certain(stderr: str, outcome: Outcome) -> None:
    """A push without a report may have moved the branch, unless it was never let in."""
    assert push_verdict(Answer(128, b"", stderr), REF).outcome is outcome


def test_a_line_about_another_ref_says_nothing_about_ours() -> None:
    """A server's text cannot pass for the report on our ref."""
    stdout = f" \t{ID}:refs/heads/other\ta..b\n".encode()
    assert push_verdict(Answer(0, stdout, ""), REF).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("cannot lock ref 'refs/heads/a': 'refs/heads/a/b' exists; cannot create", NAME_TAKEN),
        ("cannot lock ref 'x': Unable to create '/r/x.lock': File exists.", LOCKED),
    ],
)
def test_what_git_calls_a_failed_update_may_be_no_race(said: str, refusal: Refusal) -> None:
    """The server's words tell it from one."""
    stdout = f"!\t{ID}:{REF}\t[remote rejected] (failed to update ref)\n".encode()
    stderr = f"remote: error: {said} 'y'\n"
    found = push_verdict(Answer(1, stdout, stderr), REF)
    assert (found.outcome, found.refusal) == (Outcome.REFUSED, refusal)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("! [remote rejected] (shallow update not allowed)", SHALLOW),
        ("remote: Permission to edge/x.git denied to robot.", NOT_PERMITTED),
        (
            "remote: ERROR: The key you are authenticating with has been marked as read only.",
            NOT_PERMITTED,
        ),
        ("remote: error: GH013: Repository rule violations found for refs/heads/x.", PROTECTED),
        ("TF402455: Pushes to this branch are not permitted", PROTECTED),
        ("remote: error: unable to write file ./objects/ab: No space left on device", NO_ROOM),
        ("the commit a403bcd is odd (pre-receive hook declined)", BY_HOOK),
        ("fatal: ref updates aborted by hook", BY_HOOK),
        ("fatal: in 'prepared' phase, update aborted by the reference-transaction hook", BY_HOOK),
        ("something else", None),
    ],
)
def test_the_words_of_servers_name_the_kind(words: str, refusal: Refusal | None) -> None:
    """As Git and forges write them."""
    assert refusal_of(words) is refusal
