"""Data as small JSON: equal values stand once, and all of it can be read back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.fleet_report.packing import packed, script_json
from unpacked import unpacked

TEXTS = st.text(max_size=8)
PLAIN = st.none() | st.booleans() | st.integers(-3, 3) | TEXTS
DATA = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@given(DATA)
def test_what_is_packed_is_read_back(data: Any) -> None:
    """Lists, dicts, texts, numbers, booleans and None come back as they were."""
    assert json.dumps(unpacked(json.loads(json.dumps(packed(data))))) == json.dumps(data)


def test_equal_values_stand_once() -> None:
    """A fleet says the same of thousands: that costs one place each."""
    one = {"phase": "Paired", "conditions": [{"type": "Ready", "status": "True"}]}
    table = packed([one, dict(one), json.loads(json.dumps(one))])
    assert table["values"].count("Paired") == 1
    assert len(table["values"][-1]) == 1 + 3


@pytest.mark.parametrize("text", ["</script>", "<!--", "<script", "]]>", "&lt;", "\u2028\u2029"])
def test_json_in_a_page_ends_no_element(text: str) -> None:
    """What HTML or JavaScript would read in it is written as an escape, and reads as it was."""
    written = script_json([text])
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == [text]
