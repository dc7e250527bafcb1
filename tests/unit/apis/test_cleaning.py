"""What the texts of one server are cleaned of."""

from effort import calls
from pairctl.apis.cleaning import MOST_HELD, Cleaner
from pairctl.secrets import Redactor

TOKENS = [f"token-{number}-of-a-login" for number in range(MOST_HELD + 1)]


def test_what_a_server_handed_out_last_is_masked_in_its_own_texts() -> None:
    """The oldest of more than four is let go; others' texts show what they show."""
    redactor = Redactor()
    redactor.learn("a-secret-of-the-operator")
    one, other = Cleaner(redactor), Cleaner(redactor)
    for token in TOKENS:
        one.hold(token)
        assert token not in one.redact(f"it was {token}")
    shown = one.redact(" ".join([*TOKENS, "a-secret-of-the-operator"]))
    assert [token in shown for token in TOKENS] == [True, *[False] * MOST_HELD]
    assert "a-secret" not in shown
    assert other.redact(TOKENS[-1]) == TOKENS[-1]


def test_what_is_held_is_learned_once() -> None:
    """A text that was not met before costs about what it costs without anything held."""
    plain, holding = Cleaner(Redactor()), Cleaner(Redactor())
    for token in TOKENS:
        holding.hold(token)
    text = "a message of the host"
    assert calls(lambda: holding.redact(text)) < 20 * calls(lambda: plain.redact(text))
