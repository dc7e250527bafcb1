"""A clone URL over HTTP on loopback, with a server that can say no, nothing, or too late."""

from pathlib import Path

import pytest

from pairctl.problem import PairctlError
from pairctl.repo import (
    AccessRefused,
    GitTimeout,
    PushRefused,
    Repository,
    RepositoryUnreachable,
    Timeouts,
)
from repo_factory import NOW, make_box, run
from repo_http_factory import serve


def test_reading_and_publishing_work_over_http(tmp_path: Path) -> None:
    """The whole road, over a real smart-HTTP server."""
    box = make_box(tmp_path)

    async def story(url: str) -> str:
        async with await Repository.open(url) as repository:
            files = await repository.files(await repository.resolve())
            assert [source.path for source in files.sources] == ["fleet/a.yaml"]
            return await repository.publish(None, {"s": b"1"}, message="m", now=NOW)

    with serve(box.bare) as server:
        commit = run(story(server.url))
    assert box.status_log() == [commit]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AccessRefused),
        (403, AccessRefused),
        (404, AccessRefused),
        (500, RepositoryUnreachable),
        (503, RepositoryUnreachable),
    ],
)
def test_an_http_error_has_its_class(tmp_path: Path, status: int, kind: type[PairctlError]) -> None:
    """A server that wants credentials is no passing trouble, and never makes git ask a person."""
    box = make_box(tmp_path)

    async def story(url: str) -> None:
        async with await Repository.open(url) as repository:
            with pytest.raises(kind):
                await repository.refresh()

    with serve(box.bare) as server:
        server.status = status
        run(story(server.url))


def test_a_server_that_refuses_writers_is_a_refusal(tmp_path: Path) -> None:
    """Reading is allowed and pushing is not: a person must give the right to push."""
    box = make_box(tmp_path)

    async def story(url: str) -> None:
        async with await Repository.open(url) as repository:
            with pytest.raises(PushRefused, match="403"):
                await repository.publish(None, {"s": b"1"}, message="m", now=NOW)

    with serve(box.bare) as server:
        (box.bare / "config").write_text("[core]\nbare = true\n[http]\nreceivepack = false\n")
        run(story(server.url))


def test_a_server_that_says_nothing_is_left_in_time(tmp_path: Path) -> None:
    """A look ends at its deadline, and the error says how long it waited."""
    box = make_box(tmp_path)

    async def story(url: str) -> None:
        async with await Repository.open(url, timeouts=Timeouts(look_s=0.3)) as repository:
            with pytest.raises(GitTimeout, match=r"0\.3 s"):
                await repository.refresh()

    with serve(box.bare) as server:
        server.answers_nothing = True
        run(story(server.url))


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    """A refused connection is passing trouble."""
    box = make_box(tmp_path)
    with serve(box.bare) as server:
        url = server.url

    async def story() -> None:
        async with await Repository.open(url) as repository:
            with pytest.raises(RepositoryUnreachable):
                await repository.refresh()

    run(story())


def test_an_unchanged_remote_costs_one_request(tmp_path: Path) -> None:
    """A refresh asks for the refs, and fetches only when one of them moved."""
    box = make_box(tmp_path)

    async def story(url: str, requests: list[str]) -> list[str]:
        async with await Repository.open(url) as repository:
            await repository.refresh()
            requests.clear()
            await repository.refresh()
            return [line for line in requests if "POST" in line]

    with serve(box.bare) as server:
        posts = run(story(server.url, server.requests))
    assert len(posts) == 1  # ls-refs of the protocol's second version
