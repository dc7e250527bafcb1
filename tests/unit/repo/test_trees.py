"""Which entries of a commit are documents, and which are refused."""

import pytest

from pairctl.repo.trees import Entry, is_candidate, parse_listing, sorted_out

ID = "a" * 40
SUFFIXES = (".yaml", ".yml")


def entry(path: str | bytes, mode: str = "100644") -> Entry:
    """An entry with defaults."""
    return Entry(mode, ID, path.encode() if isinstance(path, str) else path)


def test_a_listing_is_split_at_nul_bytes_only() -> None:
    """Newlines and tabs in a path do not make a second entry."""
    listing = b"100644 blob " + ID.encode() + b"\ta\n100644 blob\tb.yaml\0"
    assert [found.path for found in parse_listing(listing)] == [b"a\n100644 blob\tb.yaml"]


@pytest.mark.parametrize("path", ["a.yaml", "x/B.YML", "a b.yaml", "x/y/z.yaml"])
def test_documents_are_told_by_their_suffix_in_any_case(path: str) -> None:
    """A suffix counts in any case, at any depth."""
    assert is_candidate(entry(path), "", SUFFIXES)


@pytest.mark.parametrize(
    "path", ["README.md", "yaml", ".github/ci.yml", ".pre-commit.yaml", "a/.b/c.yaml"]
)
def test_other_and_hidden_files_are_no_documents(path: str) -> None:
    """Workflows and tool settings of others are YAML too, and are not meant for pairctl."""
    assert not is_candidate(entry(path), "", SUFFIXES)


def test_a_hidden_folder_that_was_asked_for_is_read() -> None:
    """Hidden counts below the folder asked for only."""
    assert is_candidate(entry(".fleet/a.yaml"), ".fleet", SUFFIXES)


@pytest.mark.parametrize(
    ("path", "mode", "is_one"),
    [
        ("a.yaml", "120000", True),
        ("fleet", "120000", True),
        ("AGENDA.md", "120000", False),
        ("modules/x", "160000", False),
        ("modules.yaml", "160000", False),
    ],
)
def test_links_that_could_stand_for_documents_are_candidates(
    path: str, mode: str, is_one: bool
) -> None:
    """A link to a folder or document must be reported; one to a text file is nobody's concern."""
    assert is_candidate(entry(path, mode), "", SUFFIXES) is is_one


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (entry("a.yaml", "120000"), "SymlinkNotAllowed"),
        (entry("a.yaml", "160000"), "SubmoduleNotAllowed"),
        (entry("a\n.yaml"), "BadPath"),
        (entry("\x1b[2J.yaml"), "BadPath"),
        (entry("-rf.yaml"), "BadPath"),
        (entry("x/../a.yaml"), "BadPath"),
        (entry(b"\xff.yaml"), "BadPath"),
    ],
)
def test_odd_entries_are_refused_with_a_reason(odd: Entry, reason: str) -> None:
    """One odd entry is refused, shown in printable form, and the others are read."""
    blobs, refused = sorted_out([entry("good.yaml"), odd])
    assert [blob.path for blob in blobs] == ["good.yaml"]
    assert [one.problem.reason for one in refused] == [reason]
    assert refused[0].path.isprintable()
    assert refused[0].problem.message.isprintable()


@pytest.mark.parametrize(
    ("one", "other"), [("A.yaml", "a.yaml"), ("x/caf\u00e9.yaml", "x/cafe\u0301.yaml")]
)
def test_paths_that_fold_to_one_are_both_refused(one: str, other: str) -> None:
    """Which of two such files a checkout shows depends on the machine, so neither is read."""
    blobs, refused = sorted_out([entry(one), entry(other), entry("z.yaml")])
    assert [blob.path for blob in blobs] == ["z.yaml"]
    assert [found.problem.reason for found in refused] == ["PathCollision"] * 2


def test_a_size_is_read_where_it_is_listed() -> None:
    """Folders, and what is not here, have none; a name may look like anything."""
    oid = "a" * 40
    lines = (
        f"100644 blob {oid}      12\tx y\t1",
        f"040000 tree {oid}       -\tx",
        f"100644 blob {oid}     BAD\ty",
        f"100644 blob {oid}\tz",
    )
    listing = "".join(f"{line}\0" for line in lines).encode()
    assert [(one.path, one.size) for one in parse_listing(listing)] == [
        (b"x y\t1", 12),
        (b"x", None),
        (b"y", None),
        (b"z", None),
    ]
