"""Reading a simulation file: YAML in, a checked scenario or one clear error out."""

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pairctl.problem import ConfigurationError, Problem
from pairctl.sim.scenario import Scenario
from pairctl.sim.scenario_errors import model_findings, yaml_findings

MAX_FILE_BYTES = 1024 * 1024


def load_scenario(path: Path) -> Scenario:
    """Read the scenario in a file; raise ConfigurationError with everything that is wrong in it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(str(path), f"cannot be read: {error.strerror}") from error
    return parse_scenario(content, source=str(path))


def parse_scenario(content: bytes | str, *, source: str = "the simulation") -> Scenario:
    """Read the scenario in a text; `source` is what errors call it."""
    if len(content) > MAX_FILE_BYTES:
        raise _refusal(source, f"is larger than {MAX_FILE_BYTES} bytes")
    try:
        # The pure loader: a file of brackets ends in RecursionError there, not in a dead process.
        document = YAML(typ="safe", pure=True).load(content)
        return Scenario.model_validate(document)
    except (YAMLError, RecursionError, UnicodeDecodeError) as error:
        raise _refusal(source, f"is not valid YAML:\n  {yaml_findings(source, error)}") from error
    except ValidationError as error:
        findings = model_findings(source, content, error).replace("\n", "\n  ")
        raise _refusal(source, f"is not a simulation:\n  {findings}") from None


def _refusal(source: str, message: str) -> ConfigurationError:
    hint = "`pairctl explain Simulation.spec` has all fields; examples/quickstart has a whole one"
    return ConfigurationError(Problem("InvalidSimulation", f"{source} {message}", hint))
