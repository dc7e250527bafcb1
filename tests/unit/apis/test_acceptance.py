"""The body of an acceptance."""

from pairctl.apis import Acceptance, ProfileChoice
from pairctl.secrets import Secret


def test_values_of_variables_and_packs_go_to_their_profile() -> None:
    """Each profile has its own; what is not given is not sent."""
    choices = (
        ProfileChoice("p-1", {"b": Secret("hidden"), "a": "1"}, {"grafana": "replicas: 2\n"}),
        ProfileChoice("p-2"),
    )
    sent = Acceptance("u1", choices, "store", "a shop", {"region": "emea"}).payload()
    assert sent["spec"]["profiles"] == [
        {
            "uid": "p-1",
            "variables": [{"name": "a", "value": "1"}, {"name": "b", "value": "hidden"}],
            "packValues": [{"name": "grafana", "values": "replicas: 2\n"}],
        },
        {"uid": "p-2", "variables": []},
    ]
    assert sent["metadata"] == {
        "name": "store",
        "labels": {"region": "emea"},
        "annotations": {"description": "a shop"},
    }
