"""Protocols of the `evaluate` command, a module for each."""
