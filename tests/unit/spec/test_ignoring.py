"""`.pairctlignore`: gitignore's syntax, within bounds."""

import pytest

from pairctl.spec import IgnoreList, IgnoreListRefused


@pytest.mark.parametrize(
    ("line", "path", "is_ignored"),
    [
        ("/examples/", "examples/a.yaml", True),
        ("/examples/", "x/examples/a.yaml", False),
        ("*.tmpl.yaml", "x/y.tmpl.yaml", True),
        ("vendor/**/x.yaml", "vendor/a/b/x.yaml", True),
        ("# vendor", "vendor/x.yaml", False),
        ("a.yaml\n!a.yaml", "a.yaml", False),
        ("", "a.yaml", False),
    ],
)
def test_patterns_are_those_of_gitignore(line: str, path: str, is_ignored: bool) -> None:
    """Lines in order, the last that fits counts."""
    assert IgnoreList.parse(line.encode()).ignores(path) is is_ignored


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"# ours\n*a*b*c*d*.yaml", ":2: more than 3 wildcards"),
        (b"# ours\n**/a/**/b/**/c/**/d", ":2: more than 3 wildcards"),
        (b"# ours\n!", ":2: it is no pattern"),
        (b"# caf\xe9", ":1: it is not UTF-8"),
        (b"a\n" * 1001, ":1001: 1000 lines"),
    ],
)
def test_a_list_out_of_bounds_is_refused_with_its_line(content: bytes, why: str) -> None:
    """A pattern costs little to try, whoever wrote it."""
    with pytest.raises(IgnoreListRefused, match=why):
        IgnoreList.parse(content)


def test_no_list_leaves_nothing_out() -> None:
    """Nor does an empty one."""
    assert not IgnoreList.parse(None).ignores("a.yaml")
