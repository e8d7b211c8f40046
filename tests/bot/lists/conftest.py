"""The titles of the small catalogue, and a list in each of MyAnimeList's forms."""

from __future__ import annotations

from tests.hakken.lists.conftest import export, malappinfo, titles

__all__ = ["export", "malappinfo", "titles"]
