"""Mirrors the folders of the gateway; real databases and processes, faked only what lies outside."""
