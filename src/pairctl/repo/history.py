"""Who wrote what, as the history of a commit tells it."""

from dataclasses import dataclass

from pairctl.repo.program import GitProgram
from pairctl.repo.words import shown

_FORMAT = "--format=%H%x00%an <%ae>%x00%cn <%ce>"
_FIELDS = 3


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """A commit's id, who wrote it, who committed it: `name <address>`, which Git does not prove."""

    id: str
    author: str
    committer: str


async def read_last_change(git: GitProgram, commit: str, path: str) -> CommitFacts | None:
    """The commit that changed `path` last, up to `commit`; None where it cannot be read here."""
    answer = await git.answer(
        ["log", "-1", "--no-show-signature", _FORMAT, commit, "--", f":(literal){path}"],
        doing=f"asking who changed {path}",
    )
    fields = answer.stdout.decode("utf-8", "replace").strip("\n").split("\0")
    if answer.status or len(fields) != _FIELDS:
        return None
    return CommitFacts(fields[0], shown(fields[1]), shown(fields[2]))
