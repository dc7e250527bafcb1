"""`pairctl doctor` as a program: what it shows, how it ends, and what it never shows."""

import json
import re
from pathlib import Path

from scenario_factory import world
from sim_factory import KEY, PASSWORD, TOKEN, host_document

SECRETS = (KEY, PASSWORD, TOKEN)
WRONG_KEY = "wrong-key-canary-7c9e"
WRONG_PASSWORD = "wrong-password-canary-51ab"


def test_all_is_fine_is_told_by_a_line_a_check_and_exit_0(tmp_path: Path) -> None:
    """Grouped by server; what cannot be known without writing is said."""
    with world(tmp_path) as w:
        done = w.run("doctor", "--hosts")
        assert (done.returncode, done.stderr) == (0, "")
        assert re.findall(r"^(\S+)$", done.stdout, re.MULTILINE) == [
            "git",
            "palette/production",
            "host/store-1",
        ]
        assert re.search(r"^  ✓ login +the login is accepted$", done.stdout, re.MULTILINE)
        assert re.search(r"^  - push .* only a push shows$", done.stdout, re.MULTILINE)
        assert "0 warnings, 0 failed" in done.stdout


def test_what_failed_says_what_to_do_and_exit_3(tmp_path: Path) -> None:
    """The hint stands below its check."""
    with world(tmp_path) as w:
        w.running.wait(lambda sim: sim.off("store-1"))
        done = w.run("doctor", "store-1")
        assert done.returncode == 3
        assert re.search(r"^  ✗ tcp .+refused\n +do: .+$", done.stdout, re.MULTILINE)


def test_a_server_that_no_rule_lets_be_called_is_told_with_the_rule_to_write(
    tmp_path: Path,
) -> None:
    """The hint names the secret that the document does: it can be copied as it stands."""
    with world(tmp_path) as w:
        done = w.run("doctor", "store-1", "--allow-host", "palette.example.com", rules=False)
        assert done.returncode == 3
        for secret in ("palette-production", "store-local-ui"):
            assert f"add `secrets: {{{secret}: {{hosts: [" in done.stdout


def test_json_holds_every_check(tmp_path: Path) -> None:
    """The same as data; the summary counts the verdicts."""
    with world(tmp_path) as w:
        done = w.run("doctor", "--hosts", "--format", "json")
        told = json.loads(done.stdout)
        assert set(told["checks"][0]) == {"subject", "name", "verdict", "message", "hint"}
        verdicts = [check["verdict"] for check in told["checks"]]
        assert told["summary"] == {
            verdict: verdicts.count(verdict) for verdict in ("ok", "warning", "failed", "skipped")
        }
        assert len(told["commit"]) == 40


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    """Exit 1, in words."""
    with world(tmp_path) as w:
        done = w.run("doctor", "nobody")
        assert (done.returncode, done.stdout) == (1, "")
        assert "nobody" in done.stderr
        assert "do:" in done.stderr


def test_colours_are_for_terminals_and_no_color_wins(tmp_path: Path) -> None:
    """FORCE_COLOR asks for them, NO_COLOR refuses."""
    with world(tmp_path) as w:
        forced = w.run("doctor", env={"FORCE_COLOR": "1"})
        refused = w.run("doctor", env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
        assert "\x1b[32m✓" in forced.stdout
        assert "\x1b[3" not in refused.stdout


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    """Right or wrong, accepted or refused: no value of a secret is in any output."""
    wrong = {
        "palette-production": WRONG_KEY,
        "store-local-ui": {"username": "kairos", "password": WRONG_PASSWORD},
    }
    for folder, secrets in (("right", {"token": TOKEN}), ("wrong", {**wrong, "token": TOKEN})):
        root = tmp_path / folder
        root.mkdir()
        with world(root, host_document(1), host_document(2), secrets=secrets) as w:
            w.commit(w.intent(1), w.intent(2, registrationToken={"secret": "token"}))
            for form in ("text", "json"):
                done = w.run("--log-level", "debug", "doctor", "--hosts", "-o", form, *w.rules,
                             rules=False)  # fmt: skip
                shown = done.stdout + done.stderr
                assert "api-key" in shown
                for value in (*SECRETS, WRONG_KEY, WRONG_PASSWORD):
                    assert value not in shown
            assert w.effects() == ()
