"""Places in what people write: addresses of Norway and Sweden, names after a preposition, numbers of objects."""
