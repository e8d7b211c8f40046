"""The filters of `/recommend`: given and remembered ones, and the error if nothing fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import MemberError
from bot.ui.context import Context
from bot.ui.filters import in_words, narrowing
from hakken.catalogue.adult import ADULT_GENRES, ECCHI
from hakken.recommend.filters import Filters, with_ecchi_if_wanted


def combined(remembered: Filters | None, *, adult: bool, **given: Any) -> Filters:  # noqa: ANN401  # as options
    """Combine the given filters with remembered ones; given ones come first.

    Args:
        remembered: filters kept earlier, if any.
        adult: whether 18+ may be shown here; never remembered.
        **given: fields of `Filters`; None if the member left an option out.

    Raises:
        MemberError: the years are the wrong way round.
    """
    options = {name: value for name, value in given.items() if value is not None}
    values = {**(remembered.model_dump() if remembered else {}), **options, "adult": adult}
    first, last = values.get("from_year"), values.get("to_year")
    if first and last and first > last:
        raise MemberError(
            "`from_year` must be before `to_year`. `/preferences` shows your remembered filters."
        )
    return Filters.model_validate(values)


def with_ecchi_decided(filters: Filters, context: Context, ratings: Mapping[int, float]) -> Filters:
    """Allow ecchi to those who ask for it or have liked it, in servers that do not forbid it.

    Where others read the answer, the ratings are those of `as_others_read`: ecchi must not tell a 7 from a 6.
    """
    allowed = filters.model_copy(update={"ecchi": context.asker.settings.ecchi})
    return with_ecchi_if_wanted(allowed, ratings, context.display.catalogue)


def still_remembered(remembered: Filters | None, **given: object) -> str:
    """Describe the remembered filters that no given filter replaces; empty if there are none."""
    if remembered is None:
        return ""
    kept = remembered.model_dump(exclude_defaults=True)
    return in_words(Filters(**{name: value for name, value in kept.items() if given.get(name) is None}))


def not_to_be_remembered() -> MemberError:
    """Make the error that says why filters are not kept, and what to do."""
    return MemberError(
        "You don't let me remember filters. Change that in `/privacy`, or leave out `remember`."
    )


def nothing_fits(filters: Filters) -> MemberError:
    """Make the error that says which filters to remove when nothing fits."""
    if not filters.adult and not ADULT_GENRES.isdisjoint(filters.genres):
        return MemberError(
            "I show 18+ anime only in age-restricted channels. Ask me there, or change `genre`."
        )
    if not filters.ecchi and ECCHI in filters.genres:
        return MemberError("This server doesn't show ecchi anime. Ask me elsewhere, or change `genre`.")
    options = ", ".join(f"`{option}`" for option in narrowing(filters))
    if not options:
        return MemberError("You have rated, seen, planned or turned down every anime that I know.")
    return MemberError(
        f"Nothing new fits **{in_words(filters)}**. Try removing a filter: {options}. "
        "`/preferences` shows your remembered filters."
    )
