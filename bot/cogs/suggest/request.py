"""What a group asks for: kept with its picks, so that they can be made anew."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from bot.client import Interaction
from bot.store import Titles
from bot.ui.context import Context
from bot.ui.participation import take_part
from hakken.groups import Novelty
from hakken.groups.aggregations import Aggregation

MOST_PICKS = 10
"""A poll has no more answers, a message no more embeds."""


class Ask(BaseModel):
    """What was asked, and where; what an older version kept is read with today's defaults."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    count: int = Field(default=5, ge=1, le=MOST_PICKS)
    aggregation: Aggregation | None = None
    """None: the server's."""
    novelty: Novelty = "new to all"
    hours: float | None = Field(default=None, gt=0)
    """Time for a pick together with the earlier parts that it needs; None: as long as it takes."""
    one_cour: bool = False
    """No more than 13 episodes."""
    adult: bool = False
    """Whether 18+ may be shown where it was asked; the server may say no to it anywhere."""
    titles: Titles = "both"
    """Of who asked; the server's come first."""


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
    """What is wished for, with what the place and the member who asks add; see `Ask`.

    Who asks becomes a participant: what they have rated counts for the group.
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
