"""Where Git would go instead of a remote's URL: `url.<base>.insteadOf` and `pushInsteadOf`. Pure.

Such a setting may lead to any place and any program, so it is followed only where it leads to the
same path of the same host: to add a login, or to change between https and ssh. All else is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pairctl.problem import Problem
from pairctl.text import escaped, without_credentials

_KEY = re.compile(r"url\.(?P<base>.+)\.(?P<kind>insteadof|pushinsteadof)", re.DOTALL)
_USER = r"(?:[^/?#]*@)?"
_WITH_SCHEME = re.compile(
    rf"(?P<scheme>https?|ssh)://{_USER}(?P<host>[^/?#@:]+)(?::(?P<port>[0-9]+))?/+(?P<path>[^?#]+)"
)
_SHORT_SSH = re.compile(r"(?:[\w.-]+@)?(?P<host>[^/?#@:]+):/*(?P<path>[^?#/:][^?#]*)")
_DEFAULT_PORTS = {"https": "443", "ssh": "22", "http": "80"}


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What begins with `prefix` begins with `base` instead; of pushing alone, or in any case."""

    base: str
    prefix: str
    is_for_pushing: bool


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The URL that is used of a remote; `ignored` is where Git would go instead, or empty."""

    url: str
    ignored: str = ""

    def problem(self, remote: str = "") -> Problem | None:
        """What is to be said of a setting that is not followed; None where there is none.

        Without a remote the URL was given as it is.
        """
        if not self.ignored:
            return None
        url, other = (escaped(without_credentials(one)) for one in (self.url, self.ignored))
        whose = f", the URL of remote {remote}" if remote else ""
        how = f"git remote set-url {remote} {other}" if remote else f"give it: -r {other}"
        return Problem(
            "RemoteRewritten",
            f"git goes to {other} in place of {url}{whose}, as `insteadOf` or `pushInsteadOf` says "
            f"in its configuration; pairctl does not follow it there, and uses {url}",
            f"if {other} is meant, {how}",
        )


def parse_rewrites(pairs: Sequence[tuple[str, str]]) -> tuple[Rewrite, ...]:
    """Return the rewrites among settings, `(key, value)` as Git lists them, in their order."""
    found = ((_KEY.fullmatch(key), value) for key, value in pairs)
    return tuple(
        Rewrite(match["base"], value, match["kind"] == "pushinsteadof")
        for match, value in found
        if match and value
    )


def rewritten(url: str, rewrites: Sequence[Rewrite], *, has_own_push_url: bool) -> Rewritten:
    """What is used of a URL that is pushed to, and what Git would use.

    A remote's own URL for pushing is no matter for `pushInsteadOf`.
    """
    pushing = () if has_own_push_url else [one for one in rewrites if one.is_for_pushing]
    there = _applied(url, pushing)
    if there == url:
        there = _applied(url, [one for one in rewrites if not one.is_for_pushing])
    if there == url or _place(there) == _place(url) is not None:
        return Rewritten(there)
    return Rewritten(url, there)


def _applied(url: str, rewrites: Sequence[Rewrite]) -> str:
    """Return the URL by the longest prefix, of several the first."""
    fitting = [one for one in rewrites if url.startswith(one.prefix)]
    best = max(fitting, key=lambda one: len(one.prefix), default=None)
    return url if best is None else best.base + url.removeprefix(best.prefix)


def _place(url: str) -> tuple[str, str, str] | None:
    """Return host, port and path of a URL; the default ports of https and ssh are one."""
    match = _WITH_SCHEME.fullmatch(url)
    if match:
        scheme, port = match["scheme"], match["port"] or _DEFAULT_PORTS[match["scheme"]]
        is_plain = scheme == "http"  # never in place of one that is encrypted
        shown = f"{scheme}:{port}" if is_plain or port != _DEFAULT_PORTS[scheme] else ""
        return match["host"].lower(), shown, match["path"].rstrip("/")
    match = _SHORT_SSH.fullmatch(url)
    return (match["host"].lower(), "", match["path"].rstrip("/")) if match else None
