"""The connections of a client: what is kept, what is not used again, and that none is left open."""

import asyncio
import resource
import socket
from contextlib import AsyncExitStack

import pytest

import apis_factory as factory
from apis_factory import DEADLINE_S, EFFECT, READ, Got, answer, channel, in_turn, serving
from effort import counted_calls
from pairctl.apis import (
    CertificateChanged,
    KeptConnections,
    LocalUI,
    NoAnswer,
    Pinned,
    Unreachable,
)
from pairctl.apis.kept_connections import MOST_KEPT, most_kept
from pairctl.apis.tls import Contexts
from pairctl.apis.tls_stream import MOST_UNREAD_BYTES, open_socket, start_tls
from pairctl.secrets import Credentials, Secret, target
from pairctl.sim import run_in_thread
from pairctl.sim.simulation import Address
from sim_factory import host_document, make_scenario, palette_document

OK = answer(200, {"ok": True})


def test_calls_share_a_connection_and_none_is_left_open() -> None:
    """One handshake serves many calls; a client that is closed leaves nothing behind."""

    async def run() -> None:
        async with serving(OK) as server:
            async with channel(server.endpoint) as one:
                for _ in range(5):
                    await one.call(READ)
                await one.call(EFFECT)
                assert await server.is_left(open=1)
            assert await server.is_left(open=0)
            assert server.connections == 2

    asyncio.run(run())


def test_calls_side_by_side_keep_their_connections() -> None:
    """As many connections as there are calls at once, all used again, and all closed at last."""

    async def run() -> None:
        async with serving(OK) as server:
            async with channel(server.endpoint) as one:
                for _ in range(3):
                    await asyncio.gather(*(one.call(READ) for _ in range(4)))
                assert server.connections == server.open == 4
            assert await server.is_left(open=0)

    asyncio.run(run())


def test_no_more_connections_are_opened_than_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls beyond that wait for one that is free."""
    monkeypatch.setattr("pairctl.apis.channel.CONNECTIONS", 2)

    async def run() -> None:
        async with serving(OK) as server, channel(server.endpoint) as one:
            await asyncio.gather(*(one.call(READ) for _ in range(5)))
            assert (len(server.got), server.connections) == (5, 2)

    asyncio.run(run())


def test_what_comes_in_unasked_is_the_answer_to_nothing() -> None:
    """A server that still speaks when nothing was asked has not answered the next call with it."""
    speaks, has_spoken = asyncio.Event(), asyncio.Event()

    async def answered_and_more(got: Got, writer: asyncio.StreamWriter) -> None:
        await OK(got, writer)
        await speaks.wait()
        await answer(200, {"ok": False})(got, writer)
        has_spoken.set()

    async def run() -> None:
        reaction = in_turn(answered_and_more, OK)
        async with serving(reaction) as server, channel(server.endpoint) as one:
            await one.call(READ)
            speaks.set()
            await has_spoken.wait()
            assert (await one.call(READ)).document() == {"ok": True}
            assert server.connections == 2
            assert await server.is_left(open=1)

    asyncio.run(run())


def test_what_comes_unasked_with_an_answer_is_the_answer_to_nothing() -> None:
    """A second answer in the same breath ends the connection, and is not taken for the next one."""
    twice = b'{"ok": true}HTTP/1.1 200 Told\r\ncontent-length: 2\r\n\r\n{}'
    reaction = in_turn(answer(200, raw=twice, content_length="12"), OK)

    async def run() -> None:
        async with serving(reaction) as server, channel(server.endpoint) as one:
            for _ in range(2):
                assert (await one.call(READ)).document() == {"ok": True}
            assert server.connections == 2

    asyncio.run(run())


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    """A login is sent once: it must not be lost on a connection that is gone already."""

    async def answered_and_gone(got: Got, writer: asyncio.StreamWriter) -> None:
        await OK(got, writer)
        writer.transport.abort()

    async def run() -> None:
        async with serving(answered_and_gone) as server, channel(server.endpoint) as one:
            for _ in range(3):
                await one.call(factory.Operation.LOG_IN)
            assert (len(server.got), server.connections) == (3, 3)

    asyncio.run(run())


def test_a_connection_that_was_not_used_for_long_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server may have forgotten is not tried."""
    monkeypatch.setattr("pairctl.apis.transport.KEEP_ALIVE_S", -1.0)

    async def run() -> None:
        async with serving(OK) as server, channel(server.endpoint) as one:
            await one.call(READ)
            await one.call(READ)
            assert server.connections == 2
            assert await server.is_left(open=1)

    asyncio.run(run())


