"""A static site that shows what is planned, what went out, and what waits for a person."""
