"""What people do at hosts beside the program under test, each of it in a single moment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pairctl.sim.host import Host, PairTarget
from pairctl.sim.palette import Palette, sent_application


class People:
    """Sends and cancels pairing requests by hand, of the hosts that are named.

    Nothing is awaited, so that a listener of the journal can do it between two steps of a server:
    what arrives after is told by what is there then. Refusals are RefusalError. `token` is a
    registration token's value, by default the first one's of the simulation.
    """

    def __init__(self, palette: Palette, hosts: Mapping[str, Host], endpoint: str) -> None:
        self._palette = palette
        self._hosts = hosts
        self._endpoint = endpoint

    def send_request(self, host: str, *, token: str = "") -> str:
        """Send a request as Local UI does for a click; the host holds it; gives its pairing id."""
        target = PairTarget(self._endpoint, token or self._first_token())
        payload = self._hosts[host].payload(target)
        received = self._palette.receive(sent_application(payload))
        self._hosts[host].hold(received.uid, target)
        return received.uid

    def send_foreign_request(self, host: str, *, token: str = "", **changes: Any) -> str:
        """Send a request for a host's cluster that the host knows nothing of; gives its pairing id.

        `changes` are fields of the `Application` that are not what the host would send.
        """
        application = sent_application(self._hosts[host].true_payload(token or self._first_token()))
        return self._palette.receive(replace(application, **changes)).uid

    def cancel_request(self, host: str) -> None:
        """Withdraw the host's pending request; Palette is told where the host reaches it."""
        pairing = self._hosts[host].pending_request()
        is_known = self._hosts[host].is_heard
        if is_known:
            self._palette.withdraw(pairing.uid)
        self._hosts[host].forget(pairing, is_known=is_known)

    def _first_token(self) -> str:
        return self._palette.tokens.all[0].value
