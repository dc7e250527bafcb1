"""`--pin`: documents and inventories point at the servers that are really there."""

from pathlib import Path

from pairctl.demo.pinning import pin_documents
from pairctl.sim import Address

DECLARED = "https://127.0.0.1:5701"
ADDRESSES = {DECLARED: Address("https://127.0.0.1:40001", "sha256:" + "a" * 64)}


def test_rows_of_an_inventory_are_pinned(tmp_path: Path) -> None:
    """The cell that is a served endpoint, and the fingerprint of its row; all else stays."""
    table = tmp_path / "sites" / "emea.csv"
    table.parent.mkdir()
    table.write_text(
        "store,endpoint,fingerprint,city\n"
        f'store-1,{DECLARED},sha256:0,"Porto, North"\n'
        f"store-2,{DECLARED}0,sha256:0,{DECLARED} it is not\n"
    )
    assert pin_documents(tmp_path, ADDRESSES) == 1
    served = ADDRESSES[DECLARED]
    assert table.read_text() == (
        "store,endpoint,fingerprint,city\n"
        f'store-1,{served.endpoint},{served.fingerprint},"Porto, North"\n'
        f"store-2,{DECLARED}0,sha256:0,{DECLARED} it is not\n"
    )


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """Also where it is no text; nor is a table without a column for certificates given one."""
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "other.csv").write_text("a,b\r\n1,2\r\n")
    (tmp_path / "bare.csv").write_text(f"store,endpoint\nstore-1,{DECLARED}\n")
    assert pin_documents(tmp_path, ADDRESSES) == 1
    assert (tmp_path / "odd.csv").read_bytes() == b"\xff\xfe\x00"
    assert (tmp_path / "other.csv").read_bytes() == b"a,b\r\n1,2\r\n"
    assert (tmp_path / "bare.csv").read_text().count(",") == 2
