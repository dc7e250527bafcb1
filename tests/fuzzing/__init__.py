"""Hostile repositories, made up and kept: whatever their bytes, `validate` holds its laws."""
