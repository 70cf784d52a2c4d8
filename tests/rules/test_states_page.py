"""The page of states and actions says what the table says, all of it, in words."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from table import SITUATIONS, TABLE, VERBS

TOP = Path(__file__).parents[2]


def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("develop_states", TOP / "tools" / "develop" / "states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_table_says() -> None:
    assert program().main(["--check", str(TOP / "docs" / "reference" / "states.md")]) == 0


def test_a_page_that_is_out_of_date_is_reported_and_written_anew(tmp_path: Path) -> None:
    states, file = program(), tmp_path / "states.md"
    assert states.main(["--check", str(file)]) == 1
    assert not file.exists()
    assert states.main([str(file)]) == 0
    assert states.main(["--check", str(file)]) == 0


def test_every_situation_and_every_action_is_on_it() -> None:
    states = program()
    assert sorted(verb for _, verbs in states.PARTS.values() for verb in verbs) == sorted(VERBS)
    text = states.page(TABLE, SITUATIONS)
    for situation, row in TABLE.items():
        told = [verbs for _, verbs in states.PARTS.values() if {row[verb] for verb in verbs} != {"not-approval"}]
        assert text.count(f"\n| {situation} | ") == 1 + len(told)


def test_the_words_are_those_that_the_table_needs() -> None:
    states = program()
    used = {entry for row in TABLE.values() for entry in row.values()}
    assert {states.outcome(entry) for entry in used}
    assert set(states.REFUSALS) == {entry for entry in used if not entry.startswith("-> ")}
