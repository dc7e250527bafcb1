"""What is said alike of several things is said once, with the names of all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.text import Said, name_list, put_together, ranges

NAMES = st.lists(st.from_regex(r"[a-z]{1,3}(-[0-9]{1,4})?", fullmatch=True), max_size=30)


def said(name: str, text: str, key: str = "Blocked") -> Said[str]:
    """Say something of a thing."""
    return Said(name, key, (text,))


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("not seen yet", "not seen yet", "not seen yet"),
        ("node a-1-x is sick", "node a-2-x is sick", "node …-x is sick"),
        ("https://10.0.0.1:5080 is dark", "https://10.0.0.2:5080 is dark", "… is dark"),
        ("https://one.example/ is dark", "https://one.example/ is dark", None),
        ("fleet/a.yaml:3:1: no match `x`", "B.yml:75:12: no match `x`", "…: no match `x`"),
        ("as (a.csv:3) says", "as (b.csv:14) says", "as (…) says"),
        ("a.yaml:3:1: no match", "a.yaml:3:1: no match", None),
        ("request 0123456789abcdef01234567", "request fedcba9876543210fedcba98", "request …"),
    ],
)
def test_what_differs_only_in_identities_is_alike(
    first: str, second: str, shown: str | None
) -> None:
    """Own names, addresses, places in files: left out where they differ, kept where they do not."""
    (group,) = put_together([said("a-1", first), said("a-2", second)])
    assert (group.names, group.texts) == (("a-1", "a-2"), (shown or first,))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (said("a-1", "grafana is 40.3.1"), said("a-2", "grafana is 44.3.1")),
        (said("a-1", "same"), said("a-2", "same", "Failed")),
        (said("a-1", "1 of 2 nodes"), said("a-2", "2 of 2 nodes")),
        (said("a-1", "a.yaml:3:1: no `x`"), said("a-2", "a.yaml:4:1: no `y`")),
        (said("a-1", "no file a.yaml"), said("a-2", "no file b.yaml")),
    ],
    ids=["another version", "another key", "another count", "another fault", "another file"],
)
def test_what_differs_otherwise_is_not_alike(first: Said[str], second: Said[str]) -> None:
    """Two causes are never made one."""
    assert [group.texts for group in put_together([first, second])] == [first.texts, second.texts]


def test_one_thing_keeps_its_words() -> None:
    """Nothing is left out where there is nothing to differ from."""
    (group,) = put_together([said("a-1", "https://10.0.0.1:5080 of a-1 is dark")])
    assert group.texts == ("https://10.0.0.1:5080 of a-1 is dark",)


def test_a_group_keeps_its_pattern() -> None:
    """What holds for one, and then for two, is known by the same pattern."""
    said = [Said(name, "", (f"{name} at https://{name}.example:1 is dark",)) for name in "xy"]
    (one,), (two,) = put_together(said[:1]), put_together(said)
    assert one.pattern == two.pattern
    assert one.texts != two.texts


@given(NAMES)
def test_ranges_stand_for_exactly_the_names(names: list[str]) -> None:
    """Whoever counts from the first to the last of each gets the names, no more and no fewer."""
    meant: list[str] = []
    for one in ranges(names):
        before = len(meant)
        meant.append(one.first)
        while meant[-1] != one.last:
            letters, number = meant[-1].rsplit("-", 1)
            meant.append(f"{letters}-{str(int(number) + 1).zfill(len(number))}")
        assert one.count == len(meant) - before
    assert sorted(meant) == sorted(set(names))


@given(NAMES, st.integers(1, 200))
def test_a_list_of_names_cuts_none_and_counts_the_rest(names: list[str], most: int) -> None:
    """It keeps to its length where more than one entry is in it."""
    shown = name_list(names, most)
    listed, _, rest = shown.partition(" and ")
    entries = listed.split(", ") if listed else []
    known = {one.shown(): one.count for one in ranges(names)}
    assert set(entries) <= known.keys()
    left = int(rest.removesuffix(" more")) if rest else 0
    assert sum(known[one] for one in entries) + left == len(set(names))
    assert len(shown) <= most or len(entries) <= 1


def test_no_text_can_say_a_name_that_is_not_in_it() -> None:
    """Whatever sign a text holds, it is not taken for the thing's own name."""
    (group,) = put_together([said("a-1", "x\0y of a-1")])
    assert group.texts == ("xy of a-1",)


def test_names_are_in_the_order_in_which_people_count() -> None:
    """Not in that of letters: `store-9` before `store-10`."""
    names = [f"store-{number}" for number in range(1, 13)]
    assert name_list(reversed([*names, "depot"]), 80) == "depot, store-1 to store-12"
