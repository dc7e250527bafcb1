"""Who may be sent what: asked before anything connects, and beyond the reach of a pull request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from pairctl.problem import PairctlError, Problem
from pairctl.secrets.addresses import Address
from pairctl.secrets.hosts import (
    HostPattern,
    Target,
    forbidden,
    host_pattern,
    resolved,
    target,
)
from pairctl.spec import RolesOf, SecretRole, in_words, snippet

Patterns = tuple[HostPattern, ...]


class NotAllowed(PairctlError):
    """Refused before anything connected; the hint is the line that would allow it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(Problem(type(self).__name__, message, hint))


class EndpointNotAllowed(NotAllowed):
    """The server may not be called."""


class SecretNotAllowed(NotAllowed):
    """The secret may not be sent to this server."""


@dataclass(frozen=True, slots=True)
class Destinations:
    """Which servers may be called, which secret each may get, and which may go without TLS proof.

    `everywhere` are patterns that hold for every secret, as `--allow-host` gives them.
    `endpoints` None stands for the servers that some secret is bound to. A secret with
    `certificates` goes only to servers that are pinned to one of them; one with `roles` serves as
    nothing else.
    """

    secrets: Mapping[str, Patterns]
    endpoints: Patterns | None = None
    insecure_tls: Patterns = ()
    everywhere: Patterns = ()
    certificates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    roles: RolesOf = field(default_factory=dict)

    @classmethod
    def of_operator(
        cls,
        secrets: Mapping[str, Iterable[str]],
        endpoints: Iterable[str] | None = None,
        insecure_tls: Iterable[str] = (),
        certificates: Mapping[str, Iterable[str]] | None = None,
    ) -> Self:
        """Return what the operator's file allows. Raises ConfigurationError on a bad pattern."""
        bound = {name: _patterns(hosts) for name, hosts in secrets.items()}
        pins = {name: frozenset(pinned) for name, pinned in (certificates or {}).items()}
        return cls(
            bound,
            None if endpoints is None else _patterns(endpoints),
            _patterns(insecure_tls),
            certificates=pins,
        )

    @classmethod
    def of_patterns(cls, patterns: Iterable[str]) -> Self:
        """Return what `--allow-host` allows: every secret to these hosts, TLS always proven."""
        return cls({}, everywhere=_patterns(patterns))

    @classmethod
    def nowhere(cls) -> Self:
        """Return the rule without a file and without options: nothing is called."""
        return cls({})

    def check(
        self, secret_name: str, endpoint: str, pinned: str = "", role: SecretRole | None = None
    ) -> None:
        """Refuse unless the server may be called and may get this secret, to serve as this.

        `pinned` is the fingerprint that the server has to show, if it has to. Raises
        EndpointNotAllowed or SecretNotAllowed, with the line to add as the hint.
        """
        server = self._allowed_target(endpoint, secret_name)
        if role is not None:
            self.check_role(secret_name, role)
        if not _any_matches((*self.secrets.get(secret_name, ()), *self.everywhere), server):
            raise SecretNotAllowed(
                f"the secret `{secret_name}` may not be sent to {endpoint}",
                _hint(_bound(secret_name, server), server),
            )
        bound = self.certificates.get(secret_name)
        if bound is not None and pinned not in bound:
            raise SecretNotAllowed(
                f"the secret `{secret_name}` goes only to servers pinned to certain certificates,"
                f" and {endpoint} is not",
                f"pin one of the secret's `certificates` in the document, or add the pinned one to"
                f" `{secret_name}` below `secrets` of the operator's file",
            )

    def check_role(self, secret_name: str, role: SecretRole) -> None:
        """Refuse where the operator's file lets a secret serve as something else only.

        Raises SecretNotAllowed.
        """
        allowed = self.roles.get(secret_name)
        if allowed is None or role in allowed:
            return
        both = [one.value for one in SecretRole if one in allowed or one is role]
        raise SecretNotAllowed(
            f"the secret `{secret_name}` may not serve as {in_words(role)}",
            f"name another secret, or add {snippet({'use': both})} to `{secret_name}` below"
            " `secrets` of the operator's file",
        )

    def check_endpoint(self, endpoint: str, secret_name: str) -> None:
        """Refuse unless the server may be called. Raises EndpointNotAllowed.

        The secret is not sent: the hint names it, as what a pattern would allow.
        """
        self._allowed_target(endpoint, secret_name)

    def check_insecure(self, endpoint: str) -> None:
        """Refuse unless the server may be called without proof of who it is."""
        server = self._allowed_target(endpoint)
        if not _any_matches(self.insecure_tls, server):
            raise EndpointNotAllowed(
                f"{endpoint} may not be called with `tls: {{insecure: true}}`",
                f"pin its certificate, or add {snippet({'insecureTls': [_pattern(server)]})} to the"
                " spec of the operator's file",
            )

    def check_address(self, server: Target, address: Address) -> None:
        """Refuse an address that an allowed server's name leads to: asked as it is connected to.

        No name in DNS leads to this machine, whatever patterns say; `localhost`, and what lies
        below it, leads nowhere else. Raises EndpointNotAllowed.
        """
        found = resolved(server, address)
        if why := forbidden(found):
            raise _misled(server, found, f"is never called: {why}")
        if server.address is None and server.is_loopback and not found.is_loopback:
            raise _misled(server, found, "is another machine than this one")
        if found.is_loopback and not server.is_loopback:
            raise misled_to_this_machine(server, address)

    def _allowed_target(self, endpoint: str, wanted_for: str = "NAME") -> Target:
        server = _parsed(endpoint)
        if why := forbidden(server):
            raise EndpointNotAllowed(f"{endpoint} is never called: {why}", "correct the endpoint")
        if not _any_matches(self._callable, server):
            raise EndpointNotAllowed(
                f"{endpoint} may not be called: no pattern allows it",
                _hint(snippet({"endpoints": [_pattern(server)]}), server)
                if self.endpoints is not None
                else _hint(_bound(wanted_for, server), server),
            )
        return server

    @property
    def _callable(self) -> Patterns:
        if self.endpoints is not None:
            return (*self.endpoints, *self.everywhere)
        bound = (pattern for patterns in self.secrets.values() for pattern in patterns)
        return (*bound, *self.everywhere)


