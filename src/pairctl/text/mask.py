"""Secrets that their place or shape gives away: users of URLs, named values of queries, JWTs.

For text of other programs and of servers, which nobody could learn beforehand. Every pattern looks
at each character a bounded number of times, whatever the text.
"""

import re
from urllib.parse import unquote

MASK = "[redacted]"
USER_MASK = "***"
HIDDEN = "(hidden)"

_MASKS = frozenset({MASK, HIDDEN})
_WORD = re.compile(r"\S+")
_VALUE = re.compile(r"([?&;#])([^\s=&;#?]{1,128})=([^\s&;#]+)")
_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|credential|key|auth(?!ors?\b)|signature|\bsig\b|session|jwt|assertion",
    re.IGNORECASE,
)
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{5,}+\.[\w-]{5,}+(?:\.[\w-]*+)?")


def without_credentials(text: str) -> str:
    """Return the text without users and passwords of URLs, secret values of queries, and JWTs.

    A password may hold `@` and `/`: all up to the last `@` of a URL is taken for its user.
    """
    text = without_users(text)
    if "=" in text:
        text = _VALUE.sub(_masked_value, text)
    return _JWT.sub(MASK, text) if "eyJ" in text else text


def without_users(text: str, mask: str = USER_MASK) -> str:
    """Return the text without users and passwords of URLs."""
    if "//" not in text or "@" not in text:
        return text
    return _WORD.sub(lambda found: _without_user(found.group(), mask), text)


def _without_user(address: str, mask: str) -> str:
    scheme, slashes, rest = address.partition("//")
    user, at, place = rest.rpartition("@")
    if not slashes or user in _MASKS or not user.strip("*"):
        return address
    return f"{scheme}{slashes}{mask}{at}{place}"


def _masked_value(found: re.Match[str]) -> str:
    mark, name, _ = found.groups()
    if _SECRET_NAME.search(unquote(name)) is None:
        return found.group()
    return f"{mark}{name}={MASK}"
