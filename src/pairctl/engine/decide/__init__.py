"""Deciding for a whole fleet on what was observed: duplicates, caps, unrecognized requests. Pure."""
