"""Which forms of path and URL git is ever given."""

from pathlib import Path

import pytest

from pairctl.repo import UrlNotAllowed
from pairctl.repo.location import parse_location, without_login

HERE = Path("/srv")


@pytest.mark.parametrize(
    ("text", "address", "protocol"),
    [
        ("https://git.example.com/fleet.git", "https://git.example.com/fleet.git", "https"),
        ("https://git.example.com:8443/a/b", "https://git.example.com:8443/a/b", "https"),
        ("http://127.0.0.1:8080/fleet.git", "http://127.0.0.1:8080/fleet.git", "http"),
        ("ssh://git@example.com:22/fleet.git", "ssh://git@example.com:22/fleet.git", "ssh"),
        ("git@example.com:team/fleet.git", "git@example.com:team/fleet.git", "ssh"),
        ("example.com:/srv/fleet.git", "example.com:/srv/fleet.git", "ssh"),
        ("file:///srv/fleet.git", "file:///srv/fleet.git", "file"),
        ("/srv/fleet", "/srv/fleet", "file"),
        ("fleet", "/srv/fleet", "file"),
        ("./with:colon", "/srv/with:colon", "file"),
    ],
)
def test_takes_the_listed_forms(text: str, address: str, protocol: str) -> None:
    """An allowed location reaches git unchanged, a path made absolute, with its one transport."""
    location = parse_location(text, relative_to=HERE)
    assert (location.address, location.protocol) == (address, protocol)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ext::sh -c 'touch /tmp/owned'",
        "fd::17",
        "http::https://example.com/x",
        "-oProxyCommand=touch",
        "--upload-pack=touch",
        "ssh://-oProxyCommand=touch/x",
        "-host:path",
        "host:-path",
        "git@-host:path",
        "ssh://git:secret@example.com/x",
        "https://user:secret@example.com/x",
        "https://token@example.com/x",
        "http://example.com/x",
        "http://127.0.0.1.example.com/x",
        "http://127.0.0.1@example.com/x",
        "git://example.com/x",
        "ftp://example.com/x",
        "file://host/x",
        "https://example.com/a\nb",
        "https://example.com/a b",
        "https://example.com/\x1b[31m",
        "/srv/fleet\0",
        "https://" + "a" * 3000,
    ],
)
def test_refuses_every_other_form(text: str) -> None:
    """A location is allowed by a list of forms, never by the absence of a known trick."""
    with pytest.raises(UrlNotAllowed):
        parse_location(text, relative_to=HERE)


@pytest.mark.parametrize("scheme", ["https", "ssh"])
def test_a_refused_url_does_not_show_its_password(scheme: str) -> None:
    """Credentials of a refused location are not repeated in the error."""
    with pytest.raises(UrlNotAllowed) as caught:
        parse_location(f"{scheme}://user:hunter2@example.com/x", relative_to=HERE)
    assert "hunter2" not in str(caught.value)
    assert "credentials" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "parted"),
    [
        ("https://job:tok@a.example/x.git", ("https://a.example/x.git", "job:tok")),
        ("http://j:t@127.0.0.1:80/x", ("http://127.0.0.1:80/x", "j:t")),
        ("https://j%40b:t%2Fk@a.example/x", ("https://a.example/x", "j@b:t/k")),
        ("https://user@a.example/x.git", ("https://a.example/x.git", "")),
        ("https://a.example/x@y.git", ("https://a.example/x@y.git", "")),
        ("ssh://git:pw@a.example/x", ("ssh://git:pw@a.example/x", "")),
        ("git@a.example:x.git", ("git@a.example:x.git", "")),
    ],
)
def test_a_login_is_parted_from_its_url(url: str, parted: tuple[str, str]) -> None:
    """As Git parts it: up to the first slash, and decoded."""
    assert without_login(url) == parted
