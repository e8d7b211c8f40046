"""Runs the real bot in a local browser with a simulated Discord: no token, no network."""
