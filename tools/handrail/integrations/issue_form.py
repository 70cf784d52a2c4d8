"""Issue templates of a git host to procedures: Markdown with a task list, and forms in YAML."""

from __future__ import annotations

from handrail.base.errors import BrokenFiles, NotAllowed
from handrail.base.problem import has_errors
from handrail.integrations.steps_made import Steps
from handrail.integrations.steps_outline import read_outline
from handrail.model.imported import ImportedProcess, IncomingStep
from handrail.text.values import Value, read_values

_LEFT = ("labels", "assignees", "projects", "type")


def read_template(source: str, name: str, text: str) -> ImportedProcess:
    """Read a template. Raises BrokenFiles for YAML that is none, with line and column, NotAllowed without steps."""
    if not name.lower().endswith((".yml", ".yaml")):
        return read_outline(source, name, text)
    read = read_values(name, text)
    if has_errors(read.problems):
        errors = tuple(one for one in read.problems if one.level == "error")
        raise BrokenFiles(f"`{name}` cannot be read.", errors, "Nothing was imported.")
    form, steps, intro = read.root, Steps(name), []
    title = _text(form, "name") or name.rpartition(".")[0]
    body = form.get("body") if form is not None else None
    for element in body.items if body is not None and body.kind == "list" else ():
        intro += _element(steps, element)
    if not steps.steps:
        raise NotAllowed(
            f"`{name}` has no checkboxes, so it has no steps.", "Its questions can be the fields of a process."
        )
    keys = [key for key in _LEFT if form is not None and form.get(key) is not None]
    lost = tuple(f"`{key}` of the template" for key in keys)
    return ImportedProcess(
        f"{source} {title}"[:120], title, tuple(steps.steps), tuple(steps.fields), summary=_text(form, "description"),
        intro="\n\n".join(intro), lost=lost,
    )  # fmt: skip


def _element(steps: Steps, element: Value) -> list[str]:
    """Take one element of a form; give the text that it is, where it is one."""
    kind, said = _text(element, "type"), element.get("attributes")
    label = _text(said, "label")
    if kind == "markdown":
        return [_text(said, "value")]
    if kind == "checkboxes":
        options = said.get("options") if said is not None else None
        for option in options.items if options is not None and options.kind == "list" else ():
            steps.add(IncomingStep(_text(option, "label") or "Step", stage=label, optional=not _required(option)))
        return []
    if kind in ("input", "textarea", "dropdown", "upload") and label:
        options = said.get("options") if said is not None else None
        choices = tuple(one.text for one in options.items if one.kind == "text") if options is not None else ()
        rules = element.get("validations")
        steps.field(label, {"upload": "file"}.get(kind, ""), required=_required(rules), choices=choices)
    return []


def _required(value: Value | None) -> bool:
    return _text(value, "required").lower() == "true"


def _text(value: Value | None, key: str) -> str:
    found = value.get(key) if value is not None and value.kind == "map" else None
    return found.text.strip() if found is not None and found.kind == "text" else ""
