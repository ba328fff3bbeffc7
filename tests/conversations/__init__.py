"""Tests of the core: text, values and time go in; nothing is real but the rules."""
