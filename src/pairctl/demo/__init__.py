"""Walkthroughs on simulated servers: examples, the steps of people and of pairctl, and the ends."""
