"""Looking and deciding for a whole fleet: duplicates, caps, unrecognized requests. No writing."""
