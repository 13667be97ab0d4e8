"""Turns findings, plans and results into text, JSON, Markdown and annotations."""
