"""A table of good and bad inputs for every kind of field."""
