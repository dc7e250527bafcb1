"""A secret's value leaves it by `reveal` alone."""

import copy
import json
import pickle

import pytest

from pairctl.secrets import Credentials, Secret

VALUE = "s3cr3t-0123456789"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(VALUE)),
        str(Secret(VALUE)),
        f"{Secret(VALUE)}",
        f"{Secret(VALUE):>40}",
        "%s %r" % (Secret(VALUE), Secret(VALUE)),  # noqa: UP031 - this way of formatting too
        repr([Secret(VALUE)]),
        repr(Credentials("kairos", Secret(VALUE))),
    ],
)
def test_no_way_of_showing_a_secret_shows_its_value(shown: str) -> None:
    """repr, str and formats are blank, inside containers too."""
    assert VALUE not in shown
    assert "ecret" in shown


@pytest.mark.parametrize("carry", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_a_secret_is_not_carried_away(carry) -> None:
    """It cannot be pickled, copied or written as JSON."""
    with pytest.raises(TypeError) as caught:
        carry(Secret(VALUE))
    assert VALUE not in str(caught.value)


def test_secrets_are_compared_by_value() -> None:
    """Two secrets of one value are equal, and a text is never equal to a secret."""
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("another")
    assert Secret(VALUE) != VALUE
    assert Secret(VALUE).reveal() == VALUE
