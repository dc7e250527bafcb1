"""From rules to a decision: its phase, its conditions, and the status that is written of it."""
