"""Protections taken away one by one: a suite that does not notice protects nothing."""
