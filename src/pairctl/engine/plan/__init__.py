"""The plan: what would be done now, as a document, a file, and the limit of what a run may do."""
