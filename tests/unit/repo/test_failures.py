"""From git's words to pairctl's errors."""

import pytest

from pairctl.problem import PairctlError
from pairctl.repo import AccessRefused, GitFailed, NotOurs, RepositoryUnreachable
from pairctl.repo.failures import failure


@pytest.mark.parametrize(
    ("stderr", "kind"),
    [
        ("fatal: detected dubious ownership in repository at '/x'", NotOurs),
        ("fatal: Authentication failed for 'https://x/'", AccessRefused),
        (
            "fatal: could not read Username for 'https://x': terminal prompts disabled",
            AccessRefused,
        ),
        ("Host key verification failed.\nfatal: Could not read from remote", AccessRefused),
        (
            "fatal: unable to access 'https://x/': The requested URL returned error: 403",
            AccessRefused,
        ),
        ("remote: Repository not found.", AccessRefused),
        ("fatal: '/x' does not appear to be a git repository", AccessRefused),
        ("fatal: unable to access 'https://x/': Could not resolve host: x", RepositoryUnreachable),
        ("ssh: connect to host x port 22: Connection refused", RepositoryUnreachable),
        (
            "fatal: unable to access 'x': The requested URL returned error: 503",
            RepositoryUnreachable,
        ),
        ("error: object file .git/objects/aa/bb is empty", GitFailed),
    ],
)
def test_each_kind_of_failure_has_its_class(stderr: str, kind: type[PairctlError]) -> None:
    """The class says what happens next: try again, wait for a person, or look at the repository."""
    error = failure("fetching", stderr)
    assert type(error) is kind
    assert error.problem.hint
