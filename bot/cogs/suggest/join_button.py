"""The button for joining tonight's group, and for leaving it again."""

from __future__ import annotations

import discord

from bot.client import Interaction
from bot.errors import MemberError
from bot.ui.buttons import Button, PublicItem
from bot.ui.custom_ids import KEY, CustomId
from bot.ui.participation import take_part, tell_taking_part

CHANGED = "suggestion_changed"
"""The event after a press; its arguments are the interaction and the suggestion's id."""
_IN_WITH_AVERAGE_TASTE = (
    "You're in. Your ratings don't count in this server, so I use the average taste. `/privacy` changes that."
)


class JoinButton(PublicItem[Button], custom_id=CustomId("gathering:join", suggestion_id=KEY)):
    """Counts a member in, or out again. Its id names the suggestion, so it survives a restart."""

    def __init__(self, suggestion_id: str, joined: int = 0) -> None:
        super().__init__(
            Button(
                label=f"I'm in · {joined}" if joined else "I'm in",
                emoji="🙋",
                style=discord.ButtonStyle.success,
            ),
            suggestion_id=suggestion_id,
        )
        self.suggestion_id = suggestion_id

    async def answer(self, interaction: Interaction) -> None:
        """Count the member in or out."""
        client, user_id, now = interaction.client, interaction.user.id, discord.utils.utcnow()
        store, suggestion_id = client.store.suggestions, self.suggestion_id
        suggestion = await store.find(suggestion_id, at=now)
        if suggestion is None or suggestion.guild_id != interaction.guild_id:
            raise MemberError("These picks expired. Run `/suggest` for new ones.")
        await take_part(interaction)
        came = await store.join(suggestion_id, user_id, at=now)
        if not came:
            await store.leave(suggestion_id, user_id)
        view = with_count(interaction.message, suggestion_id, len(await store.joined(suggestion_id)))
        await interaction.response.edit_message(view=view)
        client.dispatch(CHANGED, interaction, suggestion_id)
        if came and not await client.store.privacy.takes_part(suggestion.guild_id, user_id):
            await interaction.followup.send(_IN_WITH_AVERAGE_TASTE, ephemeral=True)
        else:
            await tell_taking_part(interaction)


def with_count(message: discord.Message | None, suggestion_id: str, joined: int) -> discord.ui.View:
    """Copy a message's buttons, with the number of joined members on the join button."""
    view = discord.ui.View(timeout=None)
    button = JoinButton(suggestion_id, joined)
    items = discord.ui.View.from_message(message, timeout=None).children if message is not None else []
    for item in items:
        ours = isinstance(item, discord.ui.Button) and item.custom_id == button.custom_id
        view.add_item(button if ours else item)
    view.stop()  # buttons find their classes by their ids; discord.py need not remember them
    return view
