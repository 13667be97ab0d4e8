"""Histories of misfortune on virtual time, and an oracle outside the code under test."""
