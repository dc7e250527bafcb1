"""Text in the log of a CI job means nothing to its runner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.text import harmless, harmless_path
from workflow_commands import read_log

HOSTILE = (
    "::stop-commands::x",
    "  ::add-mask::x",
    "::error file=a,line=1::x",
    "a ::set-output name=a::b ::save-state name=c::d",
    "##[add-mask]x ##vso[task.setvariable]y",
    "::::stop-commands::",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_piece_of_a_text_is_a_command(text: str) -> None:
    """Wherever a table folds it: the runner takes no notice of space in front."""
    shown = harmless(text)
    assert len(shown) == len(text)
    for start in range(len(shown)):
        assert read_log(f"   {shown[start:]}\n").commands == []


@given(st.text(alphabet=": #[]abz-=\n"))
def test_any_text_is_harmless_and_stays_so(text: str) -> None:
    """Once is enough."""
    shown = harmless(text)
    assert harmless(shown) == shown
    assert read_log(harmless_path(text)).commands == []


@pytest.mark.parametrize("text", ["[2001:db8::1]:5080", "::1", "a::b", "std::x", "50 % :: x"])
def test_what_is_no_command_is_left_alone(text: str) -> None:
    """Addresses among it."""
    assert harmless(text) == text
