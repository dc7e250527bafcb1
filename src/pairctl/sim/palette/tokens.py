"""Registration tokens: what an edge host shows to be let in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from pairctl.sim.answers import RefusalError
from pairctl.sim.identity import uid_of
from pairctl.sim.palette_spec import RegistrationToken


@dataclass(frozen=True, slots=True)
class EdgeToken:
    """One token; requests that it lets in land in its project, where it has one."""

    uid: str
    name: str
    value: str = field(repr=False)
    is_active: bool
    expires_at: datetime | None
    project_uid: str | None

    def is_usable_at(self, now: datetime) -> bool:
        """Whether the token lets a host in at this instant."""
        return self.is_active and (self.expires_at is None or now < self.expires_at)


class Tokens:
    """All tokens, by name."""

    def __init__(
        self, specs: tuple[RegistrationToken, ...], project_uid: Callable[[str | None], str | None]
    ) -> None:
        self._tokens = {
            spec.name: EdgeToken(
                uid_of("token", spec.name),
                spec.name,
                spec.value,
                spec.active,
                spec.expires_at,
                project_uid(spec.default_project),
            )
            for spec in specs
        }

    @property
    def all(self) -> tuple[EdgeToken, ...]:
        """Every token, usable or not."""
        return tuple(self._tokens.values())

    def change(
        self, name: str, *, is_active: bool = True, expires_at: datetime | None = None
    ) -> None:
        """Set whether a token is active and when it expires; raises KeyError for no token."""
        self._tokens[name] = replace(self._tokens[name], is_active=is_active, expires_at=expires_at)

    def usable(self, value: str, now: datetime) -> EdgeToken:
        """Find the token with this value; refuse with 401 where it lets nobody in."""
        for token in self._tokens.values():
            if token.value == value and token.is_usable_at(now):
                return token
        raise RefusalError(401, "InvalidToken", "the registration token is not usable")
