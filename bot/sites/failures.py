"""Reasons why a list could not be fetched from a site, each with its own sentence for the member."""

from __future__ import annotations

from datetime import timedelta

from bot.limits import spoken
from bot.lists import MAX_ENTRIES, ListError


class SiteError(ListError):
    """A list could not be fetched, and retrying at once would not help."""


class PassingError(SiteError):
    """A list could not be fetched, but the next attempt may succeed."""


class AskedTooOftenError(PassingError):
    """A site got too many requests and wants a pause."""

    def __init__(self, site: str, retry_after: float) -> None:
        wait = spoken(timedelta(seconds=max(1, retry_after)))
        super().__init__(f"{site} wants a rest from me. Please try again in {wait}.")
        self.retry_after = retry_after
        """Seconds to wait, as the site said."""


def bad_name(site: str, longest: int) -> SiteError:
    """The name is not valid on the site."""
    return SiteError(
        f"That is no name on {site}: those are 2 to {longest} letters, digits, `-` or `_`. "
        "Please give only the name, without a link."
    )


def unknown_name(site: str, name: str) -> SiteError:
    """No user of the site has this name."""
    return SiteError(f"{site} knows nobody called `{name}`. Please check the spelling.")


def private_list(site: str, name: str) -> SiteError:
    """The list is private, or visible to friends only."""
    return SiteError(
        f"The list of `{name}` on {site} is private. Please make it public while I read it, "
        "or export it there and import the file."
    )


def empty_list(site: str, name: str) -> SiteError:
    """The list exists but is empty."""
    return SiteError(f"The list of `{name}` on {site} is empty: there is no anime on it.")


def crowded(site: str) -> SiteError:
    """All slots for reading lists from this site stayed busy."""
    return SiteError(f"I am busy reading other lists from {site}. Please try again in a minute.")


def out_of_order(site: str, status: int) -> PassingError:
    """The site reports an error of its own."""
    return PassingError(f"{site} is out of order at the moment (HTTP {status}). Please try again later.")


def too_slow(site: str) -> PassingError:
    """The site did not answer in time."""
    return PassingError(f"{site} takes too long to answer. Please try again later.")


def unreachable(site: str) -> PassingError:
    """The site cannot be connected to."""
    return PassingError(f"I cannot reach {site} at the moment. Please try again later.")


def half_an_answer(site: str) -> PassingError:
    """The answer is incomplete, or a part of the list is missing."""
    return PassingError(f"{site}'s answer broke off, so nothing was imported. Please try again.")


def unknown_form(site: str) -> SiteError:
    """The answer is complete, but not in the format that the site documents."""
    return SiteError(
        f"{site} answers in a form that I do not know, so nothing was imported. "
        "Please tell the people who run me; a file exported there works all the same."
    )


def too_large(site: str) -> SiteError:
    """The list has more entries than may be read."""
    return SiteError(
        f"That list on {site} is too large for me: I read up to {MAX_ENTRIES:,} entries. "
        "Nothing was imported. You can export it there and send it in parts."
    )


def turned_away(site: str) -> SiteError:
    """Access is forbidden, without a reason or for everyone at the moment."""
    return SiteError(f"{site} turns me away at the moment. Please try again later.")


def refused(site: str, status: int) -> SiteError:
    """The site refused the request for any other reason."""
    return SiteError(f"{site} refuses my question (HTTP {status}). Please tell the people who run me.")


def no_client_id() -> SiteError:
    """The operator has not registered the bot with MyAnimeList."""
    return SiteError(
        "I cannot read lists from MyAnimeList: the people who run me have to set MAL_CLIENT_ID first. "
        "A file exported there works: <https://myanimelist.net/panel.php?go=export>"
    )


def invalid_client_id() -> SiteError:
    """MyAnimeList does not accept the bot's registration."""
    return SiteError(
        "MyAnimeList does not know me: the people who run me have to correct MAL_CLIENT_ID. "
        "A file exported there works: <https://myanimelist.net/panel.php?go=export>"
    )
