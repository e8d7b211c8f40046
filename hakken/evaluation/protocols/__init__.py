"""What `evaluate` measures: a module for each protocol."""
