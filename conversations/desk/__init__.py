"""Desks: the model of one, its check, and the form in which a turn uses it."""
