"""Every road as the demo shows it: examples, the steps of people and of pairctl, and the ends."""
