"""The JSON Schemas that editors use say what `handrail lint` says: about every key, with every kind of value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml

from handrail.base.problem import Problem
from handrail.format.config import read_config
from handrail.format.keys import KEYS
from handrail.format.process import read_process
from handrail.format.project import read_project
from handrail.format.run import read_run
from handrail.format.schema import KINDS, schema, schema_text
from handrail.text.document import read_document

ROOT = Path(__file__).parents[2]

READ: dict[str, Callable[[str], tuple[Problem, ...]]] = {
    "config": lambda text: read_config("handrail.yml", text).problems,
    "process": lambda text: read_process(read_document("processes/a/README.md", f"---\n{text}\n---\n"), "a").problems,
    "run": lambda text: read_run(read_document("processes/a/runs/b.md", f"---\n{text}\n---\n")).problems,
    "project": lambda text: read_project(read_document("projects/a/README.md", f"---\n{text}\n---\n"), "a").problems,
}
AROUND = {"run": "run: a/b\nstarted: 2026-11-23T09:12:00Z\n"}
"""What a file must have."""

VALUES = (
    *("", "~", '""', "word", "two words", '"@ana"', "'@@x'", "a/b", "ana-1", "-x", "Ünï"),
    *("7", "0.4", "-5", "1200.50", "1_200", "40000 EUR", "€5", "30%", "140%", "12 €"),
    *("true", "no", "Yes", "False", '"true"'),
    *("2d", "-2d", "+4h", "1.5ed", "2 d", "2x", "5M", "10 MiB", "500 KB", "10 GiB"),
    *("2026-12-01", "1969-12-01", "2026-13-01", "2026-12-1", "'2026-12-24..2027-01-02'", "'2026-12-24..'"),
    *("2026-11-23T09:12:00Z", "'2026-11-23T09:12+01:00'", "2026-11-23 09:12"),
    *("mon-fri", "'MON,wed'", "mon-", "weekday", "'09:00-17:00'", "'9:00 - 24:00, 7:00-8:30'", "'24:30-25:00'"),
    *("sequence", "strict", "always", "push", "escape", "Draft", "propose", "wait", "text", "Europe/Berlin"),
    *("[]", "[a, b]", "[7, ~]", "[[a]]", "[{a: b}]", "[2026-12-01]", "[2026-12-24..2026-12-26]"),
    *("{}", "{a: b}", "{a: 4}", "{a: [b, c]}", "{a: [~]}", "{a: {b: c}}", "{a: ~}", "{a b: c}", "{'@ana': {}}"),
    *("{x-mine: 1}", "{risk: It rains}", "{week: mon}", "[{risk: It rains}]", "[{risk: ~}]"),
)
LEFT_TO_LINT = (
    ("config.calendar.timezone", "*"),  # only a table of time zones knows which there are
    ("process.fields.*.pattern", "*"),  # what is a regular expression
    ("process.fields.*.type", "choice"),  # that a choice needs choices
    ("run.run", '""'),  # another code: the name is not the path's
)
JUDGED = {"bad-type", "bad-value", "unknown-key", "missing-key", "bad-person", "bad-field"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema_that_editors_know(kind):
    jsonschema.Draft7Validator.check_schema(schema(kind))
    assert schema(kind)["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_says_what_it_means_and_no_words_are_left_over(kind):
    found = dict(keys(schema(kind)))
    assert set(found) == set(KEYS[kind])
    assert all(text.endswith(".") for text in found.values())


@pytest.mark.parametrize("path", [f"{kind}.{key}" for kind in KINDS for key in KEYS[kind]])
def test_schema_and_lint_agree_on_every_value_of_every_key(path):
    kind, _, key = path.partition(".")
    for value in VALUES:
        text = document(kind, key, value)
        read = {problem.code for problem in READ[kind](text) if problem.level == "error"} & JUDGED
        warned = {problem.code for problem in READ[kind](text)} & {"unknown-key"}
        refused = refusals(kind, text)
        if (path, value) in LEFT_TO_LINT or ((path, "*") in LEFT_TO_LINT and not refused):
            continue
        assert bool(read or warned) == bool(refused), f"{text!r}: lint {read | warned}, schema {refused}"


def test_keys_that_nobody_reads_are_refused_but_for_those_of_other_programs():
    for kind in KINDS:
        base = AROUND.get(kind, "")
        assert refusals(kind, base + "titel: A")
        assert not refusals(kind, base + "x-team: A")


def test_a_run_must_name_itself_and_say_when_it_started():
    assert refusals("run", "title: A")
    assert not refusals("run", AROUND["run"])


def test_every_file_of_this_repository_is_as_its_schema_says():
    files = [("config", ROOT / "handrail.yml")]
    for path in [*ROOT.glob("processes/**/*.md"), *ROOT.glob("projects/**/README.md")]:
        kind = "run" if path.parent.name == "runs" else path.relative_to(ROOT).parts[0]
        files.append(({"processes": "process", "projects": "project"}.get(kind, kind), path))
    assert len(files) > 10
    for kind, path in files:
        text = path.read_text(encoding="utf-8")
        assert not refusals(kind, text if kind == "config" else front_matter(text)), path


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_in_the_documentation_are_those_of_the_program(kind):
    assert (ROOT / f"docs/reference/schemas/{kind}.json").read_text(encoding="utf-8") == schema_text(kind)


def keys(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for entry in node:
            yield from keys(entry, path)
    if not isinstance(node, dict):
        return
    for key, value in node.get("properties", {}).items():
        yield path + key, value["description"]
        yield from keys(value, f"{path}{key}.")
    yield from keys(node.get("items"), f"{path[:-1]}[].")
    yield from keys(node.get("additionalProperties"), f"{path}*.")
    yield from keys(node.get("anyOf"), path)


def document(kind: str, key: str, value: str) -> str:
    """Put a value under a key such as `people.*.load` or `risks[].owner`, in a file that is right otherwise."""
    lines, indent = [AROUND.get(kind, "")], ""
    parts = re.sub(r"\[\]", ".[]", key).split(".")
    if parts[0] in lines[0]:
        lines = [re.sub(rf"(?m)^{parts[0]}:.*\n", "", lines[0])]
    for part in parts[:-1]:
        if part == "[]":
            lines.append(f"{indent}- risk: It rains\n" if parts[-1] != "risk" else f"{indent}- response: Wait\n")
        else:
            lines.append(f"{indent}{'ana' if part == '*' else part}:\n")
        indent += "  "
    lines.append(f"{indent}{parts[-1]}: {value}\n")
    return "".join(lines)


def front_matter(text: str) -> str:
    return text.split("---\n")[1] if text.startswith("---\n") else ""


def refusals(kind: str, text: str) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(as_editors_read(text))]


@cache
def validator(kind: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(schema_text(kind)))


def as_editors_read(text: str) -> Any:
    """Read YAML 1.2 with its core schema, as the language server of editors does: no dates, no `no`."""
    loaded = yaml.load(text, Loader=CoreLoader)
    return {} if loaded is None else loaded


class CoreLoader(yaml.BaseLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def construct_scalar(self, node):
        text = super().construct_scalar(node)
        if node.style:
            return text
        if text in {"", "~", "null", "Null", "NULL"}:
            return None
        if text in {"true", "True", "TRUE", "false", "False", "FALSE"}:
            return text.lower() == "true"
        if re.fullmatch(r"[-+]?[0-9]+", text):
            return int(text)
        if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
            return float(text)
        return text
