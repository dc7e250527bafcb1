"""Secrets come from files or the environment, whole and clean, or not at all."""

from pathlib import Path

import pytest

from pairctl.secrets import LEAST, Redactor, Secret, SecretMissing, SecretStore, SecretUnusable

CANARY = "canary-5d41402abc4b"


def store(folder: Path | None, redactor: Redactor | None = None, **variables: str) -> SecretStore:
    """Return a store over a folder and these variables."""
    return SecretStore(folder, variables, redactor or Redactor())


@pytest.mark.parametrize(
    "content",
    [
        CANARY.encode(),
        f"{CANARY}\n".encode(),
        f"{CANARY}\r\n".encode(),
        b"\xef\xbb\xbf" + CANARY.encode() + b"\n",
    ],
)
def test_one_line_end_and_a_mark_are_stripped(tmp_path: Path, content: bytes) -> None:
    """What editors add to a file is not part of the secret."""
    (tmp_path / "key").write_bytes(content)
    assert store(tmp_path).get("key") == Secret(CANARY)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (f"{CANARY}\n\n".encode(), "a control character at position 20"),
        (f"{CANARY}\x00".encode(), "a control character at position 20"),
        (f"{CANARY}\r".encode(), "a control character at position 20"),
        (f"a\n{CANARY}".encode(), "a control character at position 2"),
        (f"{CANARY}ü".encode(), "a character beyond ASCII at position 20"),
        (CANARY.encode() + b"\xff", "not UTF-8 text: byte 20"),
        (CANARY.encode() * 4000, "larger than 65536 bytes"),
    ],
)
def test_what_no_header_can_carry_is_refused(tmp_path: Path, content: bytes, found: str) -> None:
    """The text names file and position, and neither it nor its cause holds the value."""
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SecretUnusable) as caught:
        store(tmp_path).get("key")
    assert found in str(caught.value)
    assert str(tmp_path / "key") in str(caught.value)
    assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


@pytest.mark.parametrize("what", ["file", "folder", "key of a folder", "folder of a key"])
def test_what_others_could_put_in_a_secrets_place_is_refused(tmp_path: Path, what: str) -> None:
    """A key of theirs would be sent in the name of the one who runs pairctl."""
    places = {
        "file": tmp_path / "key",
        "folder": tmp_path,
        "key of a folder": tmp_path / "login" / "password",
        "folder of a key": tmp_path / "login",
    }
    (tmp_path / "key").write_text(CANARY)
    (tmp_path / "login").mkdir()
    for name in ("username", "password"):
        (tmp_path / "login" / name).write_text(CANARY)
    places[what].chmod(0o777)
    with pytest.raises(SecretUnusable, match="others may write") as caught:
        store(tmp_path).get("key") if "key" not in what else store(tmp_path).credentials("login")
    assert CANARY not in str(caught.value)


def test_secrets_as_kubernetes_mounts_them_are_read(tmp_path: Path) -> None:
    """By links into a folder, readable for all, in one of which nobody takes what is not his."""
    (tmp_path / "..2026_01_02").mkdir()
    (tmp_path / "..2026_01_02" / "key").write_text(CANARY)
    (tmp_path / "..data").symlink_to("..2026_01_02")
    (tmp_path / "key").symlink_to("..data/key")
    (tmp_path / "..2026_01_02" / "key").chmod(0o644)
    tmp_path.chmod(0o1777)
    assert store(tmp_path).get("key") == Secret(CANARY)


def test_a_file_wins_over_the_environment(tmp_path: Path) -> None:
    """Both are looked at, the folder first."""
    secrets = store(tmp_path, PAIRCTL_SECRET_MY_KEY="from-environment")
    assert secrets.get("my-key") == Secret("from-environment")
    (tmp_path / "my-key").write_text("from-file")
    assert secrets.get("my-key") == Secret("from-file")


