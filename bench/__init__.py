"""Benchmarks: `make bench`. They measure whole processes, interleaved, and write to a temporary
folder only."""
