"""From when until when a certificate is valid, as its DER says."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from pairctl.apis.certificate_dates import out_of_date

CA = trustme.CA()
SECOND = timedelta(seconds=1)


def der(begins: datetime, ends: datetime) -> bytes:
    """Return a certificate that is valid from then until then."""
    issued = CA.issue_cert("a.example", not_before=begins, not_after=ends)
    return ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())


WHOLE = der(datetime(2000, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)),
        (datetime(1950, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)),
        (datetime(2051, 2, 3, 4, 5, 6, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_certificate_is_valid_from_its_first_second_to_its_last(
    begins: datetime, ends: datetime
) -> None:
    """Both are part of it, in either of the two forms that instants have (RFC 5280, 4.1.2.5)."""
    certificate = der(begins, ends)
    assert [out_of_date(certificate, at) for at in (begins, ends)] == ["", ""]
    assert out_of_date(certificate, begins - SECOND) == "certificate is not yet valid"
    assert out_of_date(certificate, ends + SECOND) == "certificate has expired"


@given(st.binary(max_size=300) | st.integers(0, 150).map(lambda size: WHOLE[:size]))
def test_what_cannot_be_read_is_not_valid(odd: bytes) -> None:
    """Neither made-up bytes nor a certificate that is cut off is taken for one."""
    assert out_of_date(odd, datetime(2027, 1, 1, tzinfo=UTC))
