"""Texts: what a segment is, and one package per provider."""
