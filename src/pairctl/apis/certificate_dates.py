"""From when until when a certificate is valid: the one thing that is read of a pinned one. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

_VERSION, _UTC_TIME = 0xA0, 0x17
_LONG, _VALIDITY = 0x80, 3


def out_of_date(certificate: bytes, now: datetime) -> str:
    """Say why a certificate (DER) is not valid at `now` (aware); empty where it is.

    One that cannot be read is not valid.
    """
    try:
        begins, ends = _validity(certificate)
    except (ValueError, IndexError):
        return "the dates of the certificate cannot be read"
    if now < begins:
        return "certificate is not yet valid"
    return "certificate has expired" if now > ends else ""


def _validity(certificate: bytes) -> tuple[datetime, datetime]:
    """Return the validity's two instants (RFC 5280, 4.1.2.5). Raises ValueError or IndexError."""
    signed = _elements(_elements(certificate)[0][1])[0][1]
    fields = [content for tag, content in _elements(signed) if tag != _VERSION]
    begins, ends = (_instant(tag, content) for tag, content in _elements(fields[_VALIDITY]))
    return begins, ends


def _elements(der: bytes) -> list[tuple[int, bytes]]:
    return list(_split(der))


def _split(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of elements that stand one after the other (X.690, 8.1)."""
    while der:
        size, head = der[1], 2
        if size & _LONG:
            head += size & ~_LONG
            size = int.from_bytes(der[2:head], "big")
        if head + size > len(der):
            raise ValueError("cut off")
        yield der[0], der[head : head + size]
        der = der[head + size :]


def _instant(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == _UTC_TIME:  # two digits of the year: those from 50 on are of the last century
        text = ("19" if text >= "50" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
