"""The filters of `/recommend`: those given now, those remembered, and what to say where nothing fits."""

from __future__ import annotations

from typing import Any

from bot.errors import MemberError
from bot.ui.filters import in_words, narrowing
from hakken.catalogue.anime import ADULT_GENRES
from hakken.recommend.filters import Filters


def combined(remembered: Filters | None, *, adult: bool, **given: Any) -> Filters:  # noqa: ANN401  # as options
    """What is wished now: what is given, and what is remembered where nothing is given.

    Args:
        remembered: from an earlier time, if anything.
        adult: whether 18+ may be shown here; never remembered.
        **given: fields of `Filters`; None where the member said nothing.

    Raises:
        MemberError: the years are the wrong way round.
    """
    told = {name: wish for name, wish in given.items() if wish is not None}
    wished = {**(remembered.model_dump() if remembered else {}), **told, "adult": adult}
    first, last = wished.get("from_year"), wished.get("to_year")
    if first and last and first > last:
        raise MemberError(
            f"No anime is from {first} on and from {last} at the latest. Change `from_year` or `to_year`; "
            "`/preferences` shows what is remembered."
        )
    return Filters.model_validate(wished)


def still_remembered(remembered: Filters | None, **given: object) -> str:
    """In words, the remembered filters that nothing given now takes the place of; empty without any."""
    if remembered is None:
        return ""
    kept = remembered.model_dump(exclude_defaults=True)
    return in_words(Filters(**{name: wish for name, wish in kept.items() if given.get(name) is None}))


def not_to_be_remembered() -> MemberError:
    """Says why filters are not kept, and what to do about it."""
    return MemberError(
        "You chose that I remember no filters. `/privacy` changes that; without `remember` I answer at once."
    )


def nothing_fits(filters: Filters) -> MemberError:
    """Which filters to loosen, when they leave nothing to show."""
    if not filters.adult and not ADULT_GENRES.isdisjoint(filters.genres):
        return MemberError(
            "18+ anime are shown only in age-restricted channels. Ask me there, or change `genre`."
        )
    options = [f"`{option}`" for option in narrowing(filters)]
    if not options:
        return MemberError("I know no anime that you have not rated, seen, planned or turned down.")
    return MemberError(
        f"I know nothing new to you that is **{in_words(filters)}**. "
        f"Loosen {' or '.join(options)}; `/preferences` shows what is remembered."
    )
