"""The texts that new files are made of."""

from __future__ import annotations

from handrail.base.errors import HandrailError


def template(file: str, **values: str) -> str:
    """Fill one of the texts in `templates/`: `<<name>>` stands for a value."""
    from importlib.resources import files

    text = (files("handrail.app") / "templates" / file).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"<<{key}>>", value)
    if "<<" in text:
        raise HandrailError(f"The template `{file}` was not filled in.")
    return text
