"""`handrail schema`, and what `handrail init` does for editors."""

from __future__ import annotations

import json
import subprocess
import sys

import jsonschema
import pytest
import yaml

NOW = "2026-11-23T09:12:00Z"
KINDS = ("config", "process", "run", "project")


def test_init_writes_the_schemas_and_says_in_handrail_yml_where_they_are(tmp_path, handrail):
    handrail(tmp_path, "init", "ours", now=NOW)
    root = tmp_path / "ours"
    text = (root / "handrail.yml").read_text()
    assert text.startswith("# yaml-language-server: $schema=.handrail/schemas/config.json\n")
    for kind in KINDS:
        schema = (root / f".handrail/schemas/{kind}.json").read_text()
        assert schema == handrail(root, "schema", kind).output
    jsonschema.validate(yaml.safe_load(text), json.loads(handrail(root, "schema").output))


def test_what_new_and_start_write_is_as_the_schemas_say(tmp_path, handrail):
    handrail(tmp_path, "init", ".", now=NOW)
    handrail(tmp_path, "new", "process", "New hire", now=NOW)
    handrail(tmp_path, "new", "project", "Office move", now=NOW)
    handrail(tmp_path, "start", "welcome", "-f", "name=Ada", now=NOW)
    files = {"process": "processes/*/README.md", "run": "processes/*/runs/*.md", "project": "projects/*/README.md"}
    for kind, pattern in files.items():
        schema = json.loads(handrail(tmp_path, "schema", kind).output)
        found = list(tmp_path.glob(pattern))
        assert found
        for path in found:
            front = yaml.load(path.read_text().split("---\n")[1], Loader=yaml.BaseLoader)
            jsonschema.validate(front, schema)


def test_another_reader_of_schemas_and_yaml_judges_alike(tmp_path, handrail):
    """`check-jsonschema` reads patterns as JavaScript does, and dates as text."""
    handrail(tmp_path, "init", now=NOW)
    words = [sys.executable, "-m", "check_jsonschema", "--schemafile", ".handrail/schemas/config.json", "handrail.yml"]
    assert subprocess.run(words, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    file = tmp_path / "handrail.yml"
    right = file.read_text() + "mcp: {agent: jörg-2}\n"
    file.write_text(right.replace("week: mon-fri", "week: mon-fri\n  closed: [2026-12-24]"))
    assert subprocess.run(words, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    file.write_text(right.replace("mon-fri", "weekdays"))
    assert subprocess.run(words, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_a_handrail_yml_of_ones_own_is_left_alone_and_its_owner_is_told(workspace, handrail):
    folder = workspace(config="title: Mine\n")
    result = handrail(folder, "init", now=NOW)
    assert folder.read("handrail.yml") == "title: Mine\n"
    assert "# yaml-language-server: $schema=.handrail/schemas/config.json" in result.output


def test_schemas_of_an_older_version_are_renewed_and_not_committed(workspace, handrail):
    folder = workspace({".handrail/schemas/run.json": "{}\n", ".handrail/schemas/mine.json": "{}\n"})
    result = handrail(folder, "schema", "--write")
    assert result.exit_code == 0, result.output
    assert "Wrote .handrail/schemas/run.json" in result.output
    assert folder.read(".handrail/schemas/run.json") == handrail(folder, "schema", "run").output
    assert folder.read(".handrail/schemas/mine.json") == "{}\n"
    assert ".handrail/schemas/run.json" in folder.git("status", "--porcelain")
    assert handrail(folder, "schema", "--write").output == ".handrail/schemas/ is up to date.\n"


def test_a_schema_is_printed_outside_any_workspace_too(tmp_path, handrail):
    assert json.loads(handrail(tmp_path, "schema").output)["title"] == "handrail.yml"


@pytest.mark.parametrize("kind", ["step", "Config"])
def test_there_is_no_schema_of_anything_else(workspace, handrail, kind):
    result = handrail(workspace(), "schema", kind)
    assert result.exit_code == 2
    assert "'config', 'process', 'run', 'project'" in result.output
