"""Carrying decisions out: claim, look again, send once, record. What can write is in here only."""
