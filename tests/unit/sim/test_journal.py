"""The journal tells its listeners before the servers go on."""

from datetime import UTC, datetime

from pairctl.sim import Effect, Entry, Journal, Received

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_listener_hears_every_entry_in_order() -> None:
    """What a listener hears is what the journal holds, entry by entry."""
    journal, heard = Journal(), list[Entry]()
    received = Received("palette", "GET", "/", NOW, ())
    effect = Effect("login", "store-1", NOW)
    journal.receive(received)
    journal.listen(heard.append)
    journal.apply(effect)
    journal.receive(received)
    assert heard == [effect, received]
    assert journal.received == (received, received)
