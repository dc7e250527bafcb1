"""A repository of a whole fleet: one Palette, one match, and a file for each intent."""

import hashlib
from pathlib import Path

SHARED = """\
apiVersion: pairctl/v1alpha1
kind: Palette
metadata: {name: production}
spec:
  endpoint: https://palette.example.com
  project: edge-retail
  apiKey: {secret: palette-production}
---
apiVersion: pairctl/v1alpha1
kind: ProfileMatch
metadata: {name: retail-1-31}
spec:
  palette: production
  profiles:
    - {name: retail-infra, version: 3.2.0}
    - {name: retail-observability}
"""

INTENT = """\
apiVersion: pairctl/v1alpha1
kind: PairingIntent
metadata: {{name: store-{number:06}, labels: {{region: emea}}}}
spec:
  desired: Paired
  palette: production
  localUI:
    endpoint: https://10.{high}.{middle}.{low}:5080
    credentials: {{secret: store-local-ui}}
    tls: {{fingerprint: "sha256:{fingerprint}"}}
  registrationToken: {{fromPalette: edge-retail}}
  profileMatch: retail-1-31
  cluster: {{name: store-{number:06}, description: "Store {number}", tags: {{owner: retail}}}}
  acknowledge: {{centralManagementOnly: store-{number:06}}}
"""


def write_fleet(root: Path, size: int) -> None:
    """Write the documents of a fleet below `root`, a hundred intents in a folder."""
    root.mkdir(parents=True)
    (root / "shared.yaml").write_text(SHARED)
    for number in range(size):
        path = intent_path(root, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(intent(number))


def intent_path(root: Path, number: int) -> Path:
    """Return where the intent of this number lies."""
    return root / "intents" / f"{number // 100:04}" / f"store-{number:06}.yaml"


def intent(number: int) -> str:
    """Return the text of an intent."""
    high, rest = divmod(number, 1 << 16)
    return INTENT.format(
        number=number,
        high=high,
        middle=rest >> 8,
        low=rest & 255,
        fingerprint=hashlib.sha256(str(number).encode()).hexdigest(),
    )
