"""What is wanted: the documents of a commit, what changed between two, and what is not merged."""
