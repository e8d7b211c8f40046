"""A group's request: kept with its picks, so that they can be refreshed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from bot.client import Interaction
from bot.store import Titles
from bot.ui.context import Context
from bot.ui.participation import take_part
from hakken.groups import Novelty
from hakken.groups.aggregations import Aggregation

MOST_PICKS = 10
"""Discord's limit for answers of a poll and embeds of a message."""


class Ask(BaseModel):
    """A request and its place. Requests kept by older versions are read with today's defaults."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    count: int = Field(default=5, ge=1, le=MOST_PICKS)
    aggregation: Aggregation | None = None
    """None: the server's setting."""
    novelty: Novelty = "new to all"
    hours: float | None = Field(default=None, gt=0)
    """Time for a pick and the earlier parts that it needs; None: no limit."""
    one_cour: bool = False
    """No more than 13 episodes."""
    adult: bool = False
    """Whether 18+ may be shown in this channel; the server may forbid it everywhere."""
    titles: Titles = "both"
    """The asker's titles; the server's setting comes first."""


async def asked(
    interaction: Interaction,
    context: Context,
    *,
    count: int,
    novelty: Novelty,
    aggregation: Aggregation | None,
    hours: float | None,
    one_cour: bool,
) -> Ask:
    """Make an `Ask` from the options, the channel and the asker's settings.

    The asker becomes a participant: their ratings count for the group.
    """
    await take_part(interaction)
    return Ask(
        count=count,
        aggregation=aggregation,
        novelty=novelty,
        hours=hours,
        one_cour=one_cour,
        adult=context.adult,
        titles=context.display.titles,
    )
