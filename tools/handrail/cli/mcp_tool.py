"""A tool of the MCP server: its name, what it takes, and errors that say what would have been right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from handrail.base.errors import BrokenFiles, HandrailError, WrongUsage
from handrail.base.value import dataclass
from handrail.base.words import did_you_mean
from handrail.cli.context import Context

Json = dict[str, Any]
Kind = Literal["text", "texts", "values", "flag", "number"]
MOST_TEXT = 20_000
MOST_TEXTS = 200
_MOST_PROBLEMS = 10
_SCHEMAS: Mapping[Kind, Json] = {
    "text": {"type": "string", "maxLength": MOST_TEXT},
    "texts": {"type": "array", "items": {"type": "string", "maxLength": MOST_TEXT}, "maxItems": MOST_TEXTS},
    "values": {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": MOST_TEXTS},
    "flag": {"type": "boolean"},
    "number": {"type": "integer", "minimum": 0},
}
_WORDS: Mapping[Kind, str] = {
    "text": "a text",
    "texts": "a list of texts",
    "values": "an object whose values are texts",
    "flag": "true or false",
    "number": "a whole number that is not negative",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool."""

    name: str
    help: str
    kind: Kind = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """What a client may call. `acts` marks a tool that writes; `call` gives a JSON object or raises HandrailError."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    call: Callable[[Context, Given], Json]
    acts: bool = False

    def schema(self) -> Json:
        """Give the JSON Schema of the arguments."""
        return {
            "type": "object",
            "properties": {one.name: {**_SCHEMAS[one.kind], "description": one.help} for one in self.arguments},
            "required": [one.name for one in self.arguments if one.required],
            "additionalProperties": False,
        }


class Given:
    """The arguments of one call, checked."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """Give a text without white space around it, empty where it was not given."""
        return str(self._values.get(name, "")).strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts."""
        return tuple(self._values.get(name, ()))

    def values(self, name: str) -> tuple[tuple[str, str], ...]:
        """Give pairs of names and values."""
        return tuple(self._values.get(name, {}).items())

    def flag(self, name: str) -> bool:
        """Give whether something is wanted."""
        return bool(self._values.get(name, False))

    def number(self, name: str, otherwise: int) -> int:
        """Give a number."""
        return int(self._values.get(name, otherwise))


def given(tool: Tool, arguments: object) -> Given:
    """Check the arguments of a call. Raises WrongUsage with what would have been right."""
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, dict):
        raise WrongUsage(f"The arguments of `{tool.name}` are {_WORDS['values']}, by name.", _takes(tool))
    known = {one.name: one for one in tool.arguments}
    for name in arguments:
        if name not in known:
            hint = f"{_sentence(did_you_mean(name, known))} {_takes(tool)}".strip()
            raise WrongUsage(f"`{tool.name}` takes no `{name[:80]}`.", hint)
    found = {name: _checked(tool, known[name], value) for name, value in arguments.items() if value is not None}
    for one in tool.arguments:
        if one.required and not found.get(one.name):
            raise WrongUsage(f"`{tool.name}` needs `{one.name}`: {one.help}", _takes(tool))
    return Given(found)


def find_tool(tools: Sequence[Tool], name: str) -> Tool:
    """Give the tool of that name. Raises WrongUsage with the nearest one."""
    found = next((tool for tool in tools if tool.name == name), None)
    if found is None:
        names = [tool.name for tool in tools]
        hint = f"{_sentence(did_you_mean(name[:80], names))} There are: {', '.join(names)}."
        raise WrongUsage(f"There is no tool `{name[:80]}`.", hint)
    return found


def told(error: HandrailError) -> str:
    """Put an error into words for whoever called: why, where in which file, and what would be right."""
    lines = [error.sentence]
    if isinstance(error, BrokenFiles):
        shown = error.problems[:_MOST_PROBLEMS]
        lines += [f"{one.place}: {one.message}{f' ({one.hint})' if one.hint else ''}" for one in shown]
    return "\n".join([*lines, *([error.hint] if error.hint else [])])


def _checked(tool: Tool, argument: Argument, value: object) -> object:
    wrong = WrongUsage(f"`{argument.name}` of `{tool.name}` is {_WORDS[argument.kind]}.", argument.help)
    if argument.kind == "flag":
        if not isinstance(value, bool):
            raise wrong
        return value
    if argument.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise wrong
        return min(value, 1_000_000)
    if argument.kind == "text":
        return _text(argument, value, wrong)
    if argument.kind == "texts":
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or len(texts) > MOST_TEXTS:
            raise wrong
        return tuple(_text(argument, one, wrong) for one in texts)
    if not isinstance(value, dict) or len(value) > MOST_TEXTS:
        raise wrong
    return {name: _text(argument, one, wrong) for name, one in value.items()}


def _text(argument: Argument, value: object, wrong: WrongUsage) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise wrong
    if len(value) > MOST_TEXT:
        sentence = f"`{argument.name}` has {len(value):,} characters, {MOST_TEXT:,} are allowed."
        raise WrongUsage(sentence, "Shorten it, or put it into a file and give its address.")
    return value


def _takes(tool: Tool) -> str:
    words = [one.name if one.required else f"[{one.name}]" for one in tool.arguments]
    return f"It takes: {', '.join(words)}." if words else "It takes no arguments."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('?.')}{'?' if text.endswith('?') else '.'}" if text else ""
