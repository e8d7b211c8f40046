"""Benchmarks of this project and its peers."""
