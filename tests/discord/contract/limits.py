"""The limits in Discord's documentation that its API description does not carry.

What the description (v10) carries, and the schema check therefore finds: ten embeds; title 256, description
4096, 25 fields, name 256, value 1024, footer 2048, author 256; content 2000 in interaction and webhook
messages; button label 80, button URL 512, custom_id 100; five components in an action row; 25 options in a
select, of 100 characters each; 25 autocomplete choices with names of 1-100; names of commands and options
1-32, descriptions of options 1-100, 25 options; ten poll answers, a question of 300; a modal's title of 45.

What it lacks or has wider, each with the page of https://discord.com/developers/docs that has it:

- 6000 characters over all embeds of a message (Message Resource: Embed Limits);
- content 2000 in channel messages, where the description says 4000 (Message Resource: Create Message);
- URLs of embeds and buttons (Message Resource: Embed Object; Component Reference: Button);
- five action rows, a select alone in its row, what a button must have, one message's custom_ids all
  different, components v2 only with their flag (Component Reference);
- a choice's string value of 100, where the description says 6000, of commands and autocomplete alike
  (Application Commands: Application Command Option Choice Structure);
- the pattern of command and option names, the description of a slash command, required options first,
  names used once, 8000 characters per command (Application Commands: Application Command Naming, Option
  Structure, Slash Commands);
- poll answers of 55, where the description says 300 (Poll Resource: Poll Media Object);
- five components in a modal, where the description says 40 (Interactions: Responding, Modal);
- values of a select's options all different (on no page: Discord answers COMPONENT_OPTION_VALUE_DUPLICATED).

Localisations are not counted towards the 8000 characters, though Discord counts the longest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Json = Mapping[str, Any]
Rule = Callable[[Any], Iterator[str]]

EMBED_TOTAL = 6000
CONTENT = 2000
ROWS = 5
ALL_COMPONENTS = 40
COMPONENTS_V2 = 1 << 15
CHOICE_VALUE = 100
COMMAND_TOTAL = 8000
POLL_ANSWER = 55
MODAL_COMPONENTS = 5

ACTION_ROW, BUTTON, STRING_SELECT = 1, 2, 3
SELECTS = {3, 5, 6, 7, 8}
LINK, PREMIUM = 5, 6
CHAT_INPUT = 1
MESSAGE_CALLBACKS, AUTOCOMPLETE_CALLBACK, MODAL_CALLBACK = (4, 7), 8, 9

WEB = ("http", "https")
# ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$ in the words of Python's re; the length is the schema's.
NAME = re.compile(r"[-'\w\u0900-\u097f\u0e00-\u0e7f]+")


def rules_of(operation_id: str) -> Rule | None:
    """What to hold an operation's body against, besides its schema."""
    return RULES.get(operation_id)


def _callback(body: Json) -> Iterator[str]:
    data = body.get("data") or {}
    if body["type"] in MESSAGE_CALLBACKS:
        yield from _message(data, "data.")
    elif body["type"] == AUTOCOMPLETE_CALLBACK:
        yield from _choices(data.get("choices"), "data.choices")
    elif body["type"] == MODAL_CALLBACK:
        if len(data["components"]) > MODAL_COMPONENTS:
            yield f"data.components: {len(data['components'])} items, at most {MODAL_COMPONENTS} allowed"
        yield from _custom_ids(data["components"], "data.components")


def _message(message: Json, at: str = "") -> Iterator[str]:
    if len(message.get("content") or "") > CONTENT:
        yield f"{at}content: {len(message['content'])} characters, at most {CONTENT} allowed"
    yield from _embeds(message.get("embeds") or [], f"{at}embeds")
    yield from _components(message, f"{at}components")
    for number, answer in enumerate((message.get("poll") or {}).get("answers") or []):
        text = answer["poll_media"].get("text") or ""
        if len(text) > POLL_ANSWER:
            where = f"{at}poll.answers[{number}].poll_media.text"
            yield f"{where}: {len(text)} characters, at most {POLL_ANSWER} allowed"


# ---------------------------------------------------------------- embeds


def _embeds(embeds: list[Json], at: str) -> Iterator[str]:
    total = sum(len(text) for embed in embeds for text in _texts(embed))
    if total > EMBED_TOTAL:
        yield f"{at}: {total} characters over all embeds, at most {EMBED_TOTAL} allowed"
    for number, embed in enumerate(embeds):
        for path, value, schemes in _embed_urls(embed):
            if not _well_formed(value, schemes):
                yield f"{at}[{number}].{path}: {value!r} is not a well-formed {'/'.join(schemes)} URL"


def _texts(embed: Json) -> Iterator[str]:
    """What counts towards the total: title, description, footer, author, names and values of fields."""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    yield (embed.get("footer") or {}).get("text") or ""
    yield (embed.get("author") or {}).get("name") or ""
    for field in embed.get("fields") or []:
        yield field["name"]
        yield field["value"]


def _embed_urls(embed: Json) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    media = (*WEB, "attachment")
    places = [
        ("", "url", WEB),
        ("author", "url", WEB),
        ("author", "icon_url", media),
        ("footer", "icon_url", media),
        ("image", "url", media),
        ("thumbnail", "url", media),
    ]
    for part, key, schemes in places:
        value = (embed if not part else embed.get(part) or {}).get(key)
        if value is not None:
            yield f"{part}.{key}".lstrip("."), value, schemes


def _well_formed(url: str, schemes: Iterable[str]) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and bool(host) and re.search(r"\s", url) is None


# ------------------------------------------------------------ components


