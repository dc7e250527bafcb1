"""What a hostile file, commit or folder may cost: measured in a process that may use no more."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from bombs_factory import BOMBS, PALETTE, K
from cli_factory import Done, run
from effort import calls
from pairctl.pairing import PaletteView, ProfileListing
from pairctl.records import palette_file
from pairctl.spec import Code, SourceFile, load, read_file
from pairctl.spec.candidates import read_own_file
from pairctl.validation import ReadingCache
from pairctl.validation.facts import Facts
from pairctl.validation.inspection import inspect_files
from pairctl.validation.proving import prove_all
from pairing_factory import NOW
from repo_factory import git
from spec_factory import file_of, intent_at, match, palette

OURS = b"apiVersion: pairctl/v1alpha1\nkind: X\n"
MEMORY_BYTES = 1 << 30
TOO_LITTLE_BYTES = 8 << 20
"""Less than Python itself has taken by the time that the limit is set."""
START_S = 5
"""Of processor time, for the program to begin and to end, and for Git."""

# A program that may use so much memory and processor time, and is killed by the system beyond.
LIMITED = """
import resource, sys
memory, seconds = int(sys.argv.pop(1)), int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
from pairctl.cli import main
main()
"""


def validate(folder: Path, *options: str, seconds: float = 1, memory: int = MEMORY_BYTES) -> Done:
    """Run the real program in a folder; beside what it takes to begin, it has these seconds."""
    limits = (str(memory), str(START_S + round(seconds + 0.5)))
    command = [sys.executable, "-c", LIMITED, *limits, "validate", "--no-cache", "--format", "json"]
    return run([*command, *options], cwd=folder)


def codes(done: Done) -> Mapping[str, set[str]]:
    """Return the codes that were found in each file."""
    assert (done.code, done.err) == (2, "")
    found: dict[str, set[str]] = {}
    for one in json.loads(done.out)["findings"]:
        found.setdefault(one["path"], set()).add(one["code"])
    return found


# ── one file ─────────────────────────────────────────────────────────────────────────────────────


def of_pairctl(name: str, content: bytes) -> bytes:
    """Put a document of pairctl before a bomb: those of other tools are nobody's business."""
    if b"pairctl/" in content or name == "comments":
        return content
    head = "apiVersion: pairctl/v1alpha1\n"
    first = head.encode("utf-16-le") if name == "zeros" else f"{head}kind: X\n---\n".encode()
    is_too_large = BOMBS[name][0] is Code.TOO_LARGE
    return first + (content if is_too_large else content[: 256 * K - len(first)])


