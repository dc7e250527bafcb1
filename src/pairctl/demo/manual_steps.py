"""What people do to the simulated servers, in Palette's console and at edge hosts."""

from functools import partial

from pairctl.demo.sandbox import Sandbox, example_folder
from pairctl.demo.walkthrough import Act
from pairctl.problem import PairctlError, Problem
from pairctl.sim import ProfileBody, Simulation, ThreadedSimulation, load_scenario


def accept(intent: str, *profiles: str) -> Act:
    """Accept the request of an intent in the console, with profiles by their names."""

    def act(running: ThreadedSimulation, work: Sandbox) -> None:
        uid = _request_of(intent, work)
        running.call(lambda sim: sim.palette.accept_in_console(uid, *profiles))

    return act


def reject_and_reinstall(refused: str, installed: str) -> Act:
    """Reject the request of one intent in the console, and install another host anew."""

    def act(running: ThreadedSimulation, work: Sandbox) -> None:
        uid = _request_of(refused, work)
        running.call(lambda sim: sim.palette.reject(uid))
        running.call(lambda sim: sim.hosts[installed].reinstall())

    return act


def list_addresses(example: str, file: str) -> Act:
    """Write the names and addresses of an example's hosts as a CSV file beside the clone."""

    def act(running: ThreadedSimulation, work: Sandbox) -> None:
        hosts = load_scenario(example_folder(example) / "simulation.yaml").hosts()
        found = running.simulation.addresses
        lines = [f"{host.name},{found[host.endpoint].endpoint}" for host in hosts]
        (work.folder / file).write_text("\n".join(["store,address", *lines, ""]))

    return act


def publish(file: str, project: str) -> Act:
    """Publish a profile from a file that `explain --repair` wrote beside the clone."""

    def act(running: ThreadedSimulation, work: Sandbox) -> None:
        body = ProfileBody.model_validate_json((work.folder / file).read_bytes())
        running.call(lambda sim: sim.palette.publish_body(body, project=project))

    return act


def switch_on(*hosts: str) -> Act:
    """Give edge hosts their power again."""

    def act(running: ThreadedSimulation, _: Sandbox) -> None:
        for host in hosts:
            running.wait(partial(Simulation.on, name=host))

    return act


def _request_of(intent: str, work: Sandbox) -> str:
    status = work.statuses().get(intent)
    if status is None or not status.pairing_uid:
        raise PairctlError(Problem("DemoFailed", f"{intent} has no pairing request"))
    return status.pairing_uid
