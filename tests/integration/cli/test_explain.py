"""`pairctl explain`: what a code, a word of a status or a field means; no repository is needed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli_factory import Done, git, pairctl
from pairctl.cli.app import app
from pairctl.cli.field_lookup import KINDS as FIELD_KINDS
from pairctl.cli.field_lookup import guide_of_kind
from pairctl.glossary import REASONS, WORDS, Word, lesson_of, look_up
from pairctl.spec import Code
from repo_factory import make_box


def told(*arguments: str, cwd: Path, **env: str) -> Done:
    """Explain in the real program, in a folder that is no repository."""
    return pairctl("explain", *arguments, cwd=cwd, env=env)


def test_a_code_is_told_with_a_wrong_and_a_right_example(tmp_path: Path) -> None:
    """Meaning, why, then both examples as they would stand in a file, indented."""
    lesson = lesson_of(Code.NOT_TEXT)
    done = told("NotText", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:2] == ["NotText, the code of a finding (error)", Code.NOT_TEXT.meaning]
    assert lesson.why in " ".join(lines)
    wrong, right = done.out.split("Wrong:\n\n")[1].split("\n\nRight:\n\n")
    for shown, side in ((wrong, lesson.wrong), (right, lesson.right)):
        assert [line.removeprefix("    ") for line in shown.splitlines()] == (
            side.document.splitlines()
        )


def test_a_code_without_an_example_is_told_in_words(tmp_path: Path) -> None:
    """What a file looks like that cannot be shown, and the commands that mend it."""
    out = told("SymlinkRefused", cwd=tmp_path).out
    assert "is a symbolic link" in out.split("Wrong:")[1].split("Right:")[0]
    assert "\n    $ cp " in out.split("Right:")[1]


def test_a_reason_is_told_with_when_until_and_what_to_do(tmp_path: Path) -> None:
    """The place where it stands first, then the three things that an operator asks."""
    out = told("NotAcknowledged", cwd=tmp_path).out
    reason = REASONS["NotAcknowledged"]
    assert out.startswith("NotAcknowledged, a reason: phase Blocked\n")
    flat = " ".join(out.split())
    assert f"when: {reason.when} until: {reason.until} do: {reason.action}" in flat


@pytest.mark.parametrize(
    ("word", "titles"),
    [
        (
            "DuplicateTarget",
            [
                "DuplicateTarget, the code of a finding (error)",
                "DuplicateTarget, a reason: phase Blocked",
            ],
        ),
        (
            "Accepted",
            [
                "Accepted, a phase",
                "Accepted, a condition",
                "Accepted, a reason: condition Accepted or LayersMatched True",
            ],
        ),
    ],
)
def test_all_that_a_word_stands_for_is_told(word: str, titles: list[str], tmp_path: Path) -> None:
    """A word that is a code and a reason, or a phase and a condition, is told as each of them."""
    lines = told(word, cwd=tmp_path).out.splitlines()
    assert [line for line in lines if line.startswith(f"{word}, ")] == titles
    assert lines[-1]


def test_machines_get_the_same_as_data(tmp_path: Path) -> None:
    """Keys for what the word stands for, and none for what it does not."""
    data = json.loads(told("DuplicateTarget", "-o", "json", cwd=tmp_path).out)
    assert set(data) == {"apiVersion", "kind", "word", "code", "reason"}
    lesson = lesson_of(Code.DUPLICATE_TARGET)
    assert data["code"]["severity"] == "error"
    assert data["code"]["why"] == lesson.why
    assert data["code"]["wrong"] == {
        "text": lesson.wrong.text,
        "document": lesson.wrong.document,
    }
    assert data["reason"]["phases"] == ["Blocked"]
    assert data["reason"]["humanAction"] == REASONS["DuplicateTarget"].action
    both = json.loads(told("Requested", "-o", "json", cwd=tmp_path).out)
    assert set(both) == {"apiVersion", "kind", "word", "phase", "condition"}
    assert set(both["condition"]) == {"True", "False", "Unknown"}


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.text)
def test_every_word_can_be_told(word: Word) -> None:
    """None fails to be shown, in either form, and no line ends in spaces."""
    shown = CliRunner().invoke(app, ["explain", word.text])
    assert shown.exit_code == 0
    assert all(line == line.rstrip() for line in shown.stdout.splitlines())
    data = CliRunner().invoke(app, ["explain", word.text, "--format", "json"])
    assert json.loads(data.stdout)["word"] == word.text


def test_a_terminal_gets_colours_and_a_pipe_gets_text(tmp_path: Path) -> None:
    """Examples are highlighted for who can see it; NO_COLOR and pipes are respected."""
    plain = told("EmptyValue", cwd=tmp_path).out
    forced = told("EmptyValue", cwd=tmp_path, FORCE_COLOR="1", COLUMNS="140").out
    refused = told("EmptyValue", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b" not in plain
    assert "\x1b[1;31mWrong:\x1b[0m" in forced
    assert "\x1b[94mapiVersion\x1b[0m" in forced
    assert "\x1b[94m" not in refused
    assert "\x1b[1;31m" not in refused


def test_prose_fits_the_terminal_and_examples_are_left_alone(tmp_path: Path) -> None:
    """Words are wrapped, YAML never: what is copied is what was shown."""
    lines = told("NotText", cwd=tmp_path, COLUMNS="60").out.splitlines()
    prose = [line for line in lines if not line.startswith("    ")]
    assert max(map(len, prose)) <= 60
    assert "      profiles: [{name: retail-infra}, {name: retail-observability}]" in lines


def test_the_case_of_a_word_does_not_matter(tmp_path: Path) -> None:
    """What could be an intent's name too says how to ask for the intent."""
    done = told("layersdiffer", cwd=tmp_path)
    assert done.out == told("LayersDiffer", cwd=tmp_path).out
    assert done.err == "for an intent of this name: pairctl explain intent/layersdiffer\n"
    assert told("LAYERSDIFFER", cwd=tmp_path).err == ""


