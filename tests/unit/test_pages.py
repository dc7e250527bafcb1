"""The pages hold together: links lead somewhere, each page is found, each named test exists."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from markdown_factory import GFM, rows

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")])
PROCEDURE = (ROOT / "docs" / "vendor-procedure.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", PROCEDURE)))
OUTSIDE = re.compile(r"[a-z]+:")


@cache
def links(page: Path) -> list[str]:
    """List where a page's links lead, code left out, those to other sites too."""
    inside = [one for token in GFM.parse(page.read_text()) for one in token.children or ()]
    found = [str(one.attrs["href"]) for one in inside if one.type == "link_open"]
    return [link for link in found if not OUTSIDE.match(link)]


@cache
def anchors(page: Path) -> set[str]:
    """Give the names that a forge gives to the headings of a page."""
    tokens = GFM.parse(page.read_text())
    titles = [
        after.children or () for token, after in pairwise(tokens) if token.type == "heading_open"
    ]
    texts = ["".join(one.content for one in title) for title in titles]
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}


def target(page: Path, link: str) -> tuple[Path, str]:
    """Give the file that a link leads to, and the heading in it."""
    path, _, anchor = link.partition("#")
    return (page.parent / path).resolve() if path else page, anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_to_what_is_there(page: Path) -> None:
    """A file or folder of the repository, and in a page the very heading."""
    for link in links(page):
        file, anchor = target(page, link)
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


def test_every_page_is_found_from_the_first() -> None:
    """Whoever reads README.md, and what it links to, comes to all of docs/."""
    waiting, found = [ROOT / "README.md"], set[Path]()
    while waiting:
        page = waiting.pop()
        found.add(page)
        linked = {target(page, link)[0] for link in links(page)}
        waiting += [file for file in linked - found if file.suffix == ".md"]
    assert set(ROOT.glob("docs/*.md")) <= found
    assert set(ROOT.glob("*.md")) <= found


def test_the_procedure_names_tests() -> None:
    """There is something to check."""
    assert len(NAMED) > 40


@pytest.mark.parametrize(("path", "function"), NAMED)
def test_a_point_of_the_procedure_has_its_test(path: str, function: str) -> None:
    """The file is there, and so is the test in it."""
    found = ROOT / path
    assert found.exists()
    if function:
        assert f"def {function}(" in found.read_text()


def test_every_point_says_how_far_it_goes_and_what_shows_it() -> None:
    """Only what pairctl leaves to people goes without a test."""
    points = rows(PROCEDURE)
    assert len(points) >= 33
    for point, extent, does, shown in points:
        assert point
        assert does
        assert extent in {"whole", "part", "none"}
        assert (shown == "—") == (extent == "none"), point