def misled_to_this_machine(server: Target, address: Address) -> EndpointNotAllowed:
    """Return the refusal of an address of this machine that a name in DNS leads to."""
    why = "is this machine, where no name in DNS may lead"
    return _misled(server, resolved(server, address), why)


def _misled(server: Target, found: Target, why: str) -> EndpointNotAllowed:
    return EndpointNotAllowed(
        f"{server.host} leads to {found.host}, which {why}; nothing was connected",
        "correct the endpoint, or the name's address in DNS",
    )


def _patterns(texts: Iterable[str]) -> Patterns:
    return tuple(map(host_pattern, texts))


def _any_matches(patterns: Patterns, server: Target) -> bool:
    return any(pattern.matches(server) for pattern in patterns)


def _parsed(endpoint: str) -> Target:
    try:
        return target(endpoint)
    except ValueError as error:
        raise EndpointNotAllowed(
            f"{endpoint!r} is not an endpoint: {error}", "write https://host or https://host:port"
        ) from error


def _pattern(server: Target) -> str:
    """Return the narrowest pattern for a server."""
    return f"{server.host}:{server.port}"


def _bound(secret_name: str, server: Target) -> str:
    return snippet({"secrets": {secret_name: {"hosts": [_pattern(server)]}}})


def _hint(line: str, server: Target) -> str:
    return (
        f"add {line} to the spec of the operator's file, or without such a file run with"
        f" --allow-host '{server.host}:{server.port}'"
    )
