"""What is taken over from a clone's configuration, and what is not."""

import pytest

from pairctl.repo.clone_settings import CloneSettings, parse_settings


def listed(*pairs: tuple[str, str]) -> str:
    """Settings as `git config -z` lists them: names in lower case but for their middle part."""
    return "".join(f"{key}\n{value}\0" for key, value in pairs)


def test_a_remotes_own_address_for_pushing_wins() -> None:
    """Status is read where it is pushed to; of several addresses the first counts."""
    text = listed(
        ("remote.origin.url", "https://a.example/x"),
        ("remote.origin.url", "https://b.example/x"),
        ("remote.up.url", "https://c.example/x"),
        ("remote.origin.pushurl", "ssh://git@a.example/x"),
    )
    told = {"origin": "ssh://git@a.example/x", "up": "https://c.example/x"}
    assert parse_settings(text).remotes == told


def test_only_what_reaches_a_server_is_taken_over() -> None:
    """Headers, certificates, authorities and a proxy, in their order; nothing that trusts more."""
    text = listed(
        ("http.extraheader", ""),
        ("http.https://a.example/.extraheader", "AUTHORIZATION: basic eA=="),
        ("http.proxy", "http://proxy.example:3128"),
        ("http.sslverify", "false"),
        ("http.https://a.example/.sslverify", "false"),
        ("http.savecookies", "true"),
        ("http.https://a.example/extraheader.cookiefile", "/etc/passwd"),
    )
    assert parse_settings(text).http == (
        ("", "extraheader", ""),
        ("https://a.example/", "extraheader", "AUTHORIZATION: basic eA=="),
        ("", "proxy", "http://proxy.example:3128"),
    )


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (("extensions.partialclone", "origin"), True),
        (("remote.origin.promisor", "true"), True),
        (("remote.a.b.partialclonefilter", "blob:none"), True),
        (("remote.origin.url", "promisor"), False),
    ],
)
def test_a_partial_clone_is_known_as_one(pair: tuple[str, str], told: bool) -> None:
    """Each of the ways in which Git marks one."""
    assert parse_settings(listed(pair)).is_partial is told


@pytest.mark.parametrize(
    ("value", "told"), [("group", "group"), ("0660", "0660"), ("no\n[alias]", ""), ("", "")]
)
def test_who_may_write_to_a_shared_repository_is_kept(value: str, told: str) -> None:
    """In the words that Git knows, and in no others."""
    assert parse_settings(listed(("core.sharedrepository", value))).shared == told


def test_a_clone_that_says_nothing_has_no_settings() -> None:
    """A key without a value is none."""
    assert parse_settings("http.extraheader\0").http == (("", "extraheader", ""),)
    assert parse_settings("") == CloneSettings()


@pytest.mark.parametrize(
    ("header", "logs_in"),
    [
        (("", "extraheader", "authorization: basic eA=="), True),
        (("https://a.example/", "extraheader", "AUTHORIZATION: bearer x"), True),
        (("https://b.example/", "extraheader", "AUTHORIZATION: bearer x"), False),
        (("", "extraheader", "X-Trace: 1"), False),
    ],
)
def test_a_login_is_added_where_no_header_logs_in(
    header: tuple[str, str, str], logs_in: bool
) -> None:
    """It is for that server alone."""
    settings = CloneSettings(http=(header,)).with_login("https://a.example/x/y.git", "u:p")
    added = ("https://a.example/", "extraheader", "Authorization: Basic dTpw")
    assert settings.http == ((header,) if logs_in else (header, added))
