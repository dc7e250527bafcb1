"""A plan as a comment: what matters most first, whole sentences, and never too long."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markdown_factory import html, rows
from pairctl.cli.plan_markdown import MARKER, MOST_CHARACTERS, Kind, cost, plan_markdown
from pairctl.engine import PlanDocument
from pairctl.engine.plan.document import PlannedDeletion
from plan_factory import BASE, accepting, make_action, make_document, make_planned

SIGNS = {kind.sign: kind for kind in Kind}
ONE_OF_EACH = (
    make_planned("settled", phase="Paired", message="managed centrally as settled", humanAction=""),
    make_planned("moving", phase="Accepted", message="the host changes over", humanAction=""),
    make_planned("withdrawn", action=make_action("withdraw")),
    make_planned("unseen", phase=None, message="not looked at yet"),
    make_planned("blocked"),
    make_planned("sent", phase="Waiting", action=make_action(), leadsOneWay=True),
    accepting("accepted"),
    make_planned("alone", phase="Waiting", action=make_action()),
)
HOSTILE = (
    "@team #1 GH-1 https://evil.example <b>x</b> `|` ![x](y) \\",
    "🔴" * 400,
    "@" * 400,
    "ß&<|" * 100,
    "\n\n# title\n| a | b |\n",
)


def kinds(text: str) -> list[Kind]:
    """Give the kinds of the rows, in their order."""
    return [SIGNS[row[0]] for row in rows(text)]


def every_count(text: str) -> tuple[int, ...]:
    """Count a text in each way in which a forge may: characters, UTF-16, bytes, ends of lines."""
    posted = text.replace("\n", "\r\n")
    return len(text), len(text.encode("utf-16-le")) // 2, len(text.encode()), len(posted.encode())


def fleet(size: int) -> PlanDocument:
    """Make the plan of a large fleet whose hosts, requests and documents are all hostile."""
    intents = []
    for number in range(size):
        name, text = f"store-{number:05}", f"{HOSTILE[number % len(HOSTILE)]} {number}"
        told = {"message": text, "humanAction": text, "reason": text}
        match number % 4:
            case 0:
                intents.append(accepting(name, action=make_action("accept", text=text)))
            case 1:
                intents.append(make_planned(name, **told, leadsOneWay=True))
            case 2:
                intents.append(make_planned(f"unrecognized-{text}{number}", **told, phase=None))
            case _:
                intents.append(make_planned(name, **told, action=make_action("reject", text=text)))
    return make_document(*intents)


def test_a_comment_is_found_again_by_its_first_line() -> None:
    """It is updated in place by it; nothing else in it is HTML that a reader would not see."""
    text = plan_markdown(make_document(*ONE_OF_EACH))
    assert text.splitlines()[0] == MARKER == "<!-- pairctl-plan -->"
    assert set(html(text)) == {MARKER, "<sub>", "</sub>"}


def test_what_cannot_be_undone_comes_first_and_says_so() -> None:
    """Then what is blocked, what is not known, and the rest; what is settled is only counted."""
    text = plan_markdown(make_document(*ONE_OF_EACH))
    table = rows(text)
    assert [row[1] for row in table] == [
        "accepted",
        "sent",
        "blocked",
        "unseen",
        "alone",
        "withdrawn",
        "moving",
    ]
    assert kinds(text)[:2] == [Kind.ONE_WAY, Kind.ONE_WAY]
    assert [row[2] for row in table[:3]] == [
        "accept it: cannot be undone",
        "request it. Then it is accepted by itself, which cannot be undone",
        "nothing: NodeUnhealthy: 1 of 2 nodes not healthy",
    ]
    assert [row[3] for row in table[2:4]] == ["repair node-2", "repair node-2"]
    assert "**2 of 8 intents lead to an acceptance, which cannot be undone.**" in text
    assert "1 blocked, 1 not known, 2 other steps, 1 waiting or under way" in text


def test_what_is_blocked_may_still_lead_there() -> None:
    """A node that heals is no commit: who merges is told that the rest follows by itself."""
    text = plan_markdown(make_document(make_planned(leadsOneWay=True)))
    (row,) = rows(text)
    assert row[0] == Kind.BLOCKED.sign
    assert row[2].endswith(
        "As soon as the world lets it, it is accepted by itself, which cannot be undone"
    )
    assert "**1 of 1 intent leads to an acceptance, which cannot be undone.**" in text


def test_a_comment_on_a_change_tells_what_was_deleted_and_what_is_settled() -> None:
    """Whoever changes a document is told what comes of it, also where that is nothing."""
    gone = PlannedDeletion(name="gone", message="pairctl stops looking after it")
    text = plan_markdown(make_document(ONE_OF_EACH[0], base=BASE, deleted=(gone,)))
    assert [row[1:3] for row in rows(text)] == [
        ["gone", "pairctl stops looking after it"],
        ["settled", "managed centrally as settled"],
    ]
    assert "None of 1 intent that differs from `1a2b3c4` leads" in text


def test_nothing_is_promised_of_what_is_not_known() -> None:
    """An intent that nobody has looked at yet may lead to an acceptance all the same."""
    unseen = make_planned("unseen", phase=None)
    text = plan_markdown(make_document(unseen, ONE_OF_EACH[0]))
    assert "None of 2 intents is known to lead to an acceptance" in text


@pytest.mark.parametrize(("number", "whose"), [(1, "1 intent"), (2, "any of 2 intents")])
def test_where_nothing_is_known_the_comment_begins_with_that(number: int, whose: str) -> None:
    """Nobody reads of such a plan that no merge leads to an acceptance, or what counts as fine."""
    unseen = [make_planned(f"store-{one}", phase=None) for one in range(number)]
    text = plan_markdown(make_document(*unseen, is_remembered=True))
    assert f"**It is not known what a merge does for {whose}: it may lead to an" in text
    assert "what earlier passes wrote down does not tell what is to do" in text
    assert "None of" not in text
    assert "as fine" not in text


def test_a_comment_made_offline_says_what_it_cannot_know() -> None:
    """Nobody takes a plan without credentials for one that looked."""
    remembered = plan_markdown(make_document(accepting(), is_remembered=True))
    looked = plan_markdown(make_document(accepting()))
    assert "Made without credentials" in remembered
    assert "the cluster's health, whether its hosts reach Palette" in remembered
    assert "credentials" not in looked


def test_nothing_to_do_is_a_comment_without_a_table() -> None:
    """Also where there is no intent at all."""
    assert rows(plan_markdown(make_document(ONE_OF_EACH[0]))) == []
    assert "None of 0 intents leads" in plan_markdown(make_document())


def test_what_is_alike_shares_a_row_with_all_its_names() -> None:
    """A fleet is counted by its intents, not by rows; what cannot be undone stays apart."""
    held = [make_planned(f"store-{n}", message=f"node of store-{n} sick") for n in range(1, 39)]
    text = plan_markdown(make_document(*held, accepting("depot-1"), accepting("depot-2")))
    one_way, blocked = rows(text)
    assert one_way[1] == "2: depot-1, depot-2"
    assert blocked[1] == "38: store-1 to store-38"
    assert "node of … sick" in blocked[2]
    assert "**2 of 40 intents" in text
    assert "38 blocked" in text


@pytest.mark.parametrize("size", [1, 40, 10_000])
def test_a_comment_is_never_too_long_whatever_the_fleet(size: int) -> None:
    """In characters, UTF-16, bytes, and with ends of lines of two: what has no room is counted."""
    text = plan_markdown(fleet(size))
    assert max(every_count(text)) <= MOST_CHARACTERS
    shown = kinds(text)
    assert all(len(row) == 4 for row in rows(text))
    assert set(html(text)) == {MARKER, "<sub>", "</sub>"}
    order = list(Kind)
    assert all(order.index(one) <= order.index(other) for one, other in pairwise(shown))
    if size == 10_000:
        assert max(every_count(text)) > MOST_CHARACTERS * 0.9
        left = size - len(shown)
        assert f"**There was no room for {left} more: " in text
        assert f"{size // 4 - shown.count(Kind.ONE_WAY)} that cannot be undone" in text
    else:
        assert "no room" not in text or size == 40


def test_a_secret_that_is_taken_out_makes_no_comment_too_long() -> None:
    """A mask is longer than a short secret, and may fall on the comment's own words."""
    text = plan_markdown(fleet(10_000), lambda told: told.replace("undone", "[redacted]" * 3))
    assert "undone" not in text
    assert max(every_count(text)) <= MOST_CHARACTERS


@settings(max_examples=50)
@given(st.lists(st.text(max_size=500), min_size=1, max_size=60))
def test_no_text_makes_a_comment_too_long(texts: list[str]) -> None:
    """Nor does any break out of its cell."""
    clean = [text.encode(errors="replace").decode() for text in texts]
    intents = [make_planned(text, message=text, humanAction=text) for text in clean]
    text = plan_markdown(make_document(*intents))
    assert max(every_count(text)) <= MOST_CHARACTERS
    assert all(len(row) == 4 for row in rows(text))


def test_the_cost_of_a_text_is_the_largest_of_all_counts() -> None:
    """What fits in by it fits in for everybody."""
    text = "a\nß🔴\n"
    assert cost(text) == max(every_count(text))
