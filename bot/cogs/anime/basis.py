"""Says what the answers about an anime rest on if nobody in the model has rated it."""

from __future__ import annotations

from hakken import Anime


def by_facts(anime: Anime) -> str:
    """Return the sentence for an anime without raters, which the model knows by its facts alone."""
    if anime.genres and anime.studios:
        return "I go by its genres and studio: nobody I know has rated it yet."
    if anime.genres:
        return "I go by its genres: nobody I know has rated it yet."
    return "I go by its series: nobody I know has rated it yet."
