"""The pure core: no files, network, clock, environment or logging."""
