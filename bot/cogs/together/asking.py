"""What a command asked for a group, where it was asked and by whom."""

from __future__ import annotations

from bot.client import Interaction
from bot.cogs.together.ask import Ask
from bot.ui.look import look_of
from bot.ui.member import allows_adult
from bot.ui.participation import take_part
from hakken.aggregations import Aggregation
from hakken.group import Novelty


async def asked(
    interaction: Interaction,
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
        adult=await allows_adult(interaction),
        titles=(await look_of(interaction)).titles,
    )
