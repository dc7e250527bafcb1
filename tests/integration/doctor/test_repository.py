"""What `doctor` sees of the way to the status branch before anything is pushed."""

from pathlib import Path

from doctor_factory import look
from pairctl.doctor import Verdict
from repo_factory import STATUS, git
from scenario_factory import world

SUBJECT = "git"


def test_what_will_stand_in_the_way_of_a_push_is_seen_before(tmp_path: Path) -> None:
    """A branch in the way of the name, then a lock; nothing is pushed for it."""
    with world(tmp_path) as w:
        git(w.box.bare, "branch", f"{STATUS}/x", "main")
        check = look(w).check(SUBJECT, "push")
        assert check.verdict is Verdict.FAILED
        assert f"{STATUS}/x" in check.message
        git(w.box.bare, "branch", "-D", f"{STATUS}/x")
        lock = w.box.bare / f"refs/heads/{STATUS}.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
        check = look(w).check(SUBJECT, "push")
        assert check.verdict is Verdict.FAILED
        assert lock.name in check.message
        lock.unlink()
        assert look(w).check(SUBJECT, "push").verdict is Verdict.SKIPPED
        assert git(w.box.bare, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
