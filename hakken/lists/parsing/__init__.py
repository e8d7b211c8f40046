"""Parses uploaded list files with the standard library alone.

This package is independent, so that a separate process starts quickly, uses little memory and holds no
secret: ``python -m parsing`` in the folder above. Nothing here may import anything else of Hakken.
"""