def test_an_intent_that_is_called_like_a_word_can_be_asked_for(tmp_path: Path) -> None:
    """`intent/NAME` is never a word."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    done = told("intent/local", cwd=tmp_path)
    assert done.code == 1
    assert done.err.startswith("error: intent local is not there")


def test_an_unknown_word_leads_to_the_nearest(tmp_path: Path) -> None:
    """A mistyped word is an error with a suggestion, in a repository or not."""
    capital, lower = told("LayerDiffers", cwd=tmp_path), told("layerdiffers", cwd=tmp_path)
    assert (capital.code, lower.code) == (1, 1)
    assert "did you mean LayersDiffer" in capital.err
    assert "or was it the word LayersDiffer" in lower.err
    nothing = told("Xyzzy", cwd=tmp_path)
    assert nothing.code == 1
    assert "no kind, code, phase, condition or reason is called Xyzzy" in nothing.err
    assert "do: " in nothing.err


def test_a_word_has_nothing_to_repair(tmp_path: Path) -> None:
    """An option for intents is not passed over in silence."""
    done = told("LayersDiffer", "--repair", "profile.json", cwd=tmp_path)
    assert done.code == 1
    assert "LayersDiffer is a word" in done.err
    assert not (tmp_path / "profile.json").exists()


def test_the_shell_completes_words(tmp_path: Path) -> None:
    """Codes and words of statuses alike; where there are no documents, no intent's name."""
    env = {"_PAIRCTL_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    for typed, offered in (("NotT", ["NotText", "NotTheApi"]), ("store", [])):
        words = {"COMP_WORDS": f"pairctl explain {typed}"}
        assert pairctl(cwd=tmp_path, env=env | words).out.split() == offered


def test_a_field_is_explained_without_a_repository(tmp_path: Path) -> None:
    """Its type, what it is for, and the fields below it; whether each is needed."""
    done = pairctl("explain", "PairingIntent.spec.localUI.tls", cwd=tmp_path)
    assert done.code == 0
    assert "PairingIntent.spec.localUI.tls <mapping>\n" in done.out
    assert "rule: exactly one of fingerprint, caFile, insecure is needed\n" in done.out
    assert "  caFile <text>\n    Authorities to trust" in done.out
    assert "    example: certificates/ca.pem\n" in done.out
    needed = pairctl("explain", "Palette.spec.endpoint", cwd=tmp_path)
    assert "  required: yes\n" in needed.out


@pytest.mark.parametrize("kind", FIELD_KINDS)
def test_every_kind_is_explained_with_all_its_fields(kind: str, tmp_path: Path) -> None:
    """Those of documents, the operator's file, the configuration file and the simulation's."""
    done = CliRunner().invoke(app, ["explain", kind, "--recursive"])
    assert done.exit_code == 0
    for one in guide_of_kind(kind).below():
        assert f"{'  ' * (len(one.path) - 1)}{one.name} <{one.type}>" in done.output
    data = json.loads(
        CliRunner().invoke(app, ["explain", kind, "--recursive", "-o", "json"]).output
    )
    names = [one.dotted for one in guide_of_kind(kind).fields]
    assert [one["path"] for one in data["fields"]] == names


def test_no_word_and_no_intent_can_have_the_name_of_a_kind() -> None:
    """A kind has capitals, which intents never have; and no word is written like one."""
    assert [kind for kind in FIELD_KINDS if look_up(kind) or kind == kind.lower()] == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("PairingIntent.spec.localUI.tsl", "did you mean PairingIntent.spec.localUI.tls?"),
        ("palette.spec.fingerprint", "did you mean Palette.spec.tls.fingerprint?"),
        ("PairingIntnt.spec", "did you mean PairingIntent"),
        ("PairingIntnt", "did you mean PairingIntent"),
        ("Simulation.spec.hosts.clustre", "did you mean Simulation.spec.hosts.cluster?"),
        ("Config.spec.zzz", "the fields there are repository, ref, path"),
    ],
)
def test_a_field_that_is_not_there_gets_a_suggestion(
    given: str, meant: str, tmp_path: Path
) -> None:
    """What is misspelt, or stands elsewhere."""
    done = pairctl("explain", given, cwd=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert meant in done.err


def test_an_intent_with_the_name_of_a_kind_in_lower_case_is_an_intent(tmp_path: Path) -> None:
    """`palette` is looked for among intents; where there is none, the kind is named."""
    make_box(tmp_path, {"a.yaml": "a: 1\n"})
    done = pairctl("explain", "palette", cwd=tmp_path / "clone")
    assert "intent palette is not there" in done.err
    assert "or was it the kind Palette" in done.err


def test_what_is_for_fields_only_is_refused_elsewhere(tmp_path: Path) -> None:
    """`--recursive` says nothing about a word, and `--repair` nothing about a field."""
    recursive = pairctl("explain", "NotText", "--recursive", cwd=tmp_path)
    assert (recursive.code, "--recursive has no effect" in recursive.err) == (1, True)
    repair = pairctl("explain", "Palette", "--repair", "x.json", cwd=tmp_path)
    assert (repair.code, "no effect beside --repair" in repair.err) == (1, True)
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("other", ["Palette.spec", "Palette", "NotText"])
def test_only_intents_are_explained_together(other: str, tmp_path: Path) -> None:
    """A word or a field beside other names is refused, before anything is looked for."""
    done = told("store-0001", other, cwd=tmp_path)
    assert (done.code, f"{other} has no effect beside other names" in done.err) == (1, True)


def test_the_fleet_is_explained_without_a_selection(tmp_path: Path) -> None:
    """It is about all; names or labels beside it would be passed over."""
    for more in (["store-0001"], ["-l", "region=emea"]):
        done = told("--fleet", *more, cwd=tmp_path)
        assert (done.code, "--fleet has no effect beside" in done.err) == (1, True)