def test_a_missing_secret_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """Both places are named, whether or not there is a folder."""
    with pytest.raises(SecretMissing) as caught:
        store(tmp_path).get("my-key")
    assert str(tmp_path / "my-key") in str(caught.value)
    assert "PAIRCTL_SECRET_MY_KEY" in str(caught.value)
    with pytest.raises(SecretMissing, match="no secrets folder"):
        store(None).get("my-key")


@pytest.mark.parametrize("name", ["../key", "a/b", "..", ".", "", "KEY", "a" * 64, "key\n", "/etc"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    """Only DNS labels are names, whatever files lie about."""
    (tmp_path / "key").write_text(CANARY)
    (tmp_path / "inner").mkdir()
    with pytest.raises(SecretUnusable, match="DNS label"):
        store(tmp_path / "inner").get(name)


def test_credentials_come_from_a_folder_as_kubernetes_mounts_it(tmp_path: Path) -> None:
    """One file a key, through the links that Kubernetes makes."""
    data = tmp_path / "ui" / "..2026_01_01"
    data.mkdir(parents=True)
    (tmp_path / "ui" / "..data").symlink_to(data.name)
    for key, value in (("username", "kairos\n"), ("password", f"{CANARY}:ü\n")):
        (data / key).write_text(value)
        (tmp_path / "ui" / key).symlink_to(Path("..data") / key)
    found = store(tmp_path).credentials("ui")
    assert (found.username, found.password) == ("kairos", Secret(f"{CANARY}:ü"))


def test_credentials_are_split_at_the_first_colon(tmp_path: Path) -> None:
    """A password may hold colons."""
    (tmp_path / "ui").write_text(f"kairos:{CANARY}:more\n")
    found = store(tmp_path).credentials("ui")
    assert (found.username, found.password) == ("kairos", Secret(f"{CANARY}:more"))


@pytest.mark.parametrize("text", [CANARY, f":{CANARY}", f"{CANARY}:"])
def test_half_credentials_are_refused(text: str) -> None:
    """A user without a password, or the reverse, is told without showing either."""
    with pytest.raises(SecretUnusable) as caught:
        store(None, PAIRCTL_SECRET_UI=text).credentials("ui")
    assert CANARY not in str(caught.value)


def test_credentials_without_a_password_file_name_it(tmp_path: Path) -> None:
    """The text names the file that is missing."""
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "username").write_text("kairos")
    with pytest.raises(SecretUnusable, match="password does not exist"):
        store(tmp_path).credentials("ui")


def test_a_single_key_of_a_folder_is_the_secret(tmp_path: Path) -> None:
    """A Kubernetes secret with one key is a key or token; with several it is not."""
    (tmp_path / "key").mkdir()
    (tmp_path / "key" / "apiKey").write_text(CANARY)
    assert store(tmp_path).get("key") == Secret(CANARY)
    (tmp_path / "key" / "other").write_text("more")
    with pytest.raises(SecretUnusable, match="apiKey, other"):
        store(tmp_path).get("key")


def test_a_text_may_have_several_lines(tmp_path: Path) -> None:
    """Variables of profiles may need certificates; headers never see them."""
    (tmp_path / "ca").write_text("line one\n\tline zwei ü\n")
    assert store(tmp_path).text("ca") == Secret("line one\n\tline zwei ü")


def test_what_is_handed_out_is_known_to_the_redactor(tmp_path: Path) -> None:
    """No value leaves the store before texts are cleaned of it."""
    redactor = Redactor()
    (tmp_path / "key").write_text(CANARY)
    store(tmp_path, redactor).get("key")
    store(None, redactor, PAIRCTL_SECRET_UI="kairos:p4ssw0rd!").credentials("ui")
    assert redactor.redact(f"{CANARY} kairos p4ssw0rd!") == "[redacted] kairos [redacted]"


def test_a_secret_is_read_anew_each_time(tmp_path: Path) -> None:
    """A rotated secret is used without a restart."""
    (tmp_path / "key").write_text("old-value")
    secrets = store(tmp_path)
    assert secrets.get("key") == Secret("old-value")
    (tmp_path / "key").write_text("new-value")
    assert secrets.get("key") == Secret("new-value")


@pytest.mark.parametrize(
    "value", ["x", "abc", "hunter2", "a b c d e f g", "\u200b" * 20 + "abcdefg"]
)
def test_a_secret_that_could_not_be_kept_out_of_texts_is_refused(
    tmp_path: Path, value: str
) -> None:
    """It is a part of too many words; the least length is said, and the value is not."""
    folder = tmp_path / "ui"
    folder.mkdir()
    (folder / "username").write_text("kairos")
    (folder / "password").write_text(value)
    (tmp_path / "variable").write_text(value)
    secrets = store(tmp_path, PAIRCTL_SECRET_LOGIN=f"kairos:{value}")
    for read, name in (
        (secrets.credentials, "ui"),
        (secrets.credentials, "login"),
        (secrets.text, "variable"),
    ):
        with pytest.raises(SecretUnusable, match=f"fewer than {LEAST} characters") as caught:
            read(name)
        assert value not in f"{caught.value.problem}".replace(str(tmp_path), "").split()
        assert str(LEAST) in caught.value.problem.hint


def test_a_secret_of_the_least_length_is_used() -> None:
    """Spaces within are not counted."""
    redactor = Redactor()
    for value in ("a" * LEAST, "a bc de fg h"):
        assert store(None, redactor, PAIRCTL_SECRET_KEY=value).get("key") == Secret(value)
        assert redactor.redact(f"<{value}>") == "<[redacted]>"


def test_secrets_are_known_before_they_are_used(tmp_path: Path) -> None:
    """Whoever was given one in another run may say it in this one: files, keys, variables."""
    (tmp_path / "key").write_text("value-of-a-file\n")
    (tmp_path / "short").write_text("abc")
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    (tmp_path / "Not-a-name").write_text("value-of-nothing")
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "username").write_text("kairos-user")
    (tmp_path / "ui" / "password").write_text("value-of-a-key\n")
    variables = {"PAIRCTL_SECRET_LOGIN": "kairos:value-of-a-login", "OTHER": "value-of-another"}
    redactor = Redactor()
    store(tmp_path, redactor, **variables).teach()
    known = ["value-of-a-file", "value-of-a-key", "value-of-a-login"]
    assert [redactor.redact(value) for value in known] == ["[redacted]"] * 3
    for text in ("abc", "value-of-nothing", "kairos-user", "value-of-another"):
        assert redactor.redact(text) == text


