"""What to watch before one anime and after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from hakken import Anime, Catalogue
from hakken.watch_order import WatchOrder


class Around:
    """Knows what to watch before each anime, and directly after it."""

    def __init__(self, catalogue: Catalogue, order: WatchOrder) -> None:
        """Sort the anime into their franchises.

        Args:
            catalogue: the anime.
            order: of the same catalogue.
        """
        groups = defaultdict[int, list[Anime]](list)
        for anime in catalogue.values():
            groups[order.franchise(anime.anime_id)].append(anime)
        self._groups: Mapping[int, Sequence[Anime]] = groups
        self._order = order

    def before(self, anime_id: int) -> list[int]:
        """All that must be seen before an anime, in the order to watch it."""
        # The order gives the first that is still missing: whoever has seen each so far is given the next.
        seen = list[int]()
        while (one := self._order.entry(anime_id, seen)) is not None and one != anime_id:
            seen.append(one)
        return seen

    def after(self, anime_id: int) -> list[int]:
        """All that come directly after an anime, the most widely known first."""
        group = self._groups.get(self._order.franchise(anime_id), ())
        following = [one for one in group if self.before(one.anime_id)[-1:] == [anime_id]]
        return [one.anime_id for one in sorted(following, key=lambda one: (-one.members, one.anime_id))]
