"""The real bot in a local browser: no token, no network, a simulated Discord."""