def test_only_secrets_that_an_operator_names_are_read(tmp_path: Path) -> None:
    """Nothing else of a folder is looked at."""
    (tmp_path / "one").write_text("value-of-one")
    (tmp_path / "two").write_text("value-of-two")
    redactor = Redactor()
    store(tmp_path, redactor).teach(["one", "missing", "../two"])
    assert redactor.redact("value-of-one") == "[redacted]"
    assert redactor.redact("value-of-two") == "value-of-two"


def test_a_seal_is_of_all_secrets_and_of_its_purpose(tmp_path: Path) -> None:
    """Who lacks one secret, or seals something else, comes to another key."""
    (tmp_path / "one").write_text("the-first-secret")
    (tmp_path / "two").write_text("the-second-secret")
    key = store(tmp_path).seal_key("this")
    assert key == store(tmp_path).seal_key("this")
    assert key != store(tmp_path).seal_key("that")
    (tmp_path / "two").write_text("another-second-secret")
    assert key != store(tmp_path).seal_key("this")


def test_short_secrets_seal_nothing(tmp_path: Path) -> None:
    """From what a guessed password has sealed the guess could be proven."""
    (tmp_path / "one").write_text("password1234")
    assert store(tmp_path).seal_key("this") == b""
    assert store(None).seal_key("this") == b""
