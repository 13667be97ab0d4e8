"""Secrets: looked up by reference at the last moment."""
