"""The simulated Palette's state, and the only ways to change it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pairctl.sim.answers import RefusalError
from pairctl.sim.identity import uid_of
from pairctl.sim.journal import EffectKind
from pairctl.sim.palette.access import Access
from pairctl.sim.palette.bodies import ProfileBody
from pairctl.sim.palette.catalog import Catalog, Profile
from pairctl.sim.palette.matching import Objection, objections
from pairctl.sim.palette.pairings import (
    PENDING,
    REJECTED,
    Acceptance,
    Application,
    Choice,
    Cluster,
    PairingRequest,
)
from pairctl.sim.palette.tokens import Tokens
from pairctl.sim.palette_spec import Answers, HealthStep, PaletteSpec
from pairctl.sim.server_clock import ServerClock
from pairctl.sim.stack import Pack, ProfileType
from pairctl.sim.world import World

SERVER_NAME = "palette"


class Palette:
    """Profiles, tokens, pairing requests and paired clusters.

    `publish`, `accept_in_console` and `reject` are also for tests and people that move the world;
    they may set `objections`, `answers`, `health` and what its `clock` shows, too.
    Refusals are RefusalError, just as the HTTP side answers them.
    """

    def __init__(self, spec: PaletteSpec, world: World) -> None:
        self._rules = spec.pairing
        self.objections = spec.pairing.objections
        self.health: Sequence[HealthStep] = spec.pairing.health
        self.answers: Answers = spec.pairing
        self.clock = ServerClock(spec.clock.offset_s, spec.clock.sends_date)
        self._world = world
        self._requests: dict[str, PairingRequest] = {}
        self._clusters: list[Cluster] = []
        self._received_count = 0
        self.access = Access(spec)
        self.tokens = Tokens(spec.registration_tokens, self.access.project_uid)
        self.catalog = _catalog_of(spec, self.access, world)

    @property
    def requests(self) -> tuple[PairingRequest, ...]:
        """Every request that Palette shows by now, in order of arrival."""
        now = self._world.now()
        return tuple(r for r in self._requests.values() if now >= r.visible_at)

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """Every cluster that is registered by now, in order of acceptance."""
        now = self._world.now()
        return tuple(cluster for cluster in self._clusters if now >= cluster.registered_at)

    def health_of(self, cluster: Cluster) -> Any:
        """Tell what Palette says of a paired cluster's health as of now; None for nothing."""
        if not self.health:
            return HealthStep().state
        age_s = (self._world.now() - cluster.registered_at).total_seconds()
        begun = [step.state for step in self.health if age_s >= step.after_s]
        return begun[-1] if begun else None

    def publish(
        self,
        name: str,
        version: str,
        packs: Iterable[Pack],
        *,
        profile_type: ProfileType = "add-on",
        project: str | None = None,
        is_published: bool = True,
    ) -> str:
        """Add a version to the profile of this name, or make one; return the version's uid.

        The type and the project count for a new profile only.
        """
        new = Profile(name, profile_type, self.access.project_uid(project))
        return self.catalog.publish(
            self.catalog.find(name) or new,
            version,
            packs,
            at=self._world.now(),
            is_published=is_published,
        )

    def publish_body(self, body: ProfileBody, *, project: str | None = None) -> str:
        """Publish what a document says, as it comes to Palette; return the version's uid."""
        made = body.spec.template
        return self.publish(
            body.metadata.name,
            body.spec.version,
            body.packs(),
            profile_type=made.type,
            project=project,
        )

    def state_of(self, request: PairingRequest) -> str:
        """Tell a request's state as of now."""
        return request.state_at(self._world.now(), self._rules.accept_s)

    def request(self, pairing_uid: str) -> PairingRequest:
        """Find a request that Palette shows; refuse with 404."""
        for request in self.requests:
            if request.uid == pairing_uid:
                return request
        raise RefusalError(404, "ResourceNotFound", f"there is no pairing request {pairing_uid}")

    def receive(self, application: Application) -> PairingRequest:
        """Take in what a host sent. A second request of one cluster is a second request."""
        now = self._world.now()
        token = self.tokens.usable(application.registration_token, now)
        self._received_count += 1
        uid = uid_of("pairing", application.local_cluster_uid, now, self._received_count)
        visible_at = now + timedelta(seconds=self._rules.arrive_s)
        created_at = self.clock.at(now)
        request = PairingRequest(uid, application, token.project_uid, created_at, visible_at)
        self._requests[uid] = request
        self._record("request", request, {"name": application.cluster_name, "token": token.name})
        return request

    def withdraw(self, pairing_uid: str) -> None:
        """Remove a pending request, as its own host asks for it; refuse with 404 or 409."""
        request = self._requests.get(pairing_uid)
        if request is None:
            raise RefusalError(404, "ResourceNotFound", "there is no such pairing request")
        self._require_pending(request)
        del self._requests[pairing_uid]

    def lose(self, pairing_uid: str) -> None:
        """Forget a request in whatever state, and the cluster it became; its host keeps it."""
        lost = self._requests.pop(pairing_uid)
        self._clusters = [one for one in self._clusters if one.uid != lost.cluster_uid]

    def objections_to(
        self, acceptance: Acceptance, project_uid: str | None = None
    ) -> tuple[Objection, ...]:
        """Judge an acceptance by the packs of the request; changes nothing."""
        request = self.request(acceptance.pairing_uid)
        project_uid = request.project_uid or project_uid
        own = (Objection("NotAllowed", "palette", words) for words in self.objections)
        packs = request.application.packs
        return (*own, *objections(self.catalog, project_uid, packs, acceptance.choices))

    def accept(self, acceptance: Acceptance, project_uid: str | None = None) -> Cluster:
        """Begin a pairing; refuse with 400 (no match), 404 or 409.

        A request that was accepted before is accepted again: a second cluster comes of it. That
        is the worst case of what is not known, and the journal shows it.
        """
        request = self.request(acceptance.pairing_uid)
        if self.state_of(request) == REJECTED:
            raise RefusalError(409, "Conflict", f"pairing request {request.uid} was rejected")
        found = self.objections_to(acceptance, project_uid)
        if found:
            message = "; ".join(objection.message for objection in found)
            raise RefusalError(400, "InvalidProfileMatch", message)
        snapshot = request.application
        labels, annotations = acceptance.labels, acceptance.annotations
        cluster = Cluster(
            uid=uid_of("cluster", request.uid, len(self._clusters)),
            name=acceptance.name or snapshot.cluster_name,
            labels=snapshot.labels if labels is None else labels,
            annotations=snapshot.annotations if annotations is None else annotations,
            project_uid=request.project_uid or project_uid,
            choices=acceptance.choices,
            pairing_uid=request.uid,
            local_cluster_uid=snapshot.local_cluster_uid,
            registered_at=self._world.now() + timedelta(seconds=self._rules.accept_s),
        )
        self._clusters.append(cluster)
        accepted_at = request.accepted_at or self._world.now()
        self._requests[request.uid] = replace(
            request, accepted_at=accepted_at, cluster_uid=cluster.uid
        )
        self._record("accept", request, {"name": cluster.name, "paletteUid": cluster.uid})
        return cluster

    def accept_in_console(self, pairing_uid: str, *profile_names: str) -> Cluster:
        """Accept as a person does with a click: by the names of profiles, at their latest."""
        choices = tuple(Choice(self._latest_uid(name)) for name in profile_names)
        return self.accept(Acceptance(pairing_uid, choices))

    def reject(self, pairing_uid: str) -> None:
        """Reject a pending request; refuse with 404 or 409."""
        request = self.request(pairing_uid)
        self._require_pending(request)
        self._requests[pairing_uid] = replace(request, is_rejected=True)
        self._record("reject", request, {"name": request.application.cluster_name})

    def outcome(self, pairing_uid: str) -> str:
        """Tell the state of a request to its host; `Withdrawn` where there is none."""
        request = self._requests.get(pairing_uid)
        return "Withdrawn" if request is None else self.state_of(request)

    def _latest_uid(self, name: str) -> str:
        profile = self.catalog.find(name)
        if profile is None:
            raise RefusalError(404, "ResourceNotFound", f"there is no profile {name}")
        return profile.shown.uid

    def _require_pending(self, request: PairingRequest) -> None:
        state = self.state_of(request)
        if state != PENDING:
            message = f"pairing request {request.uid} is {state}, not {PENDING}"
            raise RefusalError(409, "Conflict", message)

    def _record(self, kind: EffectKind, request: PairingRequest, details: dict[str, str]) -> None:
        self._world.record(
            kind,
            SERVER_NAME,
            cluster_uid=request.application.local_cluster_uid,
            pairing_uid=request.uid,
            details=details,
        )


def _catalog_of(spec: PaletteSpec, access: Access, world: World) -> Catalog:
    catalog = Catalog()
    for profile in spec.profiles:
        identity = Profile(
            profile.name,
            profile.type,
            access.project_uid(profile.project),
            cloud_type=profile.cloud_type,
            disabled_packs=profile.disabled_packs,
            says_published=profile.says_published,
            has_own_draft=profile.has_own_draft,
        )
        for version in profile.versions:
            catalog.publish(
                identity,
                version.version,
                version.packs,
                at=world.now(),
                is_published=not version.draft,
                variables=version.variables,
                shows_packs=version.shows_packs,
            )
    return catalog
