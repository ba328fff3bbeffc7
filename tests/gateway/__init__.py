"""Tests of what composes the rest: doors, jobs, commands and the simulator."""
