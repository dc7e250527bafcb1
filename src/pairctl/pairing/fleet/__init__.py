"""What is decided about several pairings at once."""
