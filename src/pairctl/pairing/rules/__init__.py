"""The decision tables, a module for each desired state, and the gates that their rows share."""
