import pytest

from pairctl.problem import ConfigurationError
from pairctl.spec import SourceFile, load_operator
from spec_factory import document, file_of, palette, text_file

OPERATOR = document("Operator", "retail", {"secrets": {"a": {"hosts": ["*.example.com"]}}})


def refusal(file: SourceFile) -> str:
    """Return the text of the error that loading the operator's file ends in."""
    with pytest.raises(ConfigurationError) as caught:
        load_operator(file)
    return str(caught.value)


def test_the_operators_file_is_one_document() -> None:
    """It is typed, and what it leaves out has its default."""
    operator = load_operator(file_of(OPERATOR))
    assert operator.spec.secrets["a"].hosts == ["*.example.com"]
    assert operator.spec.timing.settle_seconds == 60
    assert operator.spec.routes.reject == "/v1/clusterpairs/{pairingUid}"


def test_all_findings_of_the_operators_file_are_told() -> None:
    """The error lists every mistake with its place."""
    broken = document("Operator", "Retail", {"colour": "green"})
    text = refusal(file_of(broken, path="operator.yaml"))
    assert text.count("operator.yaml:1:") == 2
    assert "colour" in text


@pytest.mark.parametrize(
    "file",
    [
        file_of(palette()),
        file_of(OPERATOR, OPERATOR),
        file_of(OPERATOR, palette()),
        text_file(""),
        text_file("["),
    ],
)
def test_anything_else_in_the_operators_file_stops_the_run(file: SourceFile) -> None:
    """Nothing is guessed from a file that is not what it should be."""
    assert "all.yaml" in refusal(file)


@pytest.mark.parametrize("pattern", ["10.0.0.0/99", "10.0.42.1/24", "host:0", "host:70000", "a/b"])
def test_a_host_pattern_that_means_nothing_is_refused(pattern: str) -> None:
    """A pattern with a mistake does not silently match less, or more."""
    broken = document("Operator", "retail", {"endpoints": [pattern]})
    assert "spec.endpoints[0]" in refusal(file_of(broken))


@pytest.mark.parametrize("seconds", ["0", "301", ".inf", ".nan", "'30'", "yes", "1_0", "[]", "~"])
def test_a_time_is_a_number_within_its_bounds(seconds: str) -> None:
    """Neither infinity nor "not a number" is a time."""
    head = "apiVersion: pairctl/v1alpha1\nkind: Operator\nmetadata: {name: retail}\n"
    broken = text_file(f"{head}spec:\n  timing: {{requestSeconds: {seconds}}}\n")
    assert "all.yaml:5:28" in refusal(broken)


@pytest.mark.parametrize("path", ["v1/x", "/v1/../x", "/v1/{uid}", "https://h/v1", "/v1//x", "/"])
def test_a_route_that_could_lead_elsewhere_is_refused(path: str) -> None:
    """Overridden paths keep one origin and known shapes."""
    broken = document("Operator", "retail", {"routes": {"reject": path}})
    assert "spec.routes.reject" in refusal(file_of(broken))
