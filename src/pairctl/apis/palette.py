"""The client of a Palette: what it shows. It cannot act."""

import asyncio
import difflib
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from pairctl.apis.acceptance import Acceptance
from pairctl.apis.answers import Answer
from pairctl.apis.channel import NO_VALUES, Channel, Wire
from pairctl.apis.failures import (
    ListMayBeCut,
    NotFound,
    NotTheApi,
    ProjectAmbiguous,
    ProjectNotFound,
    Refused,
)
from pairctl.apis.pages import (
    PAGE,
    folded,
    has_shrunk,
    lacks_items,
    read_pages,
    recognized,
    too_few,
)
from pairctl.apis.palette_answers import (
    ClusterItem,
    Page,
    ProjectItem,
    RequestDetails,
    RequestItem,
    RequestTags,
    TokenItem,
    Validation,
    Variables,
)
from pairctl.apis.profile_answers import ProfileItem
from pairctl.apis.profile_values import ProfilePacks
from pairctl.apis.routes import Operation, is_uid, reading_palette
from pairctl.layers import Configured, Profile
from pairctl.pairing.facts.instant import instant_of
from pairctl.pairing.facts.observation import RequestSnapshot, TokenFacts
from pairctl.pairing.facts.palette import PaletteCluster, PaletteRequest, ProfileListing
from pairctl.secrets import LEAST, Redactor, Secret, visible
from pairctl.secrets.redactor import LONGEST_TOKEN, MOST_TOKENS
from pairctl.spec import PairingRoutes

_NO_SUCH_ROUTE = frozenset({404, 405})
_UID_STARTS = string.digits + string.ascii_lowercase
_DEEPEST_PREFIX = 8

MOST_READS = 3
"""How often a list of requests is read that gets shorter meanwhile."""
_LISTED_TWICE = "Palette lists it more than once, and not alike"


@dataclass(frozen=True, slots=True)
class Token:
    """A registration token of Palette's, and its value."""

    facts: TokenFacts
    value: Secret


@dataclass(frozen=True, slots=True)
class DatedRequests:
    """Palette's pairing requests, None where its routes do not answer, and Palette's own clock.

    `dated_at` is what the clock said in an answer of this look; None where it did not say.
    """

    requests: tuple[PaletteRequest, ...] | None
    dated_at: datetime | None


