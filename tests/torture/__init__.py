"""Real runs, killed and stopped by the thousand. `make torture`; not collected by pytest."""
