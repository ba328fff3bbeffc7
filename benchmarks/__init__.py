"""Measurements, each against something that is measured beside it in the same run. Not part of the product."""
