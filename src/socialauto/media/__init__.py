"""Media: what a file is, and how a platform can fetch it."""