def test_all_clients_together_keep_so_many_connections() -> None:
    """Each host has a client: what was used longest ago is closed, whosesoever it is."""

    async def run() -> None:
        kept = KeptConnections(most=2)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(serving(OK))
            channels = [
                await stack.enter_async_context(channel(server.endpoint, kept=kept))
                for _ in range(4)
            ]
            for one in channels:
                await one.call(READ)
            assert await server.is_left(open=2)
            await channels[3].call(READ)
            await channels[2].call(READ)
            assert (server.connections, server.open) == (4, 2)
            await channels[0].call(READ)
            assert server.connections == 5
            assert await server.is_left(open=2)
            await channels[2].call(READ)  # 3 was used before it
            assert server.connections == 5

    asyncio.run(run())


def test_what_is_not_used_is_closed_though_nobody_asks_its_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A client that has nothing to do does not keep its connection open until it is closed."""

    async def run() -> None:
        kept = KeptConnections()
        async with (
            serving(OK) as server,
            channel(server.endpoint, kept=kept) as one,
            channel(server.endpoint, kept=kept) as other,
        ):
            await one.call(READ)
            monkeypatch.setattr("pairctl.apis.kept_connections.KEEP_ALIVE_S", 0.0)
            await other.call(READ)
            assert await server.is_left(open=0)

    asyncio.run(run())


@pytest.mark.parametrize(("files", "kept"), [(100, 50), (1 << 20, MOST_KEPT), (-1, MOST_KEPT)])
def test_no_more_is_kept_than_half_of_the_files_that_may_be_open(
    files: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections in use, Git and files need the others; without a limit (-1) it is a number."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert most_kept() == kept


def test_a_call_that_is_given_up_closes_its_connection() -> None:
    """Nobody would read its answer, and no other call may take it for its own."""
    is_asked = asyncio.Event()

    async def hang(got: Got, writer: asyncio.StreamWriter) -> None:
        is_asked.set()
        await factory.hang(got, writer)

    async def run() -> None:
        async with serving(in_turn(hang, OK)) as server, channel(server.endpoint) as one:
            call = asyncio.ensure_future(one.call(READ))
            await is_asked.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert (await one.call(READ)).document() == {"ok": True}
            assert server.connections == 2

    asyncio.run(run())


@pytest.mark.parametrize("is_given_up", [False, True])
def test_a_handshake_that_is_cut_short_leaves_no_socket(is_given_up: bool) -> None:
    """A host that is connected to, and says nothing, is hung up on."""

    async def run(silent: socket.socket) -> None:
        async with channel(f"https://127.0.0.1:{silent.getsockname()[1]}", deadline_s=0.3) as one:
            call = asyncio.ensure_future(one.call(EFFECT))
            peer, _ = await asyncio.get_running_loop().sock_accept(silent)
            with peer:
                assert await asyncio.get_running_loop().sock_recv(peer, 1)
                if is_given_up:
                    call.cancel()
                with pytest.raises((Unreachable, asyncio.CancelledError)):
                    await call
                async with asyncio.timeout(5):
                    while await asyncio.get_running_loop().sock_recv(peer, 4096):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        asyncio.run(run(silent))


def test_a_server_that_is_not_the_pinned_one_is_hung_up_on() -> None:
    """Nothing is sent to it, and nothing stays open."""

    async def run() -> None:
        async with serving(OK) as server:
            trust = Pinned("sha256:" + "0" * 64)
            async with channel(server.endpoint, trust=trust) as one:
                with pytest.raises(CertificateChanged):
                    await one.call(READ)
                assert await server.is_left(open=0)
                assert server.got == []

    asyncio.run(run())


@pytest.mark.parametrize("size", [MOST_UNREAD_BYTES, 5_000_000])
def test_a_large_answer_comes_whole(size: int) -> None:
    """A server that sends faster than is read has to wait, and no byte is lost."""

    async def run() -> None:
        large = answer(200, {"text": "x" * size})
        async with serving(large) as server, channel(server.endpoint) as one:
            for _ in range(2):
                assert len((await one.call(READ)).document()["text"]) == size
            assert server.connections == 1

    asyncio.run(run())


def test_what_came_in_before_it_was_read_is_read_whole() -> None:
    """A server that was made to wait goes on, also in the middle of a record of TLS.

    Others have their turn meanwhile.
    """
    size, turns = 8 * MOST_UNREAD_BYTES, 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def run() -> None:
        async with serving(answer(200, raw=b"x" * size)) as server:
            place = target(server.endpoint)
            context = await Contexts().of(Pinned(server.fingerprint))
            opened = await open_socket("127.0.0.1", place.port)
            stream = await start_tls(opened, context, place, DEADLINE_S)
            stream.write(b"GET / HTTP/1.1\r\n\r\n")
            async with asyncio.timeout(DEADLINE_S):
                for _ in range(5_000):
                    if stream._is_paused:
                        break
                    await asyncio.sleep(0.001)
                assert stream._is_paused
                other = asyncio.ensure_future(take_turns())
                found = b""
                while len(found) < MOST_UNREAD_BYTES:
                    found += await stream.read()
                assert turns >= 3
                other.cancel()
                while len(found) < size:
                    found += await stream.read()
            await stream.aclose()

    asyncio.run(run())


def test_closing_that_is_given_up_leaves_no_connection() -> None:
    """All are hung up on before any of them is waited for."""

    async def run() -> None:
        async with serving(OK) as server:
            one = channel(server.endpoint)
            await asyncio.gather(*(one.call(READ) for _ in range(3)))
            closing = asyncio.ensure_future(one.aclose())
            await asyncio.sleep(0)
            closing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await closing
            assert await server.is_left(open=0)

    asyncio.run(run())


def test_what_the_server_has_closed_is_cleared_away_and_what_was_used_is_kept() -> None:
    """It is cleared away at the end of a call, without a wait that could be given up."""
    goes = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def noted(got: Got, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        if len(writers) == 2:
            goes.set()
        await goes.wait()
        await OK(got, writer)

    async def run() -> None:
        async with serving(noted) as server:
            kept = KeptConnections()
            async with channel(server.endpoint, kept=kept) as one:
                await asyncio.gather(one.call(READ), one.call(READ))
                await one.call(READ)
                (other,) = {*writers[:2]} - {writers[2]}
                other.transport.abort()
                assert await server.is_left(open=1)
                assert len(kept) == 2
                await one.call(READ)
                assert len(kept) == 1
                await one.call(READ)
                assert server.connections == 2
            assert len(kept) == 0

    asyncio.run(run())


def test_closing_ends_the_calls_that_are_under_way() -> None:
    """They fail, and what they have open is closed."""
    is_asked = asyncio.Event()

    async def silent(_: Got, writer: asyncio.StreamWriter) -> None:
        is_asked.set()
        await writer.wait_closed()

    async def run() -> None:
        async with serving(silent) as server:
            one = channel(server.endpoint)
            call = asyncio.ensure_future(one.call(factory.Operation.LOG_IN))
            await is_asked.wait()
            await one.aclose()
            with pytest.raises(NoAnswer):
                await call
            assert await server.is_left(open=0)

    asyncio.run(run())


def test_a_call_over_a_connection_that_is_there_costs_little() -> None:
    """Thousands of them are most of what pairing a fleet costs: 900 functions called for each."""
    scenario = make_scenario(host_document(1), palette=palette_document())
    user = scenario.hosts()[0].users[0]

    async def run(address: Address) -> int:
        wire = factory.wire(trust=Pinned(address.fingerprint))
        login = Credentials(user.username, Secret(user.password))
        async with LocalUI(address.endpoint, login, wire) as host:
            await host.observe()  # what is loaded once is loaded
            with counted_calls() as count:
                await host.observe()
            return count()

    with run_in_thread(scenario) as running:
        address = running.simulation.addresses[scenario.hosts()[0].endpoint]
        assert asyncio.run(run(address)) < 5 * 900
