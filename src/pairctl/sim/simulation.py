"""A whole simulated world, started and stopped as one."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Self
from urllib.parse import urlsplit

from pairctl.problem import ConfigurationError, Problem
from pairctl.sim.answers import RefusalError
from pairctl.sim.certificates import Authority
from pairctl.sim.faults import FaultPlan
from pairctl.sim.host import TRUTH, Host, Lie, PairTarget, Uplink, lie_about
from pairctl.sim.host.person_routes import PersonApi
from pairctl.sim.host.routes import HostApi
from pairctl.sim.host_spec import LiesSpec
from pairctl.sim.journal import Journal
from pairctl.sim.limits import Limiter
from pairctl.sim.listener import Listener
from pairctl.sim.palette import Palette
from pairctl.sim.palette.console_routes import ConsoleApi
from pairctl.sim.palette.pairing_routes import PairingApi
from pairctl.sim.palette.palette import SERVER_NAME
from pairctl.sim.palette.routes import OperatorApi
from pairctl.sim.palette.uplink_routes import UPLINK_PREFIX, UplinkApi
from pairctl.sim.palette.user_routes import UserApi
from pairctl.sim.palette_spec import PaletteSpec
from pairctl.sim.people import People
from pairctl.sim.power_routes import PowerApi
from pairctl.sim.scenario import Scenario
from pairctl.sim.scenario_parts import TlsSpec
from pairctl.sim.server import Manner, Server
from pairctl.sim.world import World

Ports = Literal["declared", "any"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server really listens; `fingerprint` is `sha256:` and 64 hexadecimal digits."""

    endpoint: str
    fingerprint: str


