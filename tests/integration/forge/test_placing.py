"""One comment on a pull request, over real HTTP, whatever goes wrong on the way."""

import asyncio
from collections.abc import Iterator

import pytest

from forge_factory import NUMBER, TOKEN, Fault, Forge, serve
from pairctl.forge import ForgeFailure, GitHub, NotPermitted, Placed, mark_of, place_comment, run_of
from pairctl.problem import ConfigurationError

MARK = "<!-- pairctl-plan -->"
BODY = f"{MARK}\n### Plan\n\nnothing to do\n"


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A forge with a pull request that nobody has said anything about."""
    with serve() as served:
        yield served


def place(forge: Forge, body: str = BODY) -> tuple[Placed, list[float]]:
    """Place a comment; also gives the pauses that were asked for, none of which was made."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def placed() -> Placed:
        async with GitHub(run_of(forge.environment, "", NUMBER)) as client:
            return await place_comment(client, body, pause)

    return asyncio.run(placed()), pauses


def bodies(forge: Forge) -> list[str]:
    """The comments' texts, oldest first."""
    return [comment["body"] for comment in forge.comments]


def test_a_first_comment_is_created(forge: Forge) -> None:
    """The text is sent as it is, and the answer says where it stands."""
    placed, _ = place(forge)
    assert bodies(forge) == [BODY]
    assert (placed.placement, placed.url) == ("created", forge.comments[0]["html_url"])


def test_a_second_run_updates_the_comment_in_place(forge: Forge) -> None:
    """There is one comment however often it is placed."""
    place(forge)
    placed, _ = place(forge, f"{MARK}\nelse")
    assert bodies(forge) == [f"{MARK}\nelse"]
    assert placed.placement == "updated"


def test_a_comment_that_says_it_already_is_left_alone(forge: Forge) -> None:
    """Nothing is sent where nothing changes; the forge's line ends make no difference."""
    forge.add(BODY.strip().replace("\n", "\r\n"))
    placed, _ = place(forge)
    assert placed.placement == "unchanged"
    assert (forge.sent("POST"), forge.sent("PATCH")) == (0, 0)


def test_comments_of_others_are_never_changed(forge: Forge) -> None:
    """Whoever writes the mark by hand does not get it replaced; nor do deleted accounts."""
    forge.add(f"{MARK}\nmine", "mallory")
    forge.add(f"{MARK}\nnobody's", None)
    placed, _ = place(forge)
    assert placed.placement == "created"
    assert bodies(forge) == [f"{MARK}\nmine", f"{MARK}\nnobody's", BODY]


def test_other_comments_of_ours_are_not_taken_for_it(forge: Forge) -> None:
    """The mark is the whole first line: other tools comment with the same token."""
    forge.add("<!-- pairctl-plan-of-another -->\n")
    forge.add(f"> {MARK}\nas was said")
    place(forge)
    assert len(forge.comments) == 3


def test_the_comment_is_found_on_any_page(forge: Forge) -> None:
    """All pages are looked at before a comment is made, and no address in an answer is followed."""
    forge.per_page = 2
    for number in range(5):
        forge.add(f"talk {number}", "somebody")
    forge.add(f"{MARK}\nold")
    placed, _ = place(forge)
    assert placed.placement == "updated"
    assert [one for one in forge.requests if "elsewhere" in one] == []
    assert forge.sent("GET") == 3


@pytest.mark.parametrize("status", [0, 502])
def test_a_comment_whose_answer_was_lost_is_not_made_twice(forge: Forge, status: int) -> None:
    """Creating cannot simply be repeated: the next try looks first, and finds it."""
    forge.faults = [Fault("POST /repos", status, is_done=True)]
    placed, pauses = place(forge)
    assert bodies(forge) == [BODY]
    assert placed.placement == "unchanged"
    assert pauses == [1.0]


@pytest.mark.parametrize("call", ["POST /graphql", "GET /repos", "POST /repos", "PATCH /repos"])
def test_a_forge_that_fails_for_a_moment_is_asked_again(forge: Forge, call: str) -> None:
    """Whatever call it is that had no answer."""
    if call.startswith("PATCH"):
        forge.add(f"{MARK}\nold")
    forge.faults = [Fault(call), Fault(call, 500)]
    _, pauses = place(forge)
    assert bodies(forge) == [BODY]
    assert pauses == [1.0, 4.0]


def test_a_forge_that_goes_on_failing_is_left_alone(forge: Forge) -> None:
    """Three tries, and the failure names the call."""
    forge.faults = [Fault("GET /repos", 503) for _ in range(4)]
    with pytest.raises(ForgeFailure, match=r"GET .*/comments: answered with 503"):
        place(forge)
    assert len(forge.faults) == 1


@pytest.mark.parametrize(
    ("status", "headers", "pause_s"),
    [
        (429, {}, 1.0),
        (429, {"Retry-After": "7"}, 7.0),
        (403, {"Retry-After": "7"}, 7.0),
        (403, {"X-RateLimit-Remaining": "0"}, 1.0),
        (503, {"Retry-After": "86400"}, 60.0),
        (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1.0),
    ],
)
def test_a_limit_is_waited_for_within_bounds(
    forge: Forge, status: int, headers: dict[str, str], pause_s: float
) -> None:
    """The forge says how long; a minute is the most."""
    forge.faults = [Fault("POST /repos", status, headers)]
    _, pauses = place(forge)
    assert pauses == [pause_s]
    assert bodies(forge) == [BODY]


@pytest.mark.parametrize("status", [301, 400, 401, 404, 422])
def test_a_definite_no_is_final(forge: Forge, status: int) -> None:
    """The same call would be refused again; a redirect is not followed."""
    forge.faults = [Fault("POST /repos", status, {"Location": f"{forge.url}/elsewhere"})]
    with pytest.raises(ForgeFailure, match=str(status)):
        place(forge)
    assert forge.sent("POST") == 1
    assert not any("elsewhere" in one for one in forge.requests)


@pytest.mark.parametrize("call", ["POST /graphql", "GET /repos", "POST /repos"])
def test_an_answer_that_cannot_be_read_is_told(forge: Forge, call: str) -> None:
    """A portal in between, say; what it answered is not quoted."""
    forge.faults = [Fault(call, 200)]
    with pytest.raises(ForgeFailure, match="cannot be read") as failed:
        place(forge)
    assert "message" not in str(failed.value)


def test_a_list_without_end_is_given_up(forge: Forge) -> None:
    """Pages are bounded."""
    forge.per_page = 1
    for _ in range(51):
        forge.add("talk", "somebody")
    with pytest.raises(ForgeFailure, match="does not end"):
        place(forge)
    assert forge.sent("POST") == 0


def test_a_token_that_may_only_read_is_told_as_that(forge: Forge) -> None:
    """A pull request from a fork has such a token: the caller has another way."""
    forge.may_write = False
    with pytest.raises(NotPermitted, match="403"):
        place(forge)


@pytest.mark.parametrize("text", ["", "# Plan", "text\n<!-- mark -->", "<!-- mark"])
def test_a_text_without_a_mark_is_refused(text: str) -> None:
    """It could never be found again."""
    with pytest.raises(ConfigurationError):
        mark_of(text)


def test_no_error_shows_the_token(forge: Forge) -> None:
    """Neither text nor cause of a failure holds it."""
    forge.faults = [Fault("POST /repos", 400)]
    with pytest.raises(ForgeFailure) as failed:
        place(forge)
    assert TOKEN not in f"{failed.value!r} {failed.value.__context__!r} {failed.value.__cause__!r}"
    assert forge.headers[0]["authorization"] == f"Bearer {TOKEN}"
