"""The client of Local UI, one edge host each: what it shows. It cannot act."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from pairctl.apis.answers import Answer
from pairctl.apis.channel import Channel, Wire
from pairctl.apis.failures import (
    ApiFailure,
    NotFound,
    NotSent,
    NotTheApi,
    Refused,
    ServerError,
    Unauthorized,
)
from pairctl.apis.local_login import LocalLogin, RefusedLogins
from pairctl.apis.local_ui_answers import (
    Applications,
    Cluster,
    Host,
    PairDetails,
    Settings,
    VerifiedConnection,
)
from pairctl.apis.routes import READING_LOCAL_UI, Operation, Routes, is_uid
from pairctl.layers import Stack
from pairctl.pairing.facts.observation import (
    Connection,
    EdgeHost,
    LocalCluster,
    LocalRequest,
    LocalRequestStatus,
    ManagementMode,
)
from pairctl.secrets import Credentials, Secret

_NO_CONTENT = 204
_NOT_FOUND = 404
_NOT_VERIFIED = frozenset({400, 500})
"""The errors that the specification has for a connection that cannot be verified."""
_LOOK = (
    Operation.GET_SETTINGS,
    Operation.GET_HOST,
    Operation.GET_CLUSTER,
    Operation.GET_APPLICATIONS,
    Operation.GET_LOCAL_REQUEST,
)
"""All that a full look asks."""
SLOW_CALL_S = 0.8
"""A host whose calls take this long is asked side by side: one after the other they do not fit into
the time that a look may be old. Others are not, as each call takes a connection of its own then."""
_OF_A_REQUEST = frozenset({"pairingUid", "paletteEndpoint", "status"})
"""With none of these filled in it is no request: one has them all (specification)."""
_NEED_UID = frozenset({LocalRequestStatus.PAIRING, LocalRequestStatus.PAIRED})


@dataclass(slots=True)
class _OneLook:
    """What is known within one look; others at the same host may be under way beside it.

    `is_the_api` is whether the host has answered as the API in it, `ahead` what a slow one was
    asked already: an answer that an earlier look asked for may be older than this one.
    """

    is_the_api: bool = False
    ahead: dict[Operation, asyncio.Task[Answer]] = field(default_factory=dict)


class LocalUI:
    """Looks at one edge host. It has no way to change anything there."""

    ROUTES: ClassVar[Routes] = READING_LOCAL_UI
    _CHANNEL: ClassVar[type[Channel]] = Channel

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        wire: Wire,
        refused: RefusedLogins | None = None,
    ) -> None:
        self._channel = self._CHANNEL(endpoint, self.ROUTES, wire)
        wire.redactor.learn(credentials.password.reveal())
        self._login = LocalLogin(self._channel, credentials, refused or RefusedLogins())
        self._seen: EdgeHost | None = None
        self._is_slow = self._has_answered = False
        self._under_way: dict[object, float] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections to the host."""
        await self._channel.aclose()

    @property
    def is_slow(self) -> bool:
        """Whether the last call took long, of those that a look asks."""
        return self._is_slow

    @property
    def waits_s(self) -> float:
        """How long the oldest reading call that is not answered is under way; 0 without one."""
        began_s = min(self._under_way.values(), default=None)
        return 0.0 if began_s is None else asyncio.get_running_loop().time() - began_s

    async def observe(self, *, is_brief: bool = False) -> EdgeHost:
        """Return one look at the host, its cluster and its pairing request.

        Where the host is managed centrally, a cluster or request it no longer shows is None.

        A brief look asks for the management mode and the pairing request only; the rest is what
        this client saw last. It is for waiting: no action may rest on it. It is a full one where
        nothing was seen yet, or the settings changed in another way than by the pairing.

        A slow host is asked side by side, all at once where it has answered before: a full look
        takes one or two rounds then. What is made of the answers does not depend on it.
        """
        look = _OneLook()
        try:
            if self._has_answered and not is_brief:
                self._ask_ahead(_LOOK, look)
            return await self._look(look, is_brief=is_brief)
        finally:
            for not_needed in look.ahead.values():
                not_needed.cancel()

    async def _look(self, look: _OneLook, *, is_brief: bool) -> EdgeHost:
        settings = (await self._read(Operation.GET_SETTINGS, look=look)).read(Settings)
        # Without a mode it may be anybody's JSON: the host itself, read next, has to say it.
        look.is_the_api = settings.management_mode is not None
        seen = self._seen
        if seen and is_brief and _is_as_before(settings, seen):
            is_central = seen.management_mode is ManagementMode.CENTRAL
            request = await (self._shown_request(look) if is_central else self._request(look))
            return replace(seen, request=request)
        if seen and is_brief and _has_changed_over(settings, seen):
            request = await self._shown_request(look)
            self._seen = replace(
                seen,
                management_mode=ManagementMode.CENTRAL,
                installation_mode=settings.installation_mode,
                request=request,
            )
            return self._seen
        self._seen = await self._observed(settings, look)
        return self._seen

    async def _observed(self, settings: Settings, look: _OneLook) -> EdgeHost:
        self._ask_ahead(_LOOK[1:], look)
        answer = await self._read(Operation.GET_HOST, look=look)
        host = answer.read(Host)
        modes = {settings.management_mode, host.spec.management_mode} - {None}
        if not modes:
            raise answer.unexpected("it does not say whether it is managed locally or centrally")
        look.is_the_api = True
        # It says so twice. There is no way back: one that is said to be central is left alone.
        is_central = ManagementMode.CENTRAL in modes
        return EdgeHost(
            uid=host.metadata.id,
            management_mode=ManagementMode.CENTRAL if is_central else ManagementMode.LOCAL,
            installation_mode=settings.installation_mode,
            appliance_type=settings.appliance_type,
            agent_version=host.status.agent_version,
            cluster=await (self._shown_cluster(look) if is_central else self._cluster(look)),
            request=await (self._shown_request(look) if is_central else self._request(look)),
        )

    async def cluster(self) -> LocalCluster | None:
        """Return the local cluster with its layers; None where the host has none."""
        return await self._cluster(_OneLook())

    async def _cluster(self, look: _OneLook) -> LocalCluster | None:
        try:
            found = (await self._read(Operation.GET_CLUSTER, look=look)).read(Cluster)
        except (NotFound, NotTheApi) as failure:
            _raise_unless_absent(failure, look)
            return None
        return found.fact(await self._applications(look))

    async def layers(self) -> Stack:
        """Return the layers of the local cluster; none where it runs nothing yet."""
        return (await self._applications(_OneLook())).stack()

    async def _applications(self, look: _OneLook) -> Applications:
        try:
            answer = await self._read(Operation.GET_APPLICATIONS, look=look)
            return answer.read(Applications)
        except (NotFound, NotTheApi) as failure:
            _raise_unless_absent(failure, look)
            return Applications()

    async def request(self) -> LocalRequest | None:
        """Return the host's pairing request; None where it has none."""
        return await self._request(_OneLook())

    async def _request(self, look: _OneLook) -> LocalRequest | None:
        try:
            answer = await self._read(Operation.GET_LOCAL_REQUEST, look=look)
        except (NotFound, NotTheApi) as failure:
            _raise_unless_absent(failure, look)
            return None
        document = _the_document(answer)
        if look.is_the_api and _says_nothing(document):
            return None
        if isinstance(document, dict) and not any(map(document.get, _OF_A_REQUEST)):
            raise answer.unexpected("the answer says nothing of a pairing request")
        # The token in a request is masked in what this host says.
        token = document.get("registrationToken") if isinstance(document, dict) else None
        if isinstance(token, str):
            self._channel.cleaner.hold(token)
        details = answer.fields(document, PairDetails)
        if details.pairing_uid and not is_uid(details.pairing_uid):
            raise answer.unexpected("the pairing request's id is not a uid")
        if not details.pairing_uid and details.known_status in _NEED_UID:
            raise answer.unexpected("the pairing request has no id")
        return LocalRequest(
            pairing_uid=details.pairing_uid,
            palette_endpoint=details.palette_endpoint,
            status=details.known_status,
            message=details.message,
        )

    async def verify_connection(
        self, palette_endpoint: str, token: Secret, *, insecure: bool = False
    ) -> Connection:
        """Return whether all hosts of the cluster reach Palette, by the host's own check."""
        body = self._pair_body(palette_endpoint, token, insecure=insecure)
        try:
            answer = await self._read_now(Operation.VERIFY_CONNECTION, body)
        except (Refused, ServerError) as failure:
            if failure.status not in _NOT_VERIFIED:
                raise
            return Connection(is_verified=False, message=failure.problem.message)
        found = answer.read(VerifiedConnection)
        return Connection(found.verified, found.message)

    def connection_ahead(
        self, palette_endpoint: str, token: Secret, *, insecure: bool = False
    ) -> asyncio.Task[Connection] | None:
        """Begin a slow host's check beside the look that is about to ask for it.

        None where the host is not known to be slow: then it is asked in its turn. The token is
        handed over before this look is through, so it is for a last look alone, where an earlier
        one has proven all that comes before the check. The caller ends what it does not await.
        """
        if not (self._is_slow and self._has_answered):
            return None
        check = self.verify_connection(palette_endpoint, token, insecure=insecure)
        return asyncio.ensure_future(check)

    def _pair_body(
        self, palette_endpoint: str, token: Secret, *, insecure: bool
    ) -> Mapping[str, Any]:
        self._channel.cleaner.hold(token.reveal())
        return {
            "paletteEndpoint": palette_endpoint,
            "registrationToken": token.reveal(),
            "insecure": insecure,
        }

    async def _shown_cluster(self, look: _OneLook) -> LocalCluster | None:
        try:
            return await self._cluster(look)
        except NotSent:
            raise
        except ApiFailure:
            return None

    async def _shown_request(self, look: _OneLook) -> LocalRequest | None:
        try:
            return await self._request(look)
        except NotSent:
            raise
        except ApiFailure:
            return None

    async def _read(self, operation: Operation, *, look: _OneLook) -> Answer:
        """Return the answer to a reading call; of one that was sent ahead, that one's."""
        if asked := look.ahead.pop(operation, None):
            return await asked
        return await self._read_now(operation)

    def _ask_ahead(self, operations: Iterable[Operation], look: _OneLook) -> None:
        """Begin to ask a slow host what a look is about to ask, side by side."""
        for operation in operations if self._is_slow else ():
            if operation not in look.ahead:
                task = asyncio.ensure_future(self._read_now(operation))
                task.add_done_callback(_heard)
                look.ahead[operation] = task

    async def _read_now(self, operation: Operation, body: Any = None) -> Answer:
        """Send a reading call, after a login where one is needed."""
        call = object()
        self._under_way[call] = asyncio.get_running_loop().time()
        try:
            return await self._read_with_token(operation, body)
        finally:
            del self._under_way[call]

    async def _read_with_token(self, operation: Operation, body: Any) -> Answer:
        """Send a reading call; where the token has run out, once more with a new one."""
        token = await self._login.token()
        self._has_answered = True
        began_s, is_given_up = asyncio.get_running_loop().time(), False
        try:
            return await self._channel.call(operation, headers=authorization(token), body=body)
        except Unauthorized:
            token = await self._login.renewed(token)
        except asyncio.CancelledError:
            is_given_up = True
            raise
        finally:
            took_s = asyncio.get_running_loop().time() - began_s
            # A call that is given up early says nothing of the host's pace.
            if operation in _LOOK and (took_s >= SLOW_CALL_S or not is_given_up):
                self._is_slow = took_s >= SLOW_CALL_S
        return await self._channel.call(operation, headers=authorization(token), body=body)


