"""Entry point of ``python -m hakken``."""

from hakken.cli import main

main()
