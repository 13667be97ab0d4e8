"""socialauto: publish to social platforms from files in git."""

__version__ = "0.1.0"
