"""What the monitor asks of Git: the program itself, in the bare repository."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}
_FORMAT = "--format=commit %H %P%x00%cn"


@dataclass(frozen=True)
class Commit:
    """A commit with all its files: the ids of their contents, by path."""

    id: str
    parent: str
    committer: str
    files: Mapping[str, str]


class Git:
    """One bare repository."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def branch(self, name: str) -> str:
        """Return the commit of a branch as it stands now; empty where there is no such branch."""
        return self._run("for-each-ref", "--format=%(objectname)", f"refs/heads/{name}").decode()

    def heads(self, but: str) -> list[str]:
        """Return the commits of all branches but one, as they stand now."""
        told = self._run("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads")
        lines = (line.split(" ") for line in told.decode().splitlines())
        return [commit for commit, name in lines if name != f"refs/heads/{but}"]

    def has(self, commit: str) -> bool:
        """Whether a commit is there."""
        kind = self._run("cat-file", "--batch-check", stdin=commit.encode()).decode().split()[1]
        return kind == "commit"

    def branch_file(self, name: str) -> str:
        """Return the same at the cost of reading a file: it is asked for at each request."""
        try:
            return (self._folder / "refs" / "heads" / name).read_text().strip()
        except FileNotFoundError:
            is_packed = (self._folder / "packed-refs").exists()
            return self.branch(name) if is_packed else ""

    def history(self, tips: Iterable[str]) -> dict[str, Commit]:
        """Return all commits that lead to these, parents first, by id."""
        commits: dict[str, Commit] = {}
        for part in self._log(tips).split("\ncommit "):
            head, _, changes = part.removeprefix("commit ").partition("\n")
            ids, _, committer = head.partition("\0")
            commit, parent, *_ = [*ids.split(), ""]
            before = commits[parent].files if parent else {}
            commits[commit] = Commit(commit, parent, committer, _changed(before, changes))
        return commits

    def files(self, commit: str) -> dict[str, str]:
        """Return the ids of the contents of a commit's files, by path."""
        lines = self._run("ls-tree", "-r", "-z", commit).decode(errors="replace").split("\0")
        entries = (line.partition("\t") for line in lines if line)
        return {path: facts.split()[2] for facts, _, path in entries}

    def documents(self, commit: str) -> Iterable[bytes]:
        """Return the contents of a commit's YAML files."""
        files = self.files(commit).items()
        return self.contents(i for path, i in files if path.endswith((".yaml", ".yml"))).values()

    def tables(self, commit: str) -> dict[str, bytes]:
        """Return the contents of a commit's CSV files, by path."""
        ids = {path: i for path, i in self.files(commit).items() if path.endswith(".csv")}
        found = self.contents(ids.values())
        return {path: found[i] for path, i in ids.items()}

    def contents(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return contents by their ids."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        rest = self._run("cat-file", "--batch", stdin="\n".join(wanted).encode(), strip=False)
        found = {}
        for oid in wanted:
            head, _, rest = rest.partition(b"\n")
            size = int(head.split()[2])
            found[oid], rest = rest[:size], rest[size + 1 :]
        return found

    def _log(self, tips: Iterable[str]) -> str:
        options = ("--topo-order", "--reverse", "--first-parent", "--root", "-m")
        shape = ("--raw", "--no-abbrev", "--no-renames", _FORMAT)
        return self._run("log", *options, *shape, *sorted(set(tips)), "--").decode(errors="replace")

    def _run(self, *arguments: str, stdin: bytes = b"", strip: bool = True) -> bytes:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self._folder,
            env=_ENVIRONMENT,
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout.strip() if strip else done.stdout


def _changed(before: Mapping[str, str], changes: str) -> dict[str, str]:
    r"""Apply lines as `:100644 100644 OLD NEW M\tPATH`; a new id of zeros is a deletion."""
    files = dict(before)
    for line in changes.split("\n"):
        facts, _, path = line.partition("\t")
        if not path:
            continue
        new = facts.split()[3]
        if new.strip("0"):
            files[path] = new
        else:
            files.pop(path, None)
    return files
