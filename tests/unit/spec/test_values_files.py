"""Files that documents name as values of packs."""

from pairctl.spec import SourceFile, load

MATCH = """\
apiVersion: pairctl/v1alpha1
kind: ProfileMatch
metadata: {name: retail}
spec:
  palette: production
  profiles: [{name: retail-full}]
  values: [{pack: grafana, file: values/grafana.yaml}]
"""
PALETTE = """\
apiVersion: pairctl/v1alpha1
kind: Palette
metadata: {name: production}
spec: {endpoint: "https://api.spectrocloud.com", apiKey: {secret: key}}
"""


def findings_beside(**files: str) -> list[str]:
    """Load the match and its Palette with other files; give what is wrong."""
    texts = {"match.yaml": MATCH, "palette.yaml": PALETTE, **files}
    declared = load([SourceFile(path, text.encode()) for path, text in texts.items()])
    return [str(finding.code) for finding in declared.findings]


def test_a_file_of_values_is_no_document() -> None:
    """It is YAML of somebody else's kind; what nobody names stays a finding, if it is ours."""
    text = "apiVersion: pairctl/v1alpha1\nreplicas: 2\n"
    assert findings_beside(**{"values/grafana.yaml": text}) == []
    assert findings_beside(**{"values/other.yaml": text}) == ["MissingKind"]
