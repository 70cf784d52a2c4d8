"""An imported procedure as the text of a process file. Nothing in it comes from somebody who could be trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping

from handrail.base.words import one_line
from handrail.format.attributes import write_attributes
from handrail.format.imported import SOURCE_KEY, key_mark, safe_body, safe_title
from handrail.format.run import quoted
from handrail.model.calendar import Estimate
from handrail.model.imported import ImportedProcess, IncomingStep
from handrail.model.item import Attributes
from handrail.model.process import Field
from handrail.text.plain import MAX_SLUG, slug, unique

TEXT_KEY = "x-imported-text"
"""The front matter's key for a checksum of the file as it was imported: while it holds, nobody has changed it here."""
_MAX_TITLE = 300
_SEAL = re.compile(rf"^{TEXT_KEY}:.*\n", re.MULTILINE)


def step_ids(process: ImportedProcess, taken: Collection[str] = ()) -> dict[int, str]:
    """Give the id of every step by its index: the other system's key is at its end, where there is one.

    Without a key a step is known by its title. `taken` are the ids of a file that is there.
    """
    by_mark = {id.rpartition("-")[2]: id for id in taken}
    used: set[str] = set()
    found: dict[int, str] = {}
    for index, step in enumerate(process.steps):
        mark, stem = key_mark(step.key), slug(step.title)
        if mark in by_mark and by_mark[mark] not in used:
            found[index] = by_mark[mark]
        elif mark:
            found[index] = unique(f"{stem[: MAX_SLUG - len(mark) - 1].rstrip('-')}-{mark}", {*used, *taken})
        else:
            found[index] = unique(stem, used)
        used.add(found[index])
    return found


def write_process(process: ImportedProcess, ids: Mapping[int, str], people: Mapping[str, str], owner: str) -> str:
    """Give the text of a new process file, sealed. `people` has the key of each name that is a listed person.

    Every other name becomes a role that somebody has to fill.
    """
    roles = roles_of(process, people)
    front = [
        ("title", quoted(one_line(process.title)[:_MAX_TITLE] or "Imported process")),
        ("summary", quoted(one_line(process.summary)[:_MAX_TITLE]) if process.summary.strip() else ""),
        ("owner", quoted(f"@{owner}")),
        ("roles", f"{{{', '.join(f'{role}: []' for role in dict.fromkeys(roles.values()))}}}" if roles else ""),
        ("target", str(process.target) if process.target else ""),
        ("tags", f"[{', '.join(quoted(one_line(tag)[:60]) for tag in process.tags)}]" if process.tags else ""),
        (SOURCE_KEY, quoted(process.source)),
    ]
    lines = ["---", *(f"{key}: {value}" for key, value in front if value), *_fields(process.fields), "---"]
    intro = safe_body(process.intro)
    parts = ["\n".join(lines), *([intro] if intro else []), *steps_text(process, ids, people)]
    return sealed("\n\n".join(parts) + "\n")


def steps_text(
    process: ImportedProcess, ids: Mapping[int, str], people: Mapping[str, str], only: Collection[int] | None = None
) -> Iterator[str]:
    """Give the paragraphs of the steps under the headings of their stages; of some steps only, where those are said."""
    roles = roles_of(process, people)
    depth: dict[int, int] = {}
    stage = ""
    for index, step in enumerate(process.steps):
        if only is not None and index not in only:
            continue
        inside = step.parent is not None and step.parent in depth
        depth[index] = depth[step.parent] + 1 if inside and step.parent is not None else 0
        if step.stage != stage and not inside:
            stage = step.stage
            yield f"## {safe_title(stage) or 'More'}"
        yield _item(step, ids[index], {**people, **roles}, "  " * depth[index])


def roles_of(process: ImportedProcess, people: Mapping[str, str]) -> dict[str, str]:
    """Give the role that each name becomes which is no listed person."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(name for step in process.steps for name in step.who):
        if name not in people:
            found[name] = slug(name, "role")
    return found


def sealed(text: str) -> str:
    """Give the text with the checksum of itself in its front matter."""
    bare = _SEAL.sub("", text, count=1)
    end = bare.index("\n---\n", 4) + 1
    return f"{bare[:end]}{TEXT_KEY}: {_sum(bare)}\n{bare[end:]}"


def is_untouched(text: str) -> bool:
    """Tell whether a text is still as it was imported."""
    found = _SEAL.search(text)
    return found is not None and found[0].split()[1:] == [_sum(_SEAL.sub("", text, count=1))]


def _sum(text: str) -> str:
    return "s" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _fields(fields: tuple[Field, ...]) -> list[str]:
    lines = ["fields:"] if fields else []
    for one in fields:
        said = [f"type: {one.type}"] if one.type not in ("text", "choice") else []
        said += ["required: true"] if one.required else []
        said += [f"choices: [{', '.join(quoted(one_line(choice)) for choice in one.choices)}]"] if one.choices else []
        said += [f"label: {quoted(one_line(one.label)[:_MAX_TITLE])}"] if one.label else []
        said += [f"default: {quoted(one_line(one.default))}"] if one.default else []
        lines.append(f"  {one.name}: {{{', '.join(said)}}}")
    return lines


def _item(step: IncomingStep, id: str, names: Mapping[str, str], indent: str) -> str:
    attributes = Attributes(
        who=tuple(dict.fromkeys(names[name] for name in step.who)),
        due=step.due,
        est=Estimate(step.est) if step.est else None,
        optional=step.optional,
        approval="1" if step.approval else "",
        gate=step.gate,
        ask=step.ask,
        proof=step.proof,
    )
    lines = [f"{indent}- [ ] {safe_title(step.title) or 'Step'} {write_attributes(id, attributes)}"]
    body = safe_body(step.body)
    return "\n".join([*lines, *(["", *(f"{indent}  {line}".rstrip() for line in body.split("\n"))] if body else [])])
