"""What all readers of procedures share: spans, names of fields, the limit, and steps gathered one by one."""

from __future__ import annotations

import re
from dataclasses import replace

from handrail.base.errors import NotAllowed
from handrail.model.calendar import Duration
from handrail.model.imported import IncomingStep
from handrail.model.process import Field
from handrail.text.plain import slug, unique

MOST_STEPS = 2000
_SPAN = re.compile(
    r"\+?\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*(m|min|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|months?)?", re.IGNORECASE
)
_TYPES = {
    "number": "number", "numeric": "number", "date": "date", "datetime": "date", "url": "link", "website": "link",
    "link": "link", "file": "file", "fileupload": "file", "image": "file", "select": "choice", "dropdown": "choice",
    "choice": "choice", "radio": "choice", "multichoice": "list", "multiselect": "list", "members": "person",
    "user": "person",
}  # fmt: skip
_VARIABLE = re.compile(r"\{\{\s*form\.([\w -]{1,100}?)\s*\}\}")
_CHOICES = frozenset({"choice"})


class Steps:
    """Steps and fields while they are being read. Raises NotAllowed beyond what one procedure can sensibly hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: list[IncomingStep] = []
        self.fields: list[Field] = []

    def add(self, step: IncomingStep) -> int:
        """Take a step and give its index."""
        if len(self.steps) >= MOST_STEPS:
            raise NotAllowed(f"`{self.name}` has more than {MOST_STEPS:,} steps.", "Split it into several processes.")
        self.steps.append(step)
        return len(self.steps) - 1

    def more(self, body: str) -> None:
        """Put text beneath the last step."""
        last = self.steps[-1]
        self.steps[-1] = replace(last, body=f"{last.body}\n{body}" if last.body else body)

    def field(
        self, label: str, kind: str = "", *, required: bool = False, choices: tuple[str, ...] = (), default: str = ""
    ) -> str:
        """Take a field that a run has and give its name here. `kind` is the other system's word for its type."""
        name = unique(slug(label, "field").replace("-", "_"), {one.name for one in self.fields})
        name = f"f_{name}" if name[0].isdigit() else name
        made = _TYPES.get(re.sub(r"[^a-z]", "", kind.lower()), "choice" if choices else "text")
        if made in _CHOICES and not choices:
            made = "text"
        default = default if not choices or default in choices else ""
        shown = label if label.strip() != name else ""
        self.fields.append(Field(name, made, required, default, choices if made in _CHOICES else (), label=shown))
        return name

    def name_fields(self) -> None:
        """Write variables such as `{{form.Client_Name}}` with the names that their fields have here."""
        names = {one.name for one in self.fields}

        def named(match: re.Match[str]) -> str:
            name = slug(match[1], "field").replace("-", "_")
            return f"{{{{ {name} }}}}" if name in names else match[0]

        for index, step in enumerate(self.steps):
            title, body = _VARIABLE.sub(named, step.title), _VARIABLE.sub(named, step.body)
            self.steps[index] = replace(step, title=title, body=body)

    def refuse_empty(self) -> None:
        """Raise NotAllowed where there is no step."""
        if not self.steps:
            raise NotAllowed(f"`{self.name}` has no steps.", "Nothing was imported.")


def span(text: str, unit: str = "") -> Duration | None:
    """Read "2 days", "4h", "1 week"; a bare number is in `unit`, days where that is empty."""
    match = _SPAN.fullmatch(f"{text.strip()} {unit if text.strip()[-1:].isdigit() else ''}".strip())
    if not match:
        return None
    amount, word = float(match[1].replace(",", ".")), (match[2] or "d").lower()
    if word.startswith("month"):
        return Duration(amount * 4, "w")
    return Duration(amount, word[0]) if amount else None  # type: ignore[arg-type]


def counted(lost: dict[str, int], of: str = "step") -> tuple[str, ...]:
    """Give a sentence for each thing that was left out, with how often."""
    return tuple(f"{what} ({number} {of}{'s' if number > 1 else ''})" for what, number in lost.items())
