"""`watch` takes over changed secrets and a changed operator's file, without a restart."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scenario_factory import World, document, world
from watch_factory import end, phase, until, watching

QUICK = ("--interval", "0.3", "--log-format", "json")


def events(said: str) -> Counter[str]:
    """Count the events of a log."""
    return Counter(json.loads(line)["event"] for line in said.splitlines())


def put(w: World, password: str) -> None:
    """Exchange the password of the hosts as Kubernetes does: by a link to another folder."""
    folder = w.secrets / "store-local-ui"
    if not folder.is_symlink():
        folder.rename(w.secrets / "..1")
        folder.symlink_to("..1")
    before = folder.resolve()
    after = w.secrets / f"..{len(list(w.secrets.iterdir()))}"
    after.mkdir()
    (after / "username").write_bytes((before / "username").read_bytes())
    (after / "password").write_text(password)
    (w.secrets / "..new").symlink_to(after.name)
    (w.secrets / "..new").rename(folder)


def test_a_changed_secret_is_taken_over(tmp_path: Path) -> None:
    """A password that the host refuses is put right while `watch` runs."""
    with world(tmp_path) as w:
        right = (w.secrets / "store-local-ui" / "password").read_text()
        put(w, "not-the-password")
        with watching(w, *QUICK) as child:
            until(lambda: phase(w) == "Blocked")
            put(w, right)
            until(lambda: phase(w) == "Paired")
            said = end(child)
        assert events(said)["SecretTakenOver"] == 1
        assert right not in said
        assert "not-the-password" not in said


def test_a_broken_secret_is_said_once_and_the_old_one_kept(tmp_path: Path) -> None:
    """Clusters are paired with what was right before."""
    with world(tmp_path, fleet=lambda w: [w.intent(attempt=1, acknowledge=None)]) as w:
        with watching(w, *QUICK) as child:
            until(lambda: phase(w) == "Blocked")  # it was looked at: the secret is known
            put(w, "")
            w.commit(w.intent())
            until(lambda: phase(w) == "Paired")
            said = end(child)
        assert events(said)["SecretRefused"] == 1
        assert events(said)["SecretTakenOver"] == 0


def test_a_changed_operators_file_is_taken_over(tmp_path: Path) -> None:
    """A broken one is said once, and the rules before hold on; the next that is right counts."""
    with world(tmp_path) as w:
        right = w.operator.read_text()
        spec = {**w.operator_spec, "secrets": {}}
        w.operator.write_text(json.dumps(document("Operator", "tests", spec)))
        with watching(w, *QUICK) as child:
            until(lambda: phase(w) == "Blocked")
            w.operator.write_text("spec: [")
            w.commit(w.intent(attempt=2))
            until(lambda: w.status()["sourceCommit"] == git_head(w))
            assert w.kinds() == []
            w.operator.write_text(right)
            until(lambda: phase(w) == "Paired")
            said = end(child)
        assert events(said)["OperatorFileRefused"] == 1
        assert events(said)["OperatorFileTakenOver"] == 1


def test_an_operators_file_that_was_refused_is_taken_over_when_it_is_put_right(
    tmp_path: Path,
) -> None:
    """By what the message says to do, which may change nothing in the file."""
    with world(tmp_path) as w:
        right = w.operator.read_text()
        spec = {**w.operator_spec, "secrets": {}}
        w.operator.write_text(json.dumps(document("Operator", "tests", spec)))
        with watching(w, *QUICK) as child:
            until(lambda: phase(w) == "Blocked")
            refused(child, w.operator.unlink)
            (w.root / "new").write_text(right)
            (w.root / "new").chmod(0o666)
            refused(child, lambda: (w.root / "new").rename(w.operator))
            assert w.kinds() == []
            w.operator.chmod(0o644)
            until(lambda: phase(w) == "Paired")
            said = end(child)
        assert events(said)["OperatorFileRefused"] == 0, "each is said once"
        assert events(said)["OperatorFileTakenOver"] == 1


def refused(child: "subprocess.Popen[str]", change: Callable[[], object]) -> None:
    """Change the operator's file to one that is refused, and wait until that is said."""
    change()
    assert child.stdout
    assert any("OperatorFileRefused" in line for line in child.stdout)


def git_head(w: World) -> str:
    """Give the commit that is merged."""
    return (w.box.bare / "refs/heads/main").read_text().strip()
