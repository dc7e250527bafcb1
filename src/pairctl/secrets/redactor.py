"""Keeps secrets out of texts: every value that was learned is replaced, however it is written.

It works on values, one by one, before they become part of a document: no quoting of YAML, JSON or
Markdown comes between a secret and its recognition, and no key or structure is ever replaced.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from pairctl.secrets.forms import SHORTEST, forms
from pairctl.secrets.reading import read, spellings
from pairctl.text import MASK, beginning, one_line, printable, without_credentials

MOST_SECRETS = 20_000
"""How many values of the operator are known at a time; the oldest are forgotten first."""

MOST_TOKENS = 5_000
LONGEST_TOKEN = 4_096
MOST_LISTS = 64
"""How much of a Palette's list of tokens is learned, and how many lists are known at a time."""

MOST_READ = 64 * 1024
"""How long a text is read that is to be one line; a longer one is told by its length only."""

MOST_FREE = 32_768
"""How many texts without a secret are remembered: most are met in every pass."""

LONGEST_FREE = 512

Span = tuple[int, int]


class Redactor:
    """Replaces learned secrets in texts by `[redacted]`.

    What it knows comes from the operator, and from Palette's lists of tokens; never from a host.
    Its cost does not grow with the number of secrets: a text is looked up by its beginnings.
    `most_free` is how many texts without a secret it remembers.
    """

    def __init__(self, most_free: int = MOST_FREE) -> None:
        self._most_free = most_free
        self._own: dict[str, None] = {}
        self._lists: dict[str, frozenset[str]] = {}
        self._uses: Counter[str] = Counter()
        self._lengths: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._free: set[str] = set()
        self._same: set[str] = set()

    def __repr__(self) -> str:
        return f"Redactor({self.count} secrets)"

    @property
    def count(self) -> int:
        """How many values are known."""
        return len(self._own) + sum(map(len, self._lists.values()))

    @property
    def state(self) -> object:
        """Another object as soon as it knows something else: until then texts come to the same."""
        return self._same

    def learn(self, value: str) -> bool:
        """Remember a secret of the operator.

        False where it is too short to be replaced without harm: below 4 signs that can be seen.
        """
        if value in self._own:
            self._own[value] = self._own.pop(value)  # it is the newest again
            return True
        found = forms(value)
        if not found:
            return False
        self._add(found)
        self._own[value] = None
        if len(self._own) > MOST_SECRETS:
            oldest = next(iter(self._own))
            del self._own[oldest]
            self._drop(forms(oldest))
        return True

    def learn_tokens(self, place: str, values: Iterable[str]) -> None:
        """Remember what a Palette lists as its tokens now, in place of what it listed before.

        At most 5,000 of them, and none beyond 4,096 characters.
        """
        fitting = (value for value in values if len(value) <= LONGEST_TOKEN)
        listed = frozenset(list(dict.fromkeys(fitting))[:MOST_TOKENS])
        before = self._lists.pop(place, frozenset())
        for value in listed - before:
            self._add(forms(value))
        for value in before - listed:
            self._drop(forms(value))
        if listed:
            self._lists[place] = listed
        if len(self._lists) > MOST_LISTS:
            self.learn_tokens(next(iter(self._lists)), ())

    def redact(self, text: str) -> str:
        """Return the text without secrets, and without what cannot be seen.

        Line feeds and tabs stay.
        """
        if text in self._same:
            return text
        found = printable(self.mask(text))
        if found == text:
            self._remember(self._same, text)
        return found

    def mask(self, text: str) -> str:
        """Return the text without secrets: those that were learned, and those of a known shape."""
        pieces, end = [], 0
        for start, stop in self._spans(text):
            pieces += [text[end:start], MASK]
            end = stop
        return without_credentials("".join([*pieces, text[end:]]))

    def printable(self, text: str, limit: int = 500) -> str:
        """Return the text redacted, on one line, and cut to `limit` characters."""
        if len(text) > MOST_READ:
            return f"(a text of {len(text)} characters)"
        return beginning(one_line(self.redact(text)), limit)

    def _add(self, found: Iterable[str]) -> None:
        self._free.clear()
        self._same = set()
        for form in found:
            self._uses[form] += 1
            if self._uses[form] == 1:
                self._lengths[form[:SHORTEST]][len(form)] += 1

    def _drop(self, found: Iterable[str]) -> None:
        self._same = set()
        for form in found:
            self._uses[form] -= 1
            if not self._uses[form]:
                del self._uses[form]
                head, length = form[:SHORTEST], len(form)
                self._lengths[head][length] -= 1
                if not self._lengths[head][length]:
                    del self._lengths[head][length]
                if not self._lengths[head]:
                    del self._lengths[head]

    def _remember(self, texts: set[str], text: str) -> None:
        if len(text) > LONGEST_FREE:
            return
        if len(texts) >= self._most_free:
            texts.clear()
        texts.add(text)

    def _spans(self, text: str) -> list[Span]:
        """Return where secrets stand, in order; overlapping ones as one."""
        if not self._uses or text in self._free:
            return []
        found: list[Span] = []
        for spelling in spellings(text):
            if hits := self._hits(spelling.text):
                reading = read(text, spelling.steps)
                found += [reading.span(*hit) for hit in hits]
        if not found:
            self._remember(self._free, text)
        # Spans that overlap or touch become one: no tail is left over.
        merged: list[Span] = []
        for start, stop in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
            else:
                merged.append((start, stop))
        return merged

    def _hits(self, text: str) -> list[Span]:
        """Return where forms stand in a reading; from each place the longest."""
        heads, size = self._lengths, SHORTEST
        places = [at for at in range(len(text) - size + 1) if text[at : at + size] in heads]
        return [(at, end) for at in places if (end := self._end_of_form(text, at)) > at]

    def _end_of_form(self, text: str, at: int) -> int:
        """Return where the longest form that begins here ends; `at` itself where none does."""
        lengths = sorted(self._lengths[text[at : at + SHORTEST]], reverse=True)
        return next((at + n for n in lengths if text[at : at + n] in self._uses), at)