class Simulation:
    """A Palette and edge hosts as real HTTPS servers on 127.0.0.1, in the running event loop.

        async with Simulation.start(load_scenario(path)) as sim:
            print(sim.addresses[scenario.spec.palette.endpoint])

    Tests and people move the world through `palette`, `hosts`, `people` and `faults`, switch
    servers `off` and `on`, and see in `journal` what was really done. All of it belongs to the
    loop's thread; for synchronous code there is `run_in_thread`.
    """

    def __init__(
        self, scenario: Scenario, *, ports: Ports = "declared", clock: Callable[[], float]
    ) -> None:
        self._world = World(clock, FaultPlan(scenario.spec.faults))
        self._authority = Authority()
        self._ports = ports
        self._servers: dict[str, Server] = {}
        self._addresses: dict[str, Address] = {}
        self.uplink = Uplink(self._authority.trust())
        self.palette = Palette(scenario.spec.palette, self._world)
        hosts: dict[str, Host] = {}
        for spec in sorted(scenario.hosts(), key=lambda spec: spec.member_of is not None):
            leader = hosts[spec.member_of.host] if spec.member_of else None
            hosts[spec.name] = Host(spec, self._world, self.uplink, self._outcome, leader=leader)
        self.hosts: Mapping[str, Host] = MappingProxyType(
            {spec.name: hosts[spec.name] for spec in scenario.hosts()}
        )
        for spec in scenario.hosts():
            if spec.lies is not None:
                self.hosts[spec.name].lie = self._lies_of(spec.name, spec.lies)
        self._scenario = scenario
        self._tls = {
            SERVER_NAME: scenario.spec.palette.tls,
            **{spec.name: spec.tls for spec in scenario.hosts()},
        }

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        scenario: Scenario,
        *,
        ports: Ports = "declared",
        clock: Callable[[], float] = time.time,
    ) -> AsyncIterator[Self]:
        """Serve a scenario until the block ends; `clock` gives seconds since 1970.

        With ports `any`, free ports are taken in place of the declared ones. Raises PairctlError
        when a declared port is in use. No signal handlers are installed.
        """
        simulation = cls(scenario, ports=ports, clock=clock)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(simulation.uplink)
            simulation._bind(stack)
            dark = {host.name for host in scenario.hosts() if host.dark}
            for name, server in simulation._servers.items():
                if name not in dark:
                    await server.go_online()
            await simulation._send_first_requests()
            yield simulation

    @property
    def addresses(self) -> Mapping[str, Address]:
        """Where each declared endpoint really is, and its certificate."""
        return MappingProxyType(self._addresses)

    @property
    def ca_pem(self) -> str:
        """The certificate of the authority that signed all servers' certificates."""
        return self._authority.pem

    @property
    def journal(self) -> Journal:
        """What was applied, and what was asked."""
        return self._world.journal

    @property
    def faults(self) -> FaultPlan:
        """The faults still to come; more can be added at any time."""
        return self._world.faults

    @property
    def people(self) -> People:
        """Who sends and cancels pairing requests by hand, at the Palette of this simulation."""
        return People(self.palette, self.hosts, self._palette_place())

    async def off(self, name: str) -> None:
        """Switch a server off: `palette`, or a host by its name."""
        await self._servers[name].go_offline()

    async def on(self, name: str) -> None:
        """Switch a server on again, at the same address."""
        await self._servers[name].go_online()

    async def _switch(self, name: str, is_on: bool) -> None:
        await (self.on(name) if is_on else self.off(name))

    async def change_certificate(self, name: str) -> str:
        """Serve another certificate from now on; return its fingerprint.

        `addresses` keeps the first one, as an operator's file would.
        """
        identity = self._authority.issue(self._tls[name])
        await self.off(name)
        self._servers[name].listener.identity = identity
        await self.on(name)
        return identity.fingerprint

    def _lies_of(self, name: str, spec: LiesSpec) -> Callable[[], Lie]:
        liar, victim = self.hosts[name], self.hosts[spec.about]

        def current_lie() -> Lie:
            if liar.sent_count < spec.after_requests:
                return TRUTH
            return lie_about(victim, *spec.what, sends_lies=spec.sends_lies)

        return current_lie

    async def _send_first_requests(self) -> None:
        """Let hosts ask to be paired of whom the scenario says so."""
        palette = self._scenario.spec.palette
        values = {token.name: token.value for token in palette.registration_tokens}
        place = self._palette_place()
        for spec in self._scenario.hosts():
            if spec.pending_at is not None:
                self.hosts[spec.name].believe_in_request_to(spec.pending_at)
            if spec.sends_request_with is None:
                continue
            try:
                target = PairTarget(place, values[spec.sends_request_with])
                await self.hosts[spec.name].pair(target)
            except RefusalError as error:
                raise _cannot_send(spec.name, error) from error

    def _palette_place(self) -> str:
        declared = self._scenario.spec.palette.endpoint
        return self._addresses[declared].endpoint.removeprefix("https://")

    def _bind(self, stack: AsyncExitStack) -> None:
        """Bind all ports before anything is served: a taken port leaves nothing half started."""
        spec = self._scenario.spec.palette
        listener = self._listen(spec.endpoint, self._tls[SERVER_NAME], stack)
        self._servers[SERVER_NAME] = self._palette_server(listener, spec)
        for host_spec in self._scenario.hosts():
            listener = self._listen(host_spec.endpoint, host_spec.tls, stack)
            host = self.hosts[host_spec.name]
            self._servers[host_spec.name] = Server(
                host_spec.name,
                listener,
                HostApi(host).routes() + PersonApi(host).routes(),
                self._world,
                manner=Manner(host_spec.delay_s, host_spec.errors),
                expire=host.logins.expire,
            )

    def _listen(self, endpoint: str, tls: TlsSpec, stack: AsyncExitStack) -> Listener:
        port = (urlsplit(endpoint).port or 0) if self._ports == "declared" else 0
        listener = Listener(port, self._authority.issue(tls))
        stack.push_async_callback(listener.close)
        self._addresses[endpoint] = Address(listener.endpoint, listener.identity.fingerprint)
        return listener

    def _palette_server(self, listener: Listener, spec: PaletteSpec) -> Server:
        routes = OperatorApi(self.palette, self._world).routes()
        routes += UplinkApi(self.palette).routes() + ConsoleApi(self.palette).routes()
        routes += UserApi(self.palette).routes()
        routes += PowerApi(self.hosts, self._switch).routes()
        if spec.pairing.routes:
            routes += PairingApi(self.palette, spec.pairing.paths).routes()
        limits = spec.limits
        # The hosts call from addresses of their own in the real world: they share no limit.
        limiter = Limiter(
            self._world.clock,
            limits.slow,
            limits.fast,
            exempt=UPLINK_PREFIX,
            retry_after_s=limits.retry_after_s,
        )
        return Server(
            SERVER_NAME,
            listener,
            routes,
            self._world,
            clock=self.palette.clock,
            manner=Manner(spec.delay_s, spec.errors),
            limiter=limiter if limits.enabled else None,
        )

    def _outcome(self, pairing_uid: str) -> str | None:
        is_online = self._servers[SERVER_NAME].listener.is_online
        return self.palette.outcome(pairing_uid) if is_online else None


def _cannot_send(name: str, error: RefusalError) -> ConfigurationError:
    return ConfigurationError(
        Problem(
            "RequestNotSent",
            f"{name} cannot send the pairing request that the scenario asks for: {error}",
            "let the host have a healthy cluster and a usable token, or drop `sendsRequestWith`",
        )
    )
