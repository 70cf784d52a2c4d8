"""The language of `if=`: comparisons of a run's fields, safe to evaluate and small enough to learn at once.

    plan == 'pro' and (seats > 10 or not trial) and region in ['eu', 'uk']

A bare field holds when it has a value other than `no` or `false`. Two sides that are both numbers compare as
numbers, anything else as text, so that ISO dates compare as dates. There are no calls, no attributes, no arithmetic.
Parsed by precedence climbing (Pratt, "Top down operator precedence", 1973), with a limit on length and nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from handrail.base.value import dataclass

LONGEST = 2_000
DEEPEST = 40

Value = str | tuple[str, ...] | bool
Evaluator = Callable[[Mapping[str, str]], Value]
Kind = Literal["name", "text", "number", "word", "sign", "end"]

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[^\W\d][\w-]*)|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,))"
)
_WORDS = frozenset({"and", "or", "not", "in", "true", "false"})
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not"})
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


class ConditionError(ValueError):
    """A condition that cannot be read. `column` counts from 1 within the condition's text."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@dataclass(frozen=True, slots=True)
class Compared:
    """A field beside a value that it is compared with. `column` is the value's, from 1 within the condition.

    `operator` reads from the field to the value (`3 < seats` is `seats > 3`); `in` also stands for `not in`. `other`
    tells that the value is the name of another field.
    """

    field: str
    operator: str
    value: str
    column: int
    other: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was understood. `names` are the fields that it uses, in the order written.

    `columns` are where each of them stands first, `compared` what they are compared with: for those who check it.
    """

    text: str
    names: tuple[str, ...]
    evaluator: Evaluator
    compared: tuple[Compared, ...] = ()
    columns: tuple[int, ...] = ()

    def evaluate(self, fields: Mapping[str, str]) -> bool:
        """Tell whether the condition holds with these values; a field without a value is empty text."""
        return _truth(self.evaluator(fields))


@lru_cache(maxsize=1024)
def parse(text: str) -> Condition:
    """Read a condition; raise ConditionError where it is not one."""
    if len(text) > LONGEST:
        raise ConditionError(f"the condition is longer than {LONGEST} characters", LONGEST)
    return _Parser(text).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str
    column: int


def _tokens(text: str) -> tuple[_Token, ...]:
    found: list[_Token] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _cannot_read(text, position)
        kind, word = match.lastgroup, match.group(match.lastgroup)
        column = match.start(kind) + 1
        if kind == "name" and word in _WORDS:
            found.append(_Token("word", word, column))
        else:
            found.append(_Token(_kind(kind), word, column))
        position = match.end()
    found.append(_Token("end", "", len(text) + 1))
    return tuple(found)


def _kind(group: str) -> Kind:
    return "name" if group == "name" else "number" if group == "number" else "text" if group == "text" else "sign"


def _cannot_read(text: str, position: int) -> ConditionError:
    while text[position].isspace():
        position += 1
    char, column = text[position], position + 1
    if char in "'\"":
        return ConditionError(f"the text that begins here has no closing {char}", column)
    if char == "=":
        return ConditionError("`=` is no comparison: write `==`", column)
    if char == ".":
        return ConditionError("`.` cannot stand here: fields have no parts", column)
    if char in "+-*/%":
        return ConditionError(f"`{char}`: there is no arithmetic in conditions", column)
    return ConditionError(f"`{text[position : position + 12].split(maxsplit=1)[0]}` cannot stand here", column)


class _Parser:
    __slots__ = ("at", "compared", "depth", "names", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.names: dict[str, int] = {}
        self.compared: list[Compared] = []

    def whole(self) -> Condition:
        if self.now.kind == "end":
            raise ConditionError("the condition is empty", 1)
        evaluator = self.either()
        if self.at < len(self.tokens) - 1:
            raise self.unexpected("`and`, `or` or the end")
        columns = tuple(self.names.values())
        return Condition(self.text, tuple(self.names), evaluator, tuple(self.compared), columns)

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> str:
        """Go past the present token if it is one of these signs or words; give it, else empty."""
        token = self.now
        if token.kind in ("sign", "word") and token.text in texts:
            self.at += 1
            return token.text
        return ""

    def unexpected(self, wanted: str) -> ConditionError:
        token = self.now
        if token.text == "(":
            return ConditionError("there are no functions in conditions", token.column)
        met = f"`{token.text}`" if token.text else "the end"
        return ConditionError(f"expected {wanted}, not {met}", token.column)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError(f"nested deeper than {DEEPEST} levels", self.now.column)

    def either(self) -> Evaluator:
        self.deeper()
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else _any_of(tuple(parts))

    def both(self) -> Evaluator:
        parts = [self.negation()]
        while self.take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else _all_of(tuple(parts))

    def negation(self) -> Evaluator:
        odd = False
        while self.take("not"):
            odd = not odd
        inner = self.comparison()
        return _negated(inner) if odd else inner

    def comparison(self) -> Evaluator:
        begin = self.at
        left = self.operand()
        before = self.tokens[begin : self.at]
        if self.now.text not in _COMPARISONS or self.now.kind == "text":
            return left
        sign = self.take(*_COMPARISONS)
        if sign == "not" and not self.take("in"):
            raise self.unexpected("`in` after `not`")
        operator = "not in" if sign == "not" else sign
        begin = self.at
        right = self.operand()
        self.remember(before, operator, self.tokens[begin : self.at])
        if self.now.kind in ("sign", "word") and self.now.text in _COMPARISONS:
            raise ConditionError("two comparisons in a row: join them with `and`", self.now.column)
        return _compared(operator, left, right)

    def remember(self, left: tuple[_Token, ...], operator: str, right: tuple[_Token, ...]) -> None:
        sign = "in" if operator == "not in" else operator
        if left[0].kind == "name" and len(left) == 1 and right[0].text != "(":
            self.beside(left[0], sign, right)
        if right[0].kind == "name" and len(right) == 1 and left[0].text != "(":
            self.beside(right[0], _TURNED.get(sign, sign), left)

    def beside(self, name: _Token, sign: str, values: tuple[_Token, ...]) -> None:
        for token in values:
            if token.kind in ("text", "number", "name"):
                column = token.column + (token.kind == "text")
                self.compared.append(Compared(name.text, sign, _literal(token), column, token.kind == "name"))

    def operand(self) -> Evaluator:
        token = self.now
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise self.unexpected("`)`")
            return inner
        if self.take("["):
            return _constant(self.listed())
        if self.take("true", "false"):
            return _constant(token.text == "true")
        if token.kind == "name":
            self.at += 1
            self.names.setdefault(token.text, token.column)
            return _field(token.text)
        if token.kind in ("text", "number"):
            self.at += 1
            return _constant(_literal(token))
        raise self.unexpected("a field or a value")

    def listed(self) -> tuple[str, ...]:
        values: list[str] = []
        while not self.take("]"):
            token = self.now
            if token.kind not in ("text", "number"):
                raise self.unexpected("a text or a number")
            values.append(_literal(token))
            self.at += 1
            if not self.take(",") and self.now.text != "]":
                raise self.unexpected("`,` or `]`")
        return tuple(values)


def is_number(text: str) -> bool:
    """Tell whether a text is compared as a number."""
    return bool(_NUMBER.match(text))


def _literal(token: _Token) -> str:
    return token.text[1:-1] if token.kind == "text" else token.text


def _truth(value: Value) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in ("", "no", "false")
    return bool(value)


def _constant(value: Value) -> Evaluator:
    return lambda _: value


def _field(name: str) -> Evaluator:
    return lambda fields: fields.get(name, "")


def _negated(inner: Evaluator) -> Evaluator:
    return lambda fields: not _truth(inner(fields))


def _any_of(parts: tuple[Evaluator, ...]) -> Evaluator:
    return lambda fields: any(_truth(part(fields)) for part in parts)


def _all_of(parts: tuple[Evaluator, ...]) -> Evaluator:
    return lambda fields: all(_truth(part(fields)) for part in parts)


def _compared(operator: str, left: Evaluator, right: Evaluator) -> Evaluator:
    return lambda fields: _compare(operator, left(fields), right(fields))


def _compare(operator: str, left: Value, right: Value) -> bool:
    if operator in ("in", "not in"):
        return _contains(right, left) == (operator == "in")
    if isinstance(left, bool) or isinstance(right, bool):
        first: object = _truth(left)
        second: object = _truth(right)
        return (first == second) if operator == "==" else (first != second) if operator == "!=" else False
    if isinstance(left, tuple) or isinstance(right, tuple):
        return (left == right) if operator == "==" else (left != right) if operator == "!=" else False
    return _ordered(operator, left.strip(), right.strip())


def _ordered(operator: str, left: str, right: str) -> bool:
    """Compare numbers as numbers, other things as text; nothing is smaller or larger than no value."""
    if operator in ("<", "<=", ">", ">=") and not (left and right):
        return False
    first: float | str = left
    second: float | str = right
    if _NUMBER.match(left) and _NUMBER.match(right):
        first, second = float(left), float(right)
    if operator in ("==", "!="):
        return (first == second) == (operator == "==")
    sign = (first > second) - (first < second)  # type: ignore[operator]  # both numbers or both text
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def _contains(holder: Value, wanted: Value) -> bool:
    """Look in a list, or in a field that holds a list (`a, b`)."""
    if isinstance(wanted, tuple) or isinstance(holder, bool):
        return False
    values = holder if isinstance(holder, tuple) else tuple(part.strip() for part in holder.split(","))
    text = ("true" if wanted else "false") if isinstance(wanted, bool) else wanted.strip()
    return any(_ordered("==", text, value) for value in values)
