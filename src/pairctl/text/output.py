"""What another program wrote to a terminal, as one line of a message."""

import re

from pairctl.text.mask import without_credentials
from pairctl.text.printable import escaped, without_codes
from pairctl.text.truncate import both_ends

MOST_OUTPUT = 600

_LINES = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def output_words(text: str, most: int = MOST_OUTPUT) -> str:
    """Return what a program wrote: its lines joined by `; `, without credentials.

    Of more than `most` characters both ends are kept: a hook's last line is often what helps.
    """
    plain = without_credentials(without_codes(text))
    lines = (escaped(line.strip()) for line in _LINES.split(plain))
    return both_ends("; ".join(line for line in lines if line), most)