class Palette:
    """Looks at one Palette, in one project or in the tenant. It has no way to change anything.

    `project` is a name or a uid; it is resolved once, when it is first needed.
    """

    _CHANNEL: ClassVar[type[Channel]] = Channel

    def __init__(
        self,
        endpoint: str,
        api_key: Secret,
        wire: Wire,
        *,
        project: str | None = None,
        pairing: PairingRoutes | None = None,
    ) -> None:
        self._channel = self._CHANNEL(endpoint, self._routes(pairing or PairingRoutes()), wire)
        self._api_key = api_key
        self._redactor: Redactor = wire.redactor
        self._redactor.learn(api_key.reveal())
        self._project = project
        self._project_uid: str | None = None
        self._resolving = asyncio.Lock()
        self.has_asked_for_tokens = False

    _routes = staticmethod(reading_palette)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections to Palette."""
        await self._channel.aclose()

    async def project_uid(self, name_or_uid: str) -> str:
        """Return the uid of a project. Raises ProjectNotFound or ProjectAmbiguous."""
        answer = await self._call(Operation.LIST_PROJECTS)
        listed = recognized(answer, answer.read(Page[ProjectItem]))
        projects = [item.metadata for item in listed]
        if any(project.uid == name_or_uid for project in projects):
            return name_or_uid
        uids = sorted({project.uid for project in projects if project.name == name_or_uid})
        if not uids:
            near = difflib.get_close_matches(name_or_uid, [project.name for project in projects])
            hint = (
                f"near ones: {', '.join(near)}" if near else "check the name and the key's rights"
            )
            raise ProjectNotFound(f"{self._channel.endpoint} has no project {name_or_uid}", hint)
        if len(uids) > 1:
            raise ProjectAmbiguous(
                f"{self._channel.endpoint} has {len(uids)} projects named {name_or_uid}",
                f"write the uid of the one that is meant: {', '.join(uids)}",
            )
        if not is_uid(uids[0]):
            raise answer.unexpected("a project's uid is not a uid")
        return uids[0]

    async def profiles(self) -> tuple[ProfileListing, ...]:
        """Return all cluster profiles that the project sees, each with its latest version."""
        items = await self._list(
            Operation.LIST_PROFILES,
            Page[ProfileItem],
            {"filter": {}, "sort": [{"field": "profileName", "order": "asc"}]},
        )
        return tuple(_listings(items))

    async def clusters(self) -> tuple[PaletteCluster, ...]:
        """Return all clusters that are registered in the project.

        One without a uid could not be known again: it is left out.
        """
        items = await self._list(
            Operation.LIST_CLUSTERS,
            Page[ClusterItem],
            {"filter": {}, "sort": [{"field": "clusterName", "order": "asc"}]},
        )
        known = [item for item in items if item.metadata.uid]
        return tuple(item.fact() for item in folded(known, lambda item: item.metadata.uid))

    async def cluster(self, uid: str) -> PaletteCluster | None:
        """Return one cluster of the project; None where Palette has none of this uid."""
        try:
            answer = await self._in_project(Operation.GET_PALETTE_CLUSTER, values={"uid": uid})
        except NotFound:
            return None
        return answer.read(ClusterItem).fact()

    async def tokens(self) -> tuple[Token, ...]:
        """Return all registration tokens. They belong to the tenant: no project is named.

        One whose value cannot be kept out of texts is left out: too short, or without end.
        """
        self.has_asked_for_tokens = True
        answer = await self._call(Operation.LIST_TOKENS)
        items = recognized(answer, answer.read(Page[TokenItem]))
        if len(items) > MOST_TOKENS:
            raise answer.unexpected(f"it lists more than {MOST_TOKENS} registration tokens")
        usable = [item for item in items if _is_usable(item.spec.token)]
        self._redactor.learn_tokens(
            f"{self._channel.endpoint} {hash(self._api_key)}",  # another key sees other tokens
            (item.spec.token for item in usable),
        )
        return tuple(Token(item.facts(answer.dated_at), Secret(item.spec.token)) for item in usable)

    async def requests(self) -> tuple[PaletteRequest, ...] | None:
        """Return all pairing requests; None where Palette's pairing routes do not answer.

        The list does not say whether it is whole. Exactly one full page may be cut: then it is
        asked for from its other end, and where that does not prove it whole, in parts, by the first
        letters of the local clusters' uids. Raises ListMayBeCut where that does not help either.
        """
        return (await self.dated_requests()).requests

    async def dated_requests(self) -> DatedRequests:
        """Return all pairing requests, with what Palette's own clock said: see `requests`.

        They are asked for by POST, which no cache answers.
        """
        await self._scope()
        dates: list[datetime | None] = []
        try:
            items = await self._requests_beginning("", dates)
        except (NotFound, NotTheApi) as failure:
            if failure.status in _NO_SUCH_ROUTE:
                return DatedRequests(None, failure.dated_at)
            raise
        # All that is said of one request is kept: where it differs, nothing may follow from it.
        facts = tuple(dict.fromkeys(item.fact() for item in items))
        return DatedRequests(facts, dates[0])

    async def request(self, pairing_uid: str) -> RequestSnapshot:
        """Return what Palette holds in one pairing request."""
        answer = await self._in_project(Operation.GET_REQUEST, values={"pairingUid": pairing_uid})
        return answer.read(RequestDetails).fact()

    async def request_tags(self, pairing_uid: str) -> Mapping[str, str]:
        """Return the tags of one pairing request, whatever its layers are like."""
        answer = await self._in_project(Operation.GET_REQUEST, values={"pairingUid": pairing_uid})
        return answer.read(RequestTags).metadata.labels

    async def profile_variables(self, uid: str) -> tuple[str, ...]:
        """Return the names of the variables that a profile version has."""
        answer = await self._in_project(Operation.GET_PROFILE_VARIABLES, values={"uid": uid})
        return answer.read(Variables).names

    async def profile_values(self, profile: Profile) -> Configured:
        """Return the values of the layers of a profile version; of what is not told, why."""
        answer = await self._in_project(Operation.GET_PROFILE_PACKS, values={"uid": profile.uid})
        return answer.read(ProfilePacks).values_of(profile)

    async def validate_acceptance(self, acceptance: Acceptance) -> list[str]:
        """Return what Palette finds wrong with an acceptance; nothing where all is well."""
        self._learn_values(acceptance)
        try:
            answer = await self._in_project(
                Operation.VALIDATE_ACCEPTANCE, body=acceptance.payload()
            )
        except Refused as refused:
            return [refused.problem.message]
        return list(answer.read(Validation).messages()) if answer.body else []

    async def _requests_beginning(
        self, prefix: str, dates: list[datetime | None]
    ) -> list[RequestItem]:
        items, is_whole = await self._request_list(prefix, dates)
        if any(not item.local_cluster_uid.casefold().startswith(prefix) for item in items):
            raise self._cut_list()
        if is_whole or await self._is_same_from_its_end(prefix, items, dates):
            return items
        if len(prefix) == _DEEPEST_PREFIX:
            raise self._cut_list()
        for letter in _UID_STARTS:
            items += await self._requests_beginning(prefix + letter, dates)
        return items

    async def _is_same_from_its_end(
        self, prefix: str, items: Sequence[RequestItem], dates: list[datetime | None]
    ) -> bool:
        """Whether a full page is all there is: with the newest first it shows the very same.

        One call in place of dozens: at this very count each list would cost more than the limits
        let through within a look's time. It proves something only where the server is seen to keep
        to the order that it is asked for.
        """
        newest_first, _ = await self._request_list(prefix, dates, order="desc")
        uids, others = ({one.pairing_uid for one in found} for found in (items, newest_first))
        return (
            uids == others
            and len(uids) == len(items)
            and _are_in_order(items)
            and _are_in_order(newest_first[::-1])
        )

    async def _request_list(
        self, prefix: str, dates: list[datetime | None], order: str = "asc"
    ) -> tuple[list[RequestItem], bool]:
        """Return a list, and whether it is whole: more or less than a page, or paged to its end.

        What Palette's clock said is added to `dates`.
        """
        chosen = {"localClusterUid": {"beginsWith": prefix, "ignoreCase": True}} if prefix else {}
        body = {"filter": chosen, "sort": [{"field": "creationTimestamp", "order": order}]}
        answer = await self._in_project(Operation.LIST_REQUESTS, body=body)
        dates.append(answer.dated_at)
        page = answer.read(Page[RequestItem])
        if page.listmeta is None or not page.listmeta.next:
            items = list(recognized(answer, page))
            if lacks_items(page, len(items)):
                raise too_few(answer, page, len(items))
            return items, page.listmeta is not None or len(items) != PAGE
        return await self._unshrunk_requests(body), True

    async def _unshrunk_requests(self, body: Mapping[str, Any]) -> list[RequestItem]:
        """Return all pages of the list; read again where requests went away while it was read.

        What comes after them moves up, and one request may be on none of the pages. It may be
        another one of a cluster that is about to be paired. So it is where the last page says that
        there are more of them than were shown.
        """
        for _ in range(MOST_READS):
            counts: list[int] = []
            items = await self._list(Operation.LIST_REQUESTS, Page[RequestItem], body, counts)
            if not has_shrunk(counts) and max(counts[-1:], default=0) <= len(items):
                return items
        raise ListMayBeCut(
            f"{self._channel.endpoint} lists fewer pairing requests on each page that is read, or "
            "fewer than it says that there are, so one may be on none of them",
            "look again once requests are not rejected or cancelled any more in Palette",
        )

    def _cut_list(self) -> ListMayBeCut:
        return ListMayBeCut(
            f"{self._channel.endpoint} lists exactly {PAGE} pairing requests, and not whether"
            " there are more",
            "accept or reject requests in Palette's console until there are fewer",
        )

    async def _list(
        self,
        operation: Operation,
        model: type[Page[Any]],
        body: Mapping[str, Any],
        counts: list[int] | None = None,
    ) -> list[Any]:
        async def ask(query: Mapping[str, str]) -> Answer:
            return await self._in_project(operation, query=query, body=body)

        return [item async for item in read_pages(ask, model, counts)]

    async def _in_project(
        self,
        operation: Operation,
        *,
        values: Mapping[str, str] = NO_VALUES,
        query: Mapping[str, str] = NO_VALUES,
        body: Any = None,
        request_id: str = "",
    ) -> Answer:
        return await self._call(
            operation,
            headers=await self._scope(),
            values=values,
            query=query,
            body=body,
            request_id=request_id,
        )

    async def _call(
        self,
        operation: Operation,
        *,
        headers: Mapping[str, str] = NO_VALUES,
        values: Mapping[str, str] = NO_VALUES,
        query: Mapping[str, str] = NO_VALUES,
        body: Any = None,
        request_id: str = "",
    ) -> Answer:
        return await self._channel.call(
            operation,
            values=values,
            query=query,
            body=body,
            headers={"ApiKey": self._api_key.reveal(), **headers},
            request_id=request_id,
        )

    async def _scope(self) -> Mapping[str, str]:
        if self._project is None:
            return {}
        async with self._resolving:
            if self._project_uid is None:
                self._project_uid = await self.project_uid(self._project)
        return {"ProjectUid": self._project_uid}

    def _learn_values(self, acceptance: Acceptance) -> None:
        for choice in acceptance.profiles:
            for value in choice.variables.values():
                if isinstance(value, Secret):
                    self._redactor.learn(value.reveal())


def _listings(items: Sequence[ProfileItem]) -> Iterator[ProfileListing]:
    """Yield each profile once; one that is listed in two ways is none that could be selected."""
    found: dict[str | int, dict[ProfileListing, None]] = {}
    for number, item in enumerate(items):
        found.setdefault(item.metadata.uid or number, {})[item.fact()] = None
    for listings in found.values():
        is_one = len(listings) == 1
        for one in listings:
            yield one if is_one else replace(one, latest=None, why_not=_LISTED_TWICE, doubt="")


def _are_in_order(items: Sequence[RequestItem]) -> bool:
    """Whether the requests are seen to be listed from the oldest to the newest."""
    times = [at for item in items if (at := instant_of(item.creation_timestamp))]
    return len(times) == len(items) and times == sorted(times) and times[0] < times[-1]


def _is_usable(token: str) -> bool:
    return len(token) <= LONGEST_TOKEN and len(visible(token)) >= LEAST
