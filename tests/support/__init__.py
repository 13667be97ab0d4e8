"""Honest parts that several tests share."""