def _raise_unless_absent(failure: NotFound | NotTheApi, look: _OneLook) -> None:
    """Raise a failure, unless it says that the object is not there.

    What the specification allows for a 404 may be said by a proxy as well: it counts once this
    host has answered as the API in the same look.
    """
    if isinstance(failure, NotTheApi):
        is_absent = failure.status == _NOT_FOUND and failure.may_be_the_api
        if not (is_absent and look.is_the_api):
            raise failure


def _heard(task: asyncio.Task[Answer]) -> None:
    """Take note of an answer that may not be needed: nothing is said of its failure."""
    if not task.cancelled():
        task.exception()


def _is_as_before(settings: Settings, seen: EdgeHost) -> bool:
    now = (settings.management_mode, settings.appliance_type)
    return now == (seen.management_mode, seen.appliance_type)


def _has_changed_over(settings: Settings, seen: EdgeHost) -> bool:
    """Whether the host is managed centrally since it was seen, and is else as it was."""
    central = replace(seen, management_mode=ManagementMode.CENTRAL)
    return seen.request is not None and _is_as_before(settings, central)


def authorization(token: Secret) -> Mapping[str, str]:
    """Return the header that a login's token is sent in."""
    return {"Authorization": token.reveal()}


def _the_document(answer: Answer) -> Any:
    """Return the one request of the answer; None where it lists none."""
    if answer.status == _NO_CONTENT:
        return None
    document = answer.document()
    if not answer.body:
        raise answer.unexpected("the answer is empty")
    found = document if isinstance(document, list) else [document]
    if len(found) > 1:
        raise answer.unexpected(f"it shows {len(found)} pairing requests, expected one")
    return found[0] if found else None


def _says_nothing(document: Any) -> bool:
    """Whether no field of a request is filled in: a server may write an object all the same."""
    return document is None or (isinstance(document, dict) and not any(document.values()))
