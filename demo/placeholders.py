"""Lets follow-ups come after a deleted 'thinking…', as on Discord: simcord takes it for pending for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from simcord.backend.ops.messages import MessageMixin


@contextmanager
def placeholders_can_be_deleted() -> Iterator[None]:
    """Have a simulated interaction answered once its placeholder is deleted, within the block."""
    delete = MessageMixin.delete_message

    def delete_and_answer(backend: MessageMixin, channel_id: int, message_id: int) -> None:
        delete(backend, channel_id, message_id)
        for interaction in backend.interactions.values():
            if interaction.message_id == message_id and interaction.loading:
                interaction.complete_deferred()

    with patch.object(MessageMixin, "delete_message", delete_and_answer):
        yield
