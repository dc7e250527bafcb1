"""Not having looked is an error, with its cause: nothing found is another thing."""

import json
from pathlib import Path

import pytest

from scenario_factory import World, document, plan_of, quick_palette, world

HOW = ("a wrong key", "Palette is down", "no operator's file", "no secret")


def broken(w: World, how: str) -> list[str]:
    """Let Palette be out of reach in some way; gives the options to run with."""
    if how == "a wrong key":
        (w.secrets / "palette-production").write_text("some-other-key-of-32-characters!")
    if how == "Palette is down":
        w.running.wait(lambda sim: sim.off("palette"))
    if how == "no secret":
        (w.secrets / "palette-production").unlink()
    if how == "no operator's file":
        return ["--secrets-dir", str(w.secrets)]
    return w.rules


@pytest.mark.parametrize("how", HOW)
def test_requests_that_were_not_listed_are_not_said_to_be_none(tmp_path: Path, how: str) -> None:
    """`discover`, `plan` and `apply` exit 1 with the cause where nothing was looked at."""
    with world(tmp_path, fleet=lambda _: []) as w:
        assert w.run("discover").returncode == 0
        options = broken(w, how)
        for command in ("discover", "plan", "apply"):
            done = w.run(command, *options, rules=False)
            assert done.returncode == 1, (command, done.stdout, done.stderr)
            assert "error: Palette production was not looked at: " in done.stderr
            assert "do: " in done.stderr
            assert "0 pairing requests" not in done.stderr
        comment = w.run("plan", "--format", "markdown", *options, rules=False).stdout
        assert "was not looked at**" in comment
        data = w.run("plan", "--format", "json", *options, rules=False).stdout
        (unseen,) = json.loads(data)["unseenPalettes"]
        assert unseen["name"] == "production"
        assert unseen["message"]
        data = w.run("apply", "--format", "json", *options, rules=False).stdout
        assert json.loads(data)["unseenPalettes"][0]["name"] == "production"


def test_a_settled_fleet_is_not_fine_while_its_palette_cannot_be_seen(tmp_path: Path) -> None:
    """What is paired stays so, and nobody has looked."""
    with world(tmp_path) as w:
        w.apply()
        listed = w.run("discover").stderr
        assert "0 pairing requests" in listed
        assert "not seen yet" not in listed, "there is none that could be anybody's"
        broken(w, "Palette is down")
        for command in ("plan", "apply"):
            done = w.run(command)
            assert done.returncode == 1
            assert "Palette production was not looked at" in done.stderr
        assert w.told() == ("Paired", "Paired")


def test_where_palette_does_not_list_requests_discover_says_so(tmp_path: Path) -> None:
    """The pairing routes do not answer: `plan` can do without them, `discover` cannot."""
    palette = quick_palette(pairing={"acceptSeconds": 0.0, "routes": False})
    with world(tmp_path, palette=palette, fleet=lambda _: []) as w:
        done = w.run("discover")
        assert done.returncode == 1
        assert "pairing routes do not answer" in done.stderr
        assert w.run("plan").returncode == 0


def test_without_a_palette_discover_has_nothing_to_look_at(tmp_path: Path) -> None:
    """Neither is a Palette looked at whose document is refused."""
    with world(tmp_path, fleet=lambda _: []) as w:
        w.box.commit({"fleet.yaml": "# nothing\n"})
        done = w.run("discover")
        assert done.returncode == 1
        assert "holds no Palette document" in done.stderr
        refused = document("Palette", "production", {"endpoint": "https://api.example.com"})
        w.box.commit({"fleet.yaml": json.dumps(refused)})
        done = w.run("discover")
        assert done.returncode == 1
        assert "Palette production was not looked at: its document is refused" in done.stderr


def test_approve_is_no_look_where_no_pass_has_been(tmp_path: Path) -> None:
    """Without a status branch nothing is known to wait; with a refused file not all of it."""
    with world(tmp_path, fleet=lambda _: []) as w:
        done = w.run("approve", rules=False)
        assert done.returncode == 1
        assert "no pass has looked" in done.stderr
        w.apply()
        assert w.run("approve", rules=False).returncode == 0
        w.box.commit({"broken.yaml": "kind: PairingIntent\nspec: [\n"})
        done = w.run("approve", rules=False)
        assert done.returncode == 3
        assert "broken.yaml:" in done.stderr
        assert plan_of(w)["refused"]


def test_a_status_that_cannot_be_read_is_not_left_out_in_silence(tmp_path: Path) -> None:
    """`status` names the file, and exits 1."""
    with world(tmp_path) as w:
        w.apply()
        w.push_status({"status/store-1.yaml": "kind: [\n"})
        done = w.run("status", rules=False)
        assert done.returncode == 1
        assert "status/store-1.yaml: no status can be read" in done.stderr
