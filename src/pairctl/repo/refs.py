"""Names inside a repository: refs, object ids and paths, checked before git sees them."""

import re

from pairctl.problem import Problem
from pairctl.repo.problems import RefNotAllowed
from pairctl.text import escaped, is_plain

MAX_NAME_BYTES = 1024
SHA1_DIGITS, SHA256_DIGITS = 40, 64
OBJECT_FORMATS = {SHA1_DIGITS: "sha1", SHA256_DIGITS: "sha256"}
"""What Git calls the ways that object ids are made, by how many digits these have."""
_REF = re.compile(r"[\w@#+=.,%/-]+")
_BAD_IN_REF = re.compile(r"^-|\.\.|//|@\{|^/|/$|\.$|(?:^|/)\.|\.lock(?:/|$)|^@$")
_REVISION = re.compile(r"(?P<name>.+?)(?P<steps>(?:[~^][0-9]{0,5}){0,9}(?:\^\{commit\})?)")
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT_ID = re.compile(r"[0-9a-f]{7,64}")


def digits_of(object_format: str) -> int:
    """How many digits object ids of a format have; of one that is not known, as many as most."""
    known = {name: digits for digits, name in OBJECT_FORMATS.items()}
    return known.get(object_format, SHA1_DIGITS)


def checked_ref(name: str) -> str:
    """`name` itself; raises RefNotAllowed unless it is a plain branch, tag or full ref name.

    Stricter than git: no revision expressions (`~`, `^`, `@{`), no leading dash, no spaces.
    """
    if len(name.encode()) > MAX_NAME_BYTES or not _REF.fullmatch(name) or _BAD_IN_REF.search(name):
        raise RefNotAllowed(
            Problem(
                "RefNotAllowed",
                f"ref {escaped(name)[:200]!r} is not a plain branch or tag name",
                "name a branch, a tag, HEAD or a commit id",
            )
        )
    return name


def split_revision(text: str) -> tuple[str, str]:
    """Part a revision into its ref and the steps from it: `HEAD~2^` into `HEAD` and `~2^`.

    The ref is not checked yet; `@` is HEAD. Of Git's expressions these steps are known, no others.
    """
    found = _REVISION.fullmatch(text)
    name, steps = (found["name"], found["steps"]) if found else (text, "")
    return ("HEAD" if name == "@" else name), steps


def checked_branch(name: str) -> str:
    """The short name of the branch that `name` stands for; raises RefNotAllowed for other refs."""
    branch = checked_ref(name).removeprefix("refs/heads/")
    if not branch.startswith("refs/"):
        return checked_ref(branch)
    problem = Problem(
        "RefNotAllowed", f"ref {name!r} is no branch", "name a branch: its short name"
    )
    raise RefNotAllowed(problem)


def is_object_id(text: str) -> bool:
    """A full object id, SHA-1 or SHA-256, in lower case."""
    return _OBJECT_ID.fullmatch(text) is not None


def may_be_short_id(text: str) -> bool:
    """Text that could be a commit id of seven digits or more."""
    return _SHORT_ID.fullmatch(text) is not None


def checked_object_id(text: str) -> str:
    """`text` itself; raises RefNotAllowed unless it is a full object id."""
    if is_object_id(text):
        return text
    found = escaped(text)[:200]
    raise RefNotAllowed(
        Problem("RefNotAllowed", f"{found!r} is not a full commit id", "resolve the ref first")
    )


def path_fault(path: str) -> str | None:
    """What is wrong with a path inside a commit, as the end of a sentence; None if nothing is."""
    if not path or len(path.encode()) > MAX_NAME_BYTES:
        return f"is empty or longer than {MAX_NAME_BYTES} bytes"
    if not is_plain(path):
        return "holds characters that cannot be printed"
    for part in path.split("/"):
        if part in {"", ".", ".."} or part.lower() == ".git":
            return f"has the part {part!r}"
        if part.startswith("-"):
            return "has a part that starts with a dash"
    return None


def checked_path(path: str) -> str:
    """`path` itself; raises RefNotAllowed unless it may stand in a commit."""
    fault = path_fault(path)
    if fault is None:
        return path
    raise RefNotAllowed(
        Problem(
            "BadPath",
            f"path {escaped(path)[:200]!r} {fault}",
            "use a relative path with / between its parts",
        )
    )
