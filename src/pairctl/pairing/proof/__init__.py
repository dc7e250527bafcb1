"""Proving that a selection of profiles has exactly the layers of a cluster."""
