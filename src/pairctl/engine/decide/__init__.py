"""Deciding for a whole fleet on what was seen: duplicates, caps, unrecognized requests. Pure."""
