"""Carries a plan out: prepare, intent, publish, receipt."""
