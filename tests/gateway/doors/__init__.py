"""Tests of the doors: real servers on loopback, real databases behind them."""
