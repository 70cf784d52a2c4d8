"""Front matter: where it stands. `python-frontmatter` says what its boundaries are."""

from __future__ import annotations

from handrail.base.value import dataclass
from handrail.text.lines import split_lines


@dataclass(frozen=True, slots=True)
class Front:
    """The line indexes of the front matter's own lines (`start` to `stop`) and of the body's first line."""

    start: int
    stop: int
    body: int


def find_front(texts: tuple[str, ...]) -> Front | None:
    """Find the front matter in the lines of a file, None where there is none or it is never closed."""
    if not texts or not texts[0].startswith("---"):
        return None
    from frontmatter.default_handlers import YAMLHandler

    boundary = YAMLHandler.FM_BOUNDARY
    if boundary is None or not boundary.match(texts[0]):
        return None
    for index in range(1, len(texts)):
        if texts[index].startswith("---") and boundary.match(texts[index]):
            return Front(1, index, index + 1)
    return None


def is_unclosed(texts: tuple[str, ...]) -> bool:
    """Tell whether the file opens front matter that it never closes."""
    return bool(texts) and texts[0].rstrip() == "---" and len(texts) > 1 and ":" in texts[1]


def head_of(text: str) -> str:
    """Give a file's front matter with its boundaries and without the body, for readers that want no more."""
    texts = split_lines(text).texts
    front = find_front(texts)
    return "".join(f"{line}\n" for line in texts[: front.body]) if front else ""
