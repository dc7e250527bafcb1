"""Which of Git's rewrites of a URL are followed, and which are named."""

import pytest

from pairctl.repo.rewrites import Rewrite, Rewritten, parse_rewrites, rewritten

HTTPS = "https://git.example/edge/x.git"
SSH = "git@git.example:edge/x.git"


def instead(base: str, prefix: str, *, pushing: bool = False) -> Rewrite:
    """A rewrite."""
    return Rewrite(base, prefix, pushing)


@pytest.mark.parametrize(
    ("url", "base", "prefix"),
    [
        (HTTPS, "https://job:token@git.example/", "https://git.example/"),
        (HTTPS, "git@git.example:", "https://git.example/"),
        (HTTPS, "ssh://git@git.example/", "https://git.example/"),
        (HTTPS, "ssh://git@GIT.example:22/", "https://git.example/"),
        (HTTPS, "https://git.example:443/", "https://git.example/"),
        (SSH, "https://git.example/", "git@git.example:"),
        ("ssh://git@git.example/edge/x.git", "https://git.example/", "ssh://git@git.example/"),
        ("https://git.example:8443/x", "https://u:p@git.example:8443", "https://git.example:8443"),
    ],
)
def test_what_leads_to_the_same_path_of_the_same_host_is_followed(
    url: str, base: str, prefix: str
) -> None:
    """A login, and the other of https and ssh."""
    expected = base + url.removeprefix(prefix)
    found = rewritten(url, [instead(base, prefix)], has_own_push_url=False)
    assert found == Rewritten(expected)
    assert found.problem("origin") is None


@pytest.mark.parametrize(
    ("url", "base", "prefix"),
    [
        (HTTPS, "https://mirror.example/", "https://git.example/"),
        (HTTPS, "https://git.example/other/", "https://git.example/"),
        (HTTPS, "https://git.example:8443/", "https://git.example/"),
        (HTTPS, "http://git.example/", "https://git.example/"),
        (HTTPS, "http://git.example:443/", "https://git.example/"),
        (HTTPS, "ssh://git@git.example:2222/", "https://git.example/"),
        (HTTPS, "git://git.example/", "https://git.example/"),
        (HTTPS, "ext::program %S git.example/", "https://git.example/"),
        (HTTPS, "https://git.example@evil.example/", "https://git.example/"),
        (HTTPS, "https://git.example/edge/../", "https://git.example/edge/"),
        (HTTPS, "/srv/", "https://git.example/"),
        (SSH, "git@git.example.evil.example:", "git@git.example:"),
        ("corp:x.git", "https://git.example/", "corp:"),
        ("gh://o/x", "https://git.example/", "gh://"),
        ("/srv/a.git", "/srv/b", "/srv/a"),
    ],
)
def test_what_leads_anywhere_else_is_named_and_not_followed(
    url: str, base: str, prefix: str
) -> None:
    """With what to type if it is meant."""
    expected = base + url.removeprefix(prefix)
    found = rewritten(url, [instead(base, prefix)], has_own_push_url=False)
    assert found == Rewritten(url, expected)
    problem = found.problem("origin")
    assert problem is not None
    assert "git remote set-url origin " in problem.hint


def test_the_longest_prefix_counts_as_with_git() -> None:
    """Of several of one length the first."""
    rules = [
        instead("https://a:b@git.example/", "https://git.example/"),
        instead("https://c:d@git.example/edge/", "https://git.example/edge/"),
        instead("https://e:f@git.example/edge/", "https://git.example/edge/"),
    ]
    found = rewritten(HTTPS, rules, has_own_push_url=False)
    assert found.url == "https://c:d@git.example/edge/x.git"


@pytest.mark.parametrize(
    ("has_own", "expected"),
    [(False, "https://p:p@git.example/edge/x.git"), (True, "https://f:f@git.example/edge/x.git")],
)
def test_a_rewrite_for_pushing_is_of_no_use_where_a_remote_has_its_own_url_for_it(
    has_own: bool, expected: str
) -> None:
    """The status branch is read where it is pushed to."""
    rules = [
        instead("https://f:f@git.example/", "https://git.example/"),
        instead("https://p:p@git.example/", "https://git.example/", pushing=True),
    ]
    assert rewritten(HTTPS, rules, has_own_push_url=has_own).url == expected


def test_rewrites_are_read_from_settings_as_git_lists_them() -> None:
    """A base may hold dots and line feeds; an empty prefix would be every URL's."""
    pairs = [
        ("url.https://a.b/.insteadof", "x:"),
        ("url.a\nb.pushinsteadof", "y:"),
        ("url.z.insteadof", ""),
        ("remote.url.insteadof", "r"),
    ]
    assert parse_rewrites(pairs) == (
        Rewrite("https://a.b/", "x:", is_for_pushing=False),
        Rewrite("a\nb", "y:", is_for_pushing=True),
    )


def test_no_login_is_shown() -> None:
    """Neither of the URL nor of what would stand in its place."""
    found = Rewritten("https://u:first@a.example/x", "https://u:second@b.example/x")
    for problem in (found.problem("origin"), found.problem()):
        assert problem is not None
        assert "first" not in str(problem) + problem.hint
        assert "second" not in str(problem) + problem.hint
