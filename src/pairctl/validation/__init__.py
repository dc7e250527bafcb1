"""Proving documents before they are merged: read, judged and held against what was last seen."""
