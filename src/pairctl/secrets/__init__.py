"""Secrets: where they come from, where they may go, and how they are kept out of all texts.

Opens no socket; never writes a value anywhere.
"""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.secrets.addresses import Address
    from pairctl.secrets.destinations import (
        Destinations,
        EndpointNotAllowed,
        NotAllowed,
        SecretNotAllowed,
        misled_to_this_machine,
    )
    from pairctl.secrets.forms import LEAST
    from pairctl.secrets.hosts import HostPattern, Target, host_pattern, target
    from pairctl.secrets.kept import KeptSecrets
    from pairctl.secrets.reading import visible
    from pairctl.secrets.redactor import Redactor
    from pairctl.secrets.secret import Credentials, Secret
    from pairctl.secrets.store import SecretFailure, SecretMissing, SecretStore, SecretUnusable
else:
    __getattr__ = on_demand(
        __name__,
        {
            "addresses": "Address",
            "destinations": (
                "Destinations EndpointNotAllowed NotAllowed SecretNotAllowed misled_to_this_machine"
            ),
            "forms": "LEAST",
            "hosts": "HostPattern Target host_pattern target",
            "kept": "KeptSecrets",
            "reading": "visible",
            "redactor": "Redactor",
            "secret": "Credentials Secret",
            "store": "SecretFailure SecretMissing SecretStore SecretUnusable",
        },
    )

__all__ = [
    "LEAST",
    "Address",
    "Credentials",
    "Destinations",
    "EndpointNotAllowed",
    "HostPattern",
    "KeptSecrets",
    "NotAllowed",
    "Redactor",
    "Secret",
    "SecretFailure",
    "SecretMissing",
    "SecretNotAllowed",
    "SecretStore",
    "SecretUnusable",
    "Target",
    "host_pattern",
    "misled_to_this_machine",
    "target",
    "visible",
]
