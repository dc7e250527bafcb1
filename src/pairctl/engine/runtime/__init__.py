"""What a run is given from outside: settings, clocks, the wish to stop, and who hears of events."""
