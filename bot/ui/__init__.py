"""Shared user interface of the cogs: anime, pages, buttons, command options."""
