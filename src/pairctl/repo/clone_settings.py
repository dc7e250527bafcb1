"""The few settings of a clone that pairctl takes over, read as data and never obeyed by Git.

All else that stands in a clone's configuration (programs to run, what a partial clone left out) has
no effect: see `private_git_dir`. Addresses to use in place of others are judged by `rewrites`.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pairctl.repo.program import GitProgram
from pairctl.repo.rewrites import Rewrite, parse_rewrites

# What a login at an https remote may need: a header (CI's checkouts keep their token in one), a
# client's certificate, authorities, a proxy. None of them names a program, and none lets TLS go
# unproven.
_OF_HTTP = (
    *("extraheader", "emptyauth", "proxy", "proxyauthmethod"),
    *("sslcainfo", "sslcapath", "sslcert", "sslkey"),
)
_HTTP = re.compile(rf"http\.(?:(?P<address>.+)\.)?(?P<name>{'|'.join(_OF_HTTP)})", re.DOTALL)
_SHARED = re.compile(r"group|all|world|everybody|umask|true|false|[0-9]{1,4}")
_PARTIAL = re.compile(r"remote\..+\.(?:promisor|partialclonefilter)|extensions\.partialclone")
_ASKED = (
    r"^(remote\..*\.(url|pushurl|promisor|partialclonefilter)|extensions\.partialclone"
    r"|core\.sharedrepository|http\..*|url\..*\.(push)?insteadof)$"
)


@dataclass(frozen=True, slots=True)
class CloneSettings:
    """What a clone says of its remotes, and of how they are reached.

    `remotes` has the first URL of each remote, that for pushing where they differ; `pushed_apart`
    names those. `rewrites` say what Git would use in place of a URL. `http` are
    `(address, name, value)`, in their order; the address is empty where a setting is for all.
    `shared` is `core.sharedRepository`. A clone that `is_partial` has left objects out.
    """

    remotes: Mapping[str, str] = field(default_factory=dict)
    pushed_apart: frozenset[str] = frozenset()
    rewrites: Sequence[Rewrite] = ()
    http: Sequence[tuple[str, str, str]] = ()
    shared: str = ""
    is_partial: bool = False

    def with_login(self, address: str, login: str) -> "CloneSettings":
        """These settings with the login (`user:password`) that a remote's URL held for `address`.

        Like every header it stands in a file for this user alone, never on a command line. A
        header that logs in there already stays the only one: two are refused by servers.
        """
        if not login or any(_logs_in_at(address, one) for one in self.http):
            return self
        header = (
            f"Authorization: Basic {b64encode(login.encode('utf-8', 'surrogateescape')).decode()}"
        )
        return replace(self, http=(*self.http, (_server_of(address), "extraheader", header)))


async def read_clone_settings(program: GitProgram) -> CloneSettings:
    """Read the settings of the clone that `program` works on, files that it includes as well."""
    answer = await program.answer(
        ["config", "-z", "--get-regexp", _ASKED], doing="reading the clone's remotes"
    )
    return parse_settings(answer.stdout.decode("utf-8", "surrogateescape"))


def parse_settings(text: str) -> CloneSettings:
    """Parse what `git config -z --get-regexp` wrote: `key`, a line feed and the value, and NUL."""
    pairs = [record.partition("\n") for record in text.split("\0") if record]
    values = [(key, value) for key, _, value in pairs]
    pushed = _urls(values, ".pushurl")
    shared = [value for key, value in values if key == "core.sharedrepository"]
    return CloneSettings(
        # Where fetching and pushing differ, status is read where it is pushed to.
        {**_urls(values, ".url"), **pushed},
        frozenset(pushed),
        parse_rewrites(values),
        tuple(_of_http(values)),
        shared[-1] if shared and _SHARED.fullmatch(shared[-1]) else "",
        is_partial=any(_PARTIAL.fullmatch(key) for key, _ in values),
    )


def _logs_in_at(address: str, setting: tuple[str, str, str]) -> bool:
    place, name, value = setting
    return (
        name == "extraheader"
        and value.lower().startswith("authorization:")
        and (not place or _server_of(address).startswith(_server_of(place)))
    )


def _server_of(address: str) -> str:
    """Return the beginning of a URL, up to where its path begins."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0]}/"


def _urls(values: Sequence[tuple[str, str]], suffix: str) -> dict[str, str]:
    """Return the first URL of each remote under keys with this end."""
    found: dict[str, str] = {}
    for key, value in values:
        if key.startswith("remote.") and key.endswith(suffix):
            found.setdefault(key.removeprefix("remote.").removesuffix(suffix), value)
    return found


def _of_http(values: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for key, value in values:
        if match := _HTTP.fullmatch(key):
            yield match["address"] or "", match["name"], value
