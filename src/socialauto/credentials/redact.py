"""The redactor, where whoever handles credentials looks for it."""

from socialauto.core.redact import Redactor

__all__ = ["Redactor"]
