"""Every file below `processes/` and `projects/` is understood, known as an attachment, or reported."""

from __future__ import annotations

import os

import pytest

from handrail.app.files import list_files
from handrail.app.load import load_workspace
from handrail.app.names import Named, find_named, person_of
from handrail.base.errors import WrongUsage
from handrail.model.people import Config, Person
from handrail.store.repository import Identity, Repository

PROCESS = "- [ ] Tag {#tag}\n"
RUN = """\
---
run: release/one
process: release
title: One
started: 2026-11-23T09:00:00Z
---

- [ ] Tag {#tag}

## Log

- 2026-11-23T09:00:00Z @mara started
"""


def test_what_is_in_its_place(workspace):
    folder = workspace(
        {
            "processes/release/README.md": PROCESS,
            "processes/release/notes.md": "# How\n",
            "processes/release/img/flow.png": "x",
            "processes/release/runs/one.md": RUN,
            "processes/release/runs/proof.pdf": "x",
            "processes/hr/new-hire/README.md": PROCESS,
            "projects/spring/README.md": PROCESS,
            "projects/spring/baseline.yml": "x: 1\n",
            "projects/.gitkeep": "",
        }
    )
    listing = list_files(folder.root)
    assert list(listing.processes) == ["hr/new-hire", "release"]
    assert listing.runs == {"release/one": "processes/release/runs/one.md"}
    assert listing.projects == {"spring": "projects/spring/README.md"}
    assert listing.problems == ()
    assert set(listing.attachments) == {
        "processes/release/notes.md",
        "processes/release/img/flow.png",
        "processes/release/runs/proof.pdf",
        "projects/spring/baseline.yml",
        "projects/.gitkeep",
    }


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("processes/README.md", PROCESS, "misplaced-file"),
        ("processes/release/readme.md", PROCESS, "misplaced-file"),
        ("processes/stray.md", PROCESS, "misplaced-file"),
        ("processes/release/one.md", RUN, "misplaced-file"),
        ("processes/release/runs/README.md", PROCESS, "misplaced-file"),
        ("processes/release/runs/2026/one.md", RUN, "misplaced-file"),
        ("processes/runs/one.md", RUN, "misplaced-file"),
        ("projects/README.md", PROCESS, "misplaced-file"),
        ("projects/release/runs/one.md", RUN, "misplaced-file"),
    ],
)
def test_what_is_out_of_place_is_reported(workspace, path, text, code):
    folder = workspace({"processes/release/other.txt": "x", path: text})
    found = {(problem.place.path, problem.code) for problem in list_files(folder.root).problems}
    assert code in {found_code for found_path, found_code in found if path.startswith(found_path)}


def test_odd_files_are_reported(workspace):
    folder = workspace({"processes/release/README.md": PROCESS})
    os.symlink("README.md", folder.root / "processes/release/link.md")
    (folder.root / "processes/release/folder.md").mkdir()
    os.mkfifo(folder.root / "processes/release/pipe")
    assert {problem.code for problem in list_files(folder.root).problems} == {"unreadable"}
    assert len(list_files(folder.root).problems) == 3


def test_a_workspace_without_any_file_works(workspace):
    folder = workspace(config=None)
    loaded = load_workspace(folder.root)
    assert (loaded.config, dict(loaded.processes), loaded.problems) == (Config(), {}, ())


def test_bad_files_are_problems_and_the_others_are_read(workspace):
    folder = workspace({"processes/good/README.md": PROCESS, "processes/bad/README.md": PROCESS})
    (folder.root / "processes/bad/README.md").write_bytes(b"\xff\xfe\0")
    loaded = load_workspace(folder.root)
    assert list(loaded.processes) == ["good"]
    assert [problem.code for problem in loaded.problems] == ["not-text"]


def test_a_run_has_the_procedure_of_its_revision(workspace):
    folder = workspace({"processes/release/README.md": "- [ ] Tag {#tag}\n\n  The old way.\n"})
    revision = Repository.find(folder.root).blob_id("processes/release/README.md")
    run = RUN.replace("title: One", f"title: One\nrevision: {revision}")
    folder.write({"processes/release/README.md": PROCESS, "processes/release/runs/one.md": run})
    folder.commit()
    loaded = load_workspace(folder.root)
    procedure = loaded.procedure(loaded.runs["release/one"])
    assert procedure is not None
    assert procedure.items[0].body == "The old way."
    assert loaded.processes["release"].items[0].body == ""


def test_a_revision_that_git_has_not_falls_back_to_todays(workspace):
    run = RUN.replace("title: One", f"title: One\nrevision: {'0' * 40}")
    folder = workspace({"processes/release/README.md": PROCESS, "processes/release/runs/one.md": run})
    loaded = load_workspace(folder.root)
    assert loaded.pinned == {}
    assert loaded.procedure(loaded.runs["release/one"]) == loaded.processes["release"]


LISTING_FILES = {
    "processes/release/README.md": PROCESS,
    "processes/release/runs/2026-11-23-ada.md": RUN,
    "processes/release/runs/2026-11-23-ada-lovelace.md": RUN,
    "processes/release/runs/2026-12-01-bob.md": RUN,
    "projects/spring-campaign/README.md": PROCESS,
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("release/2026-12-01-bob", "release/2026-12-01-bob"),
        ("2026-12-01-bob", "release/2026-12-01-bob"),
        ("bob", "release/2026-12-01-bob"),
        ("Ada Lovelace", "release/2026-11-23-ada-lovelace"),
        ("ada", "release/2026-11-23-ada"),
        ("lovelace", "release/2026-11-23-ada-lovelace"),
        ("12-01", "release/2026-12-01-bob"),
        ("processes/release/runs/2026-12-01-bob.md", "release/2026-12-01-bob"),
        ("the special one", "release/2026-12-01-bob"),
    ],
)
def test_any_part_that_fits_just_one_will_do(workspace, name, found):
    listing = list_files(workspace(LISTING_FILES).root)
    titles = {("run", "release/2026-12-01-bob"): "The special one"}
    assert find_named(listing, name, ("run",), lambda: titles).id == found


def test_names_of_several_kinds(workspace):
    listing = list_files(workspace(LISTING_FILES).root)
    kinds = ("run", "project", "process")
    assert find_named(listing, "spring", kinds, dict) == Named(
        "project", "spring-campaign", "projects/spring-campaign/README.md"
    )
    assert find_named(listing, "release", kinds, dict).kind == "process"
    for wrong in ("2026-11", "nobody", "../x", "", " "):
        with pytest.raises(WrongUsage):
            find_named(listing, wrong, kinds, dict)


def test_who_acts_is_looked_up_by_address():
    config = Config(people={"ana": Person("ana", email=("Ana@Example.org",))})
    assert person_of(config, Identity("Ana Reyes", "ana@example.org")) == "ana"
    assert person_of(config, Identity("Zoë Ünal", "zoe@example.org")) == "zoe-unal"
    assert person_of(Config(), Identity("", "x@example.org")) == "x"