def _components(message: Json, at: str) -> Iterator[str]:
    components = message.get("components") or []
    if (message.get("flags") or 0) & COMPONENTS_V2:
        count = sum(1 for _ in _walk(components, at))
        if count > ALL_COMPONENTS:
            yield f"{at}: {count} components with the nested ones, at most {ALL_COMPONENTS} allowed"
        yield from (
            f"{at}: a message with the flag IS_COMPONENTS_V2 has no {key}"
            for key in ("content", "embeds", "poll")
            if message.get(key)
        )
    elif any(component["type"] != ACTION_ROW for component in components):
        yield f"{at}: other components than action rows need the flag IS_COMPONENTS_V2"
    elif len(components) > ROWS:
        yield f"{at}: {len(components)} action rows, at most {ROWS} allowed"
    for where, component in _walk(components, at):
        yield from _component(component, where)
    yield from _custom_ids(components, at)


def _walk(components: Iterable[Json], at: str) -> Iterator[tuple[str, Json]]:
    for number, component in enumerate(components):
        where = f"{at}[{number}]"
        yield where, component
        yield from _walk(component.get("components") or [], f"{where}.components")
        for key in ("accessory", "component"):
            if component.get(key):
                yield f"{where}.{key}", component[key]


def _component(component: Json, at: str) -> Iterator[str]:
    kind = component["type"]
    if kind == ACTION_ROW:
        inside = component["components"]
        if len(inside) > 1 and any(one["type"] in SELECTS for one in inside):
            yield f"{at}: a select stands alone in its action row"
    elif kind == BUTTON:
        yield from _button(component, at)
    elif kind == STRING_SELECT:
        values = (option["value"] for option in component["options"])
        yield from (f"{at}.options: the value {value!r} stands twice" for value in _twice(values))


def _button(button: Json, at: str) -> Iterator[str]:
    style = button["style"]
    needed = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id")
    for key in ("custom_id", "url", "sku_id"):
        if bool(button.get(key)) != (key == needed):
            yield f"{at}.{key}: a button of style {style} {'needs' if key == needed else 'has no'} {key}"
    if style != PREMIUM and not (button.get("label") or button.get("emoji")):
        yield f"{at}: a button needs a label or an emoji"
    url = button.get("url")
    if url and not _well_formed(url, (*WEB, "discord")):
        yield f"{at}.url: {url!r} is not a well-formed http/https/discord URL"


def _custom_ids(components: list[Json], at: str) -> Iterator[str]:
    ids = (part["custom_id"] for _, part in _walk(components, at) if part.get("custom_id"))
    yield from (f"{at}: the custom_id {one!r} stands twice" for one in _twice(ids))


# -------------------------------------------------------------- commands


def _commands(commands: list[Json] | None) -> Iterator[str]:
    yield from (
        f"body: {kind}-command {name!r} stands twice"
        for kind, name in _twice((one.get("type") or CHAT_INPUT, one["name"]) for one in commands or [])
    )
    for number, command in enumerate(commands or []):
        yield from _command(command, f"[{number}]")


def _command(command: Json, at: str = "") -> Iterator[str]:
    """A whole command; user and message commands may be named freely and have no description."""
    if (command.get("type") or CHAT_INPUT) == CHAT_INPUT:
        if not command.get("description"):
            yield f"{at}.description: a slash command needs one of 1-100 characters".lstrip(".")
        yield from _named(command, at)
    total = _size(command)
    if total > COMMAND_TOTAL:
        yield f"{at or 'body'}: {total} characters in the whole command, at most {COMMAND_TOTAL} allowed"


def _edited_command(command: Json) -> Iterator[str]:
    """Some fields of a command, whose kind the request does not tell."""
    yield from _options(command.get("options") or [], "options")


def _named(thing: Json, at: str) -> Iterator[str]:
    """A slash command or an option, and the options in it."""
    names = {"name": thing["name"]}
    names |= {
        f"name_localizations.{key}": name for key, name in (thing.get("name_localizations") or {}).items()
    }
    for key, name in names.items():
        if not NAME.fullmatch(name) or name != name.lower():
            where = f"{at}.{key}".lstrip(".")
            yield f"{where}: {name!r} must be lower-case letters, digits, '-', '_' or an apostrophe"
    yield from _choices(thing.get("choices"), f"{at}.choices".lstrip("."))
    yield from _options(thing.get("options") or [], f"{at}.options".lstrip("."))


def _options(options: list[Json], at: str) -> Iterator[str]:
    yield from (f"{at}: the name {name!r} stands twice" for name in _twice(one["name"] for one in options))
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield f"{at}: required options come before optional ones"
    for number, option in enumerate(options):
        yield from _named(option, f"{at}[{number}]")


def _choices(choices: list[Json | None] | None, at: str) -> Iterator[str]:
    for number, choice in enumerate(choices or []):
        value = choice and choice["value"]
        if isinstance(value, str) and len(value) > CHOICE_VALUE:
            yield f"{at}[{number}].value: {len(value)} characters, at most {CHOICE_VALUE} allowed"


def _size(thing: Json) -> int:
    own = len(thing["name"]) + len(thing.get("description") or "")
    choices = (len(one["name"]) + len(str(one["value"])) for one in thing.get("choices") or [])
    return own + sum(choices) + sum(_size(option) for option in thing.get("options") or [])


def _twice(values: Iterable[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


RULES: Mapping[str, Rule] = {
    "create_interaction_response": _callback,
    "execute_webhook": _message,
    "update_original_webhook_message": _message,
    "update_webhook_message": _message,
    "create_message": _message,
    "update_message": _message,
    "bulk_set_application_commands": _commands,
    "bulk_set_guild_application_commands": _commands,
    "create_application_command": _command,
    "create_guild_application_command": _command,
    "update_application_command": _edited_command,
    "update_guild_application_command": _edited_command,
}
