"""The two stacks side by side, as `explain` shows them."""

from layers_factory import make_layer, make_profile, make_stack
from pairctl.layers import Row, Verdict, match, side_by_side


def test_each_way_to_differ_has_its_row() -> None:
    """The cluster's own layers come first and in order; what only the selection has comes last."""
    local = make_stack("addon/a 1", "addon/b 1", "addon/c 1", "k8s/k 1")
    base = make_profile("base", "k8s/k 1", "addon/b 2", type="infra")
    first = make_profile("first", "addon/a 1")
    second = make_profile("second", "addon/a 1", "addon/d 1")
    assert side_by_side(local, match(local, [base, first, second])) == (
        Row(
            make_layer("addon/a 1"),
            make_layer("addon/a 1"),
            "first 1.0.0 and second 1.0.0",
            Verdict.MATCHED_TWICE,
        ),
        Row(make_layer("addon/b 1"), make_layer("addon/b 2"), "base 1.0.0", Verdict.WRONG_VERSION),
        Row(make_layer("addon/c 1"), None, "", Verdict.MISSING),
        Row(make_layer("k8s/k 1"), make_layer("k8s/k 1"), "base 1.0.0", Verdict.SAME),
        Row(None, make_layer("addon/d 1"), "second 1.0.0", Verdict.EXTRA),
    )


def test_a_layer_that_is_there_twice_has_two_rows() -> None:
    """Where one of two is matched, one row says so and the other says what is missing."""
    local = make_stack("addon/a 1", "addon/a 1", "k8s/k 1")
    base = make_profile("base", "k8s/k 1", "addon/a 1", type="infra")
    rows = side_by_side(local, match(local, [base]))
    assert [row.verdict for row in rows] == [Verdict.SAME, Verdict.MISSING, Verdict.SAME]


def test_repeated_layers_name_the_profile_of_each() -> None:
    """Two of two, from two profiles: each row names its own; a third is told on the last."""
    local = make_stack("addon/a 1", "addon/a 1", "k8s/k 1")
    base = make_profile("base", "k8s/k 1", type="infra")
    one, two, three = (make_profile(name, "addon/a 1") for name in ("one", "two", "three"))
    exact = side_by_side(local, match(local, [base, one, two]))
    assert [row.profile for row in exact] == ["one 1.0.0", "two 1.0.0", "base 1.0.0"]
    much = side_by_side(local, match(local, [base, one, two, three]))
    assert much[1].verdict is Verdict.MATCHED_TWICE
    assert much[1].profile == "two 1.0.0 and three 1.0.0"


def test_without_a_selection_every_layer_is_missing() -> None:
    """The comparison works with nothing selected."""
    local = make_stack("addon/a 1", "k8s/k 1")
    rows = side_by_side(local, match(local, []))
    assert [row.verdict for row in rows] == [Verdict.MISSING, Verdict.MISSING]