@pytest.fixture(scope="module")
def told_of_bombs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """Validate all of them in one run, a second each."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (_, content) in BOMBS.items():
        (folder / f"{name}.yaml").write_bytes(of_pairctl(name, content))
    return codes(validate(folder, seconds=len(BOMBS)))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_finding(name: str, told_of_bombs: Mapping[str, set[str]]) -> None:
    """Each is told by the limit that it crosses, or by what is wrong with it."""
    assert BOMBS[name][0] in told_of_bombs[f"{name}.yaml"]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(name: str) -> None:
    """Some two million calls take less than a second; and few findings are told of a document."""
    code, content = BOMBS[name]
    assert len(content) <= 256 * K or code is Code.TOO_LARGE
    file = SourceFile("a.yaml", content)
    assert calls(lambda: read_file(file)) < 2_000_000
    reading = read_file(file)
    assert len(reading.findings) <= 100
    assert all(len(entry.findings) <= 100 for entry in reading.entries)


def test_the_limits_are_held_by_the_system(tmp_path: Path) -> None:
    """A program that takes more is ended: the test of the bombs can fail."""
    (tmp_path / "a.yaml").write_bytes(PALETTE)
    starved = validate(tmp_path, memory=TOO_LITTLE_BYTES)
    assert starved.code not in {0, 2}


# ── many files ───────────────────────────────────────────────────────────────────────────────────


def make_files(documents: Sequence[Mapping[str, object]], each: int = 100) -> list[SourceFile]:
    """Put documents into files, so many into each."""
    return [
        file_of(*documents[at : at + each], path=f"{at:06}.yaml")
        for at in range(0, len(documents), each)
    ]


def store(number: int, **changes: object) -> Mapping[str, object]:
    """Return an intent for one of many hosts."""
    return intent_at(f"https://10.0.{number // 250}.{number % 250}:5080", f"s-{number}", **changes)


def same_names(count: int) -> list[Mapping[str, object]]:
    """Return intents whose names are in every file again."""
    return [store(n) | {"metadata": {"name": f"s-{n % 100}"}} for n in range(count)]


def same_targets(count: int) -> list[Mapping[str, object]]:
    """Return intents for the hosts of every other file."""
    return [store(n % 100) | {"metadata": {"name": f"s-{n}"}} for n in range(count)]


def lost_references(count: int) -> list[Mapping[str, object]]:
    """Return intents that refer to nothing."""
    return [store(n, palette=f"p-{n}", profileMatch=f"m-{n}") for n in range(count)]


def one_name_for_all(count: int) -> list[Mapping[str, object]]:
    """Return intents that refer to a match that is declared as often as they are."""
    return [palette(), *(match() for _ in range(count)), *(store(n) for n in range(count))]


def other_cases(count: int) -> list[Mapping[str, object]]:
    """Return names that differ in case from those of other files."""
    upper = [store(n) | {"metadata": {"name": f"S-{n}"}} for n in range(count)]
    return [*map(store, range(count)), *upper]


def scattered(count: int) -> list[Mapping[str, object]]:
    """Return valid intents whose names go from file to file, each with a match of its own."""
    matches = [match(f"m-{n}") for n in range(count)]
    intents = [store(n * 101 % count, profileMatch=f"m-{n}") for n in range(count)]
    return [palette(), *matches, *intents]


def judged(files: Sequence[SourceFile]) -> None:
    """Judge and prove all; nothing was seen but a Palette."""
    path, content = palette_file("production", PaletteView((ProfileListing("x", None),)), NOW)
    load(files)
    inspection = inspect_files(files, (), ReadingCache())
    prove_all(inspection, Facts("tip", {path: content}), lambda _: True)


@pytest.mark.parametrize(
    "documents",
    [same_names, same_targets, lost_references, one_name_for_all, other_cases, scattered],
)
def test_judging_all_costs_no_more_than_reading_each_a_few_times(
    documents: Callable[[int], list[Mapping[str, object]]],
) -> None:
    """Whatever is wrong between them, and in whatever order: no file is read for each finding.

    Reading is the long way here, with all places, since findings need them.
    """
    files = make_files(documents(800))
    reading = calls(lambda: [read_own_file(file) for file in files])
    assert calls(lambda: judged(files)) < 6 * reading


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository without any commit."""
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    return folder


def commit_tree(folder: Path, branch: str, levels: Sequence[Sequence[str]]) -> None:
    """Commit trees of trees, the innermost first: each name of a level leads to the one before."""
    entry = f"100644 blob {git(folder, 'hash-object', '-w', '--stdin', stdin=OURS)}"
    for names in levels:
        listing = "".join(f"{entry}\t{name}\n" for name in names)
        entry = f"040000 tree {git(folder, 'mktree', stdin=listing.encode())}"
    tree = entry.split(" ")[2]
    git(folder, "update-ref", f"refs/heads/{branch}", git(folder, "commit-tree", tree, "-m", "x"))


def test_thousands_of_files_are_validated_within_bounds(bare: Path) -> None:
    """They take a few milliseconds each, and not all the memory."""
    commit_tree(bare, "many", [[f"f{n}.yaml" for n in range(100)], [f"d{n}" for n in range(40)]])
    found = codes(validate(bare, "--ref", "many", seconds=20, memory=600 << 20))
    assert len(found) == 4000


def test_folders_nested_deep_are_validated(bare: Path) -> None:
    """In a commit, as in a folder."""
    commit_tree(bare, "deep", [["a.yaml"], *[["d"]] * 200])
    assert list(codes(validate(bare, "--ref", "deep"))) == ["d/" * 200 + "a.yaml"]


def test_a_commit_of_billions_of_files_is_an_error(bare: Path) -> None:
    """Ten trees that each stand ten times in the next take a few kilobytes."""
    ten = [str(n) for n in range(10)]
    commit_tree(bare, "bomb", [[f"{n}.yaml" for n in ten], *[ten] * 9])
    done = validate(bare, "--ref", "bomb", seconds=10)
    assert (done.code, done.out) == (1, "")
    assert "git said more than" in done.err
