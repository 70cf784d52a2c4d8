"""JSON Schemas of what people type: `handrail.yml` and the front matter of processes, runs and projects.

They are made by asking the readers what they read, so that they cannot tell anything else than `handrail lint` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.format.config import read_config
from handrail.format.front import MakeReader
from handrail.format.keys import KEYS
from handrail.format.process import read_process
from handrail.format.project import read_project
from handrail.format.run import read_run
from handrail.format.schema_reader import SchemaReader
from handrail.format.schema_shapes import Schema
from handrail.text.document import read_document
from handrail.text.values import Value

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What the YAML language server of VS Code, Neovim, Emacs and others reads."""

_A_RUN = "processes/a/runs/b.md"
_READ: Mapping[str, tuple[str, Callable[[MakeReader], object]]] = {
    "config": ("handrail.yml", lambda make: read_config("handrail.yml", "", make)),
    "process": ("Front matter of a process", lambda make: read_process(read_document("README.md", ""), "", make)),
    "run": ("Front matter of a run", lambda make: read_run(read_document(_A_RUN, "---\nrun: a/b\n---\n"), make)),
    "project": ("Front matter of a project", lambda make: read_project(read_document("README.md", ""), "", make)),
}
KINDS = tuple(_READ)


def schema(kind: str) -> Schema:
    """Give the JSON Schema of one of `KINDS`."""
    title, read = _READ[kind]
    made: list[SchemaReader] = []

    def make(value: Value | None, problems: list[Problem], where: str, place: Place) -> SchemaReader:
        made.append(SchemaReader(None, problems, where, place))
        return made[-1]

    read(make)
    return {"$schema": DRAFT, "title": title, **_described(made[0].shape, KEYS[kind], "")}


def schema_text(kind: str) -> str:
    """Give the same as the text of a file."""
    return json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"


def _described(node: Any, words: Mapping[str, str], path: str) -> Any:
    """Put beside each key what it means. A key without words is a KeyError: a test meets it before anybody else."""
    if isinstance(node, list):
        return [_described(entry, words, path) for entry in node]
    if not isinstance(node, dict):
        return node
    below = {"additionalProperties": f"{path}*.", "items": f"{path.removesuffix('.')}[]."}
    found = {key: _described(value, words, below.get(key, path)) for key, value in node.items() if key != "properties"}
    if "properties" in node:
        found["properties"] = {
            key: {"description": words[path + key], **_described(value, words, f"{path}{key}.")}
            for key, value in node["properties"].items()
        }
    return found
