"""What the texts of one server are cleaned of, before anything of them is kept."""

from collections import deque

from pairctl.secrets import Redactor, Secret
from pairctl.secrets.redactor import LONGEST_TOKEN
from pairctl.text import beginning, one_line

MOST_HELD = 4
LONGEST_HELD = 4 * LONGEST_TOKEN
MOST_FREE = 64
"""How many texts of a server are remembered as free of its own: as many as a look shows."""


class Cleaner:
    """Cleans the texts of one server of all that the redactor knows, and of that server's own.

    Its own is what it handed out, or was handed, last: tokens of a login, a registration token.
    They are masked in its own answers and nowhere else: what others' texts show is not for a server
    to choose, and what is kept does not grow with what it makes up.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held: deque[Secret] = deque(maxlen=MOST_HELD)
        self._own = Redactor(MOST_FREE)

    @property
    def count(self) -> int:
        """How much is held of the server's own."""
        return len(self._held)

    def hold(self, value: str) -> None:
        """Mask a value in this server's texts from now on, in place of the oldest of four."""
        secret = Secret(value)
        if 0 < len(value) <= LONGEST_HELD and secret not in self._held:
            self._held.append(secret)
            self._own = Redactor(MOST_FREE)
            for one in self._held:
                self._own.learn(one.reveal())

    def redact(self, text: str) -> str:
        """Return a text without secrets and what cannot be seen."""
        if not text or not self._held:
            return self._redactor.redact(text)
        return self._own.redact(self._redactor.redact(text))

    def printable(self, text: str, limit: int = 500) -> str:
        """Return a text cleaned, on one line, and cut to `limit` characters."""
        if len(text) > LONGEST_HELD:
            return f"(a text of {len(text)} characters)"
        return beginning(one_line(self.redact(text)), limit)
