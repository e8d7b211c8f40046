"""List files as people upload them, read with the standard library alone.

It stands alone, so that a process of its own starts in no time, holds next to no memory and no secret:
``python -m parsing`` in the folder above. Nothing here may import the rest of the bot.
"""
