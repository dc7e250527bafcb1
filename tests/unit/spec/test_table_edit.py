"""A column filled in: the cells that are meant, and no other byte."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.spec import SourceFile, as_endpoint, as_fingerprint, as_name, csv_line, with_column

CELLS = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1).filter(
    lambda text: text == text.strip()
)


def edited(text: str, texts: dict[int, str], column: str = "pin") -> str:
    """Fill a column of a file of this text in."""
    return with_column(SourceFile("a.csv", text.encode()), column, texts).decode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_new_column_is_the_last_one(mark: str, end: str) -> None:
    """Marks, line ends, quotes and empty lines stay; a row without a text has an empty cell."""
    lines = [f"{mark}store,city", 's-1,"Porto, ""N"""', "", "s-2,Braga", ""]
    expected = [f"{mark}store,city,pin", 's-1,"Porto, ""N""",x', "", "s-2,Braga,", ""]
    assert edited(end.join(lines), {2: "x"}) == end.join(expected)


def test_a_cell_is_replaced_where_it_stands() -> None:
    """Cells around it, and rows that are not named, stay as they are written."""
    text = 'store,pin,city\ns-1,,"Porto"\ns-2,"old",Braga\ns-3,keep,\n'
    expected = 'store,pin,city\ns-1,new,"Porto"\ns-2,"a,b",Braga\ns-3,keep,\n'
    assert edited(text, {2: "new", 3: "a,b"}) == expected


@given(st.lists(CELLS, min_size=1))
def test_a_written_line_is_read_back(cells: list[str]) -> None:
    """By any reader of CSV."""
    assert list(csv.reader(io.StringIO(csv_line(cells)))) == [cells]


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        ("10.0.42.10", "https://10.0.42.10:5080"),
        ("10.0.42.10:443", "https://10.0.42.10:443"),
        ("https://store-42.example", "https://store-42.example:5080"),
        ("[2001:db8::1]", "https://[2001:db8::1]:5080"),
        ("[2001:db8::1]:81", "https://[2001:db8::1]:81"),
    ],
)
def test_an_address_becomes_an_endpoint(address: str, endpoint: str) -> None:
    """With the port where it names none."""
    assert as_endpoint(address, 5080) == endpoint


@pytest.mark.parametrize(
    "address", ["", "http://10.0.0.1", "10.0.0.1/ui", "10.1", "a b", "user@host", "10.0.0.1:99999"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """Nothing is connected for it."""
    with pytest.raises(ValueError, match=r"address|port|full"):
        as_endpoint(address, 5080)


def test_near_names_and_fingerprints_are_suggested() -> None:
    """A file of addresses is made by hand, or by another program."""
    assert as_name("store-1") == "store-1"
    with pytest.raises(ValueError, match="write store-1"):
        as_name("Store_1")
    good = "sha256:" + "a" * 64
    assert as_fingerprint(good) == good
    with pytest.raises(ValueError, match=good):
        as_fingerprint("SHA256:" + "AA:" * 31 + "AA")
