"""Secrets of a long run: the same between two renewals, the old one kept where one is broken."""

from pathlib import Path

import pytest

from pairctl.secrets import KeptSecrets, Redactor, SecretUnusable

OLD, NEW = "old-password-1f", "new-password-2e"


def mount(folder: Path, generation: str, password: str, username: str = "kairos") -> None:
    """Write a secret as Kubernetes does: files in a folder of their own, then a link switched."""
    secret = folder / "host"
    data = secret / f"..{generation}"
    data.mkdir(parents=True)
    (data / "username").write_text(username)
    (data / "password").write_text(password)
    link = secret / "..new"
    link.symlink_to(data.name)
    link.rename(secret / "..data")
    for key in ("username", "password"):
        if not (secret / key).is_symlink():
            (secret / key).symlink_to(f"..data/{key}")


@pytest.fixture
def redactor() -> Redactor:
    """What keeps them out of texts."""
    return Redactor()


@pytest.fixture
def store(tmp_path: Path, redactor: Redactor) -> KeptSecrets:
    """A store over a folder with one secret."""
    mount(tmp_path, "1", OLD)
    return KeptSecrets(tmp_path, {}, redactor)


def test_a_value_stays_until_it_is_renewed(tmp_path: Path, store: KeptSecrets) -> None:
    """Between a look and the action that follows from it nothing changes."""
    assert store.credentials("host").password.reveal() == OLD
    mount(tmp_path, "2", NEW)
    assert store.credentials("host").password.reveal() == OLD
    assert store.renew().changed == {"host"}
    assert store.credentials("host").password.reveal() == NEW
    assert store.renew().changed == frozenset()


def test_an_old_value_stays_redacted(
    tmp_path: Path, store: KeptSecrets, redactor: Redactor
) -> None:
    """Whoever has it may say it yet."""
    store.credentials("host")
    mount(tmp_path, "2", NEW)
    store.renew()
    assert redactor.redact(f"{OLD} {NEW}") == "[redacted] [redacted]"


def test_a_broken_one_keeps_its_old_value(tmp_path: Path, store: KeptSecrets) -> None:
    """It is named with what is wrong, without its value; once it is right it counts."""
    store.credentials("host")
    mount(tmp_path, "2", "short")
    renewed = store.renew()
    assert renewed.changed == frozenset()
    assert "too short" in renewed.refused["host"].message
    assert store.credentials("host").password.reveal() == OLD
    (tmp_path / "host").rename(tmp_path / "gone")
    assert store.renew().refused.keys() == {"host"}
    assert store.credentials("host").password.reveal() == OLD
    mount(tmp_path, "3", NEW)
    assert store.renew().changed == {"host"}
    assert store.credentials("host").password.reveal() == NEW


def test_one_that_never_was_right_is_read_each_time(tmp_path: Path, store: KeptSecrets) -> None:
    """There is no old value to keep."""
    (tmp_path / "key").write_text("")
    with pytest.raises(SecretUnusable):
        store.get("key")
    (tmp_path / "key").write_text("a-key-of-some-length")
    assert store.get("key").reveal() == "a-key-of-some-length"


def test_one_that_is_being_exchanged_is_taken_over_as_a_whole(
    tmp_path: Path, store: KeptSecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never the user of before with the password of now."""
    store.credentials("host")
    mount(tmp_path, "2", NEW, username="other")
    reads: list[Path] = []
    read = Path.open

    def exchanged_meanwhile(path: Path, *rest: str) -> object:
        reads.append(path)
        if len(reads) == 2:  # the user was read
            monkeypatch.undo()
            mount(tmp_path, "3", f"{NEW}-3", username="third")
        return read(path, *rest)

    monkeypatch.setattr(Path, "open", exchanged_meanwhile)
    store.renew()
    pair = store.credentials("host")
    assert (pair.username, pair.password.reveal()) == ("kairos", OLD)
    store.renew()
    pair = store.credentials("host")
    assert (pair.username, pair.password.reveal()) == ("third", f"{NEW}-3")
