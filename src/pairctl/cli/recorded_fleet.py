"""Reading what is on record of a fleet, for the commands that write it out."""

from pairctl.cli.options import Place
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.engine import FleetRecord, Stop, read_fleet_record
from pairctl.spec import IntentSelection, OperatorSpec


def recorded_fleet(place: Place, selection: IntentSelection, screen: Screen) -> FleetRecord:
    """Return what is on record of the selected intents; nobody but Git is asked.

    Raises PairctlError as `read_fleet_record` does.
    """

    async def read(stop: Stop) -> FleetRecord:
        async with open_settings(
            place, OperatorSpec(), screen, stop, selection=selection, may_be_old=True
        ) as settings:
            return await read_fleet_record(settings)

    return run(read)
