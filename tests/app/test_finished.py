"""Finished runs are read without their steps where that cannot make a difference, and whole where it could."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handrail.app.kept_entries import Entries
from handrail.app.load import load_config
from handrail.app.moment import moment_of
from handrail.format.finished import read_finished
from handrail.store.changes import content_id
from handrail.store.index import Entry
from handrail.store.repository import Repository

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROCESS = """\
---
title: Onboarding
owner: "@mara"
fields: {customer: {}, plan: {choices: [basic, pro]}}
target: 20d
---

- [ ] Send {#send @ana due=2d}
"""
PATH = "processes/onboarding/runs/ada.md"
HEAD = """\
---
run: onboarding/ada
process: onboarding
revision: 82dfefd8d45d08e9aef24d43c9bd78fa8f13d97a
title: "Ada & Söhne: 2026"
started: 2026-03-02T09:00:00Z
by: "@mara"
roles: {sales: [ana, ben], help: finance}
fields: {customer: "Ada: #1", plan: basic, "seats left": "12"}
---
"""
SENT = "- [x] Send `it` to {{ customer }} {#send @ana role=sales due=start+2d est=20m}\n"
SENT_DONE = "  - 2026-03-03T10:00:00Z @ana noted: asked {them} again\n  - 2026-03-04T10:00:00Z @ana done\n"
BODY = f"""
## Begin

{SENT}{SENT_DONE}
- [x] Agree {{#agree @ben approval not-by=send}}
  - 2026-03-04T12:00:00Z @ben started
  - 2026-03-05T10:00:00Z @ben approved: in ink

## End

- [x] Close {{#close gate after=send,agree if="plan == 'basic'"}}
  - 2026-03-09T08:00:00Z @ana done link=https://example.org/a?b=c#d: see there

  - [x] Tell {{#tell optional}}
    - 2026-03-10T08:00:00Z @ana skipped: nobody to tell

- [ ] Bill {{#bill if="plan == 'pro'" due=2d}}

## Log

- 2026-03-02T09:00:00Z @mara started
- 2026-03-11T09:00:00Z @mara noted: well done
"""


class Both:
    """Gives the entries of a run as they are kept, and as reading the whole file makes them, their records left out.

    The first of each is made long after all that happened, the second soon after most of it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.long_after, self.soon_after = (self._entries(now) for now in (NOW, datetime(2026, 4, 1, tzinfo=UTC)))

    def _entries(self, now: datetime) -> Entries:
        config = load_config(self.root)
        return Entries(Repository.find(self.root), config, moment_of(config, now), {"onboarding": "x"}, frozenset())

    def of(self, text: str) -> tuple[list[Entry], list[Entry]]:
        path = self.root / PATH
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        content = content_id(text.encode())
        both = (self.long_after, self.soon_after)
        kept, whole = (
            [make(PATH, content) for make in makes]
            for makes in ([one.of_run for one in both], [one.of_whole_run for one in both])
        )
        return [replace(one, record="") for one in kept], [replace(one, record="") for one in whole]


@pytest.fixture(scope="module")
def both(tmp_path_factory: Any) -> Both:
    import git

    root = tmp_path_factory.mktemp("finished")
    git.Repo.init(root).close()
    process = root / "processes" / "onboarding" / "README.md"
    process.parent.mkdir(parents=True)
    process.write_text(PROCESS, encoding="utf-8")
    return Both(root)


def test_what_the_tool_writes_is_read_without_its_steps(both) -> None:
    told = read_finished(PATH, HEAD + BODY)
    assert told is not None
    assert [(id, title, event.verb) for id, title, event in told.closings()][:2] == [
        ("send", "Send `it` to {{ customer }}", "done"),
        ("agree", "Agree", "approved"),
    ]
    assert (told.done, told.skipped, told.untouched) == (3, 1, ("plan == 'pro'",))
    assert told.finished == datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert told.last == datetime(2026, 3, 11, 9, tzinfo=UTC)
    assert dict(told.run.fields) == {"customer": "Ada: #1", "plan": "basic", "seats left": "12"}
    kept, whole = both.of(HEAD + BODY)
    assert kept == whole
    assert [one.label for one in kept] == ["done", "done"]
    assert "in ink" not in kept[0].more
    assert "in ink" in kept[1].more, "what was done lately is told by what is kept"


CHANGES: dict[str, Callable[[str], str]] = {
    "an open step": lambda text: text.replace("- [x] Agree", "- [ ] Agree"),
    "a box ticked by hand": lambda text: text.replace("  - 2026-03-05T10:00:00Z @ben approved: in ink\n", ""),
    "a box emptied by hand": lambda text: text.replace("- [x] Send", "- [ ] Send"),
    "a step that was sent back": lambda text: text.replace("@ben started", "@ben rejected: no"),
    "an approval of two": lambda text: text.replace("approval ", "approval=2 "),
    "a step that is another run's": lambda text: text.replace("@ben approval", "@ben run=onboarding"),
    "a step that waits": lambda text: text.replace("@ben approval", "@ben wait=3d"),
    "a link with a lag": lambda text: text.replace("after=send,agree", "after=send:fs+2d"),
    "a value that was set": lambda text: text.replace("@ben started", "@ben set plan=pro"),
    "a value set in the log": lambda text: text.replace("@mara noted: well done", "@mara set plan=pro"),
    "a date that was moved": lambda text: text.replace("@mara noted: well done", "@mara due on=2026-04-01"),
    "a run that was cancelled": lambda text: text.replace("@mara noted: well done", "@mara cancelled: no"),
    "a proposal": lambda text: text.replace("@ben started", "@ben noted proposes=done: so"),
    "a condition that holds": lambda text: text.replace("plan: basic", "plan: pro"),
    "a condition on a field that is not there": lambda text: text.replace("plan == 'pro'", "plum == 'pro'"),
    "a condition that cannot be read": lambda text: text.replace("plan == 'pro'", "plan =="),
    "a run of a project": lambda text: text.replace("\n---\n\n## Begin", "\nproject: spring\n---\n\n## Begin"),
    "a trial": lambda text: text.replace("\n---\n\n## Begin", "\ntrial: true\n---\n\n## Begin"),
    "a day that there is not": lambda text: text.replace("2026-03-04T12", "2026-02-31T12"),
    "a day in another form": lambda text: text.replace("2026-03-04T12:00:00Z", "2026-03-04T12:00:00+02:00"),
    "prose": lambda text: text.replace("## End", "## End\n\nAnd *then*:\n\n    - [ ] code {#code}"),
    "a list that is no step": lambda text: text.replace("## End", "## End\n\n- and then"),
    "a step without an id": lambda text: text.replace(" {#tell optional}", ""),
    "an id twice": lambda text: text.replace("{#agree", "{#send"),
    "an attribute that there is not": lambda text: text.replace("{#agree", "{#agree colour=red"),
    "a brace that is text": lambda text: text.replace(" {#agree @ben", " \\{#agree @ben"),
    "a step in the log": lambda text: text + "\n- [ ] And more {#more}\n",
    "a heading after the log": lambda text: text + "\n## More\n",
    "a log of that name as a stage": lambda text: text.replace("## End", "## Log"),
    "an event of nobody's": lambda text: text.replace("## End", "## End\n\n- 2026-03-05T10:00:00Z @ben done"),
    "an event too far in": lambda text: text.replace("  - 2026-03-04T12", "    - 2026-03-04T12"),
    "an event that follows a step inside": lambda text: text.replace(
        "\n- [ ] Bill", "  - 2026-03-12T08:00:00Z @ana noted: so\n\n- [ ] Bill"
    ),
    "lines that end as on Windows": lambda text: text.replace("\n", "\r\n"),
    "a control character": lambda text: text.replace("in ink", "in\x0bink"),
    "a line separator": lambda text: text.replace("in ink", "in\u2028- [ ] ink {#ink}"),
    "a key twice": lambda text: text.replace('by: "@mara"\n', 'by: "@mara"\nby: "@ana"\n'),
    "a field twice": lambda text: text.replace("plan: basic", "customer: basic"),
    "a field that YAML reads otherwise": lambda text: text.replace("plan: basic", "plan: no"),
    "an escape": lambda text: text.replace("Ada: #1", "Ada\\u00e4"),
    "a role without people": lambda text: text.replace("help: finance", 'help: ""'),
    "an empty title": lambda text: text.replace('"Ada & Söhne: 2026"', '" "'),
    "another run's file": lambda text: text.replace("run: onboarding/ada", "run: onboarding/bob"),
    "no process": lambda text: text.replace("process: onboarding", 'process: ""'),
    "no steps": lambda text: text[: text.index("\n## Begin")],
    "steps that nobody touched": lambda text: (
        text[: text.index("\n## Begin")] + "\n- [ ] Bill {#bill if=\"plan == 'pro'\"}\n"
    ),
    "something that happened lately": lambda text: text.replace("2026-03-11T09", "2026-11-11T09"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_is_other_is_told_as_the_whole_file_tells_it(change, both) -> None:
    text = change(HEAD + BODY)
    assert text != HEAD + BODY
    kept, whole = both.of(text)
    assert kept == whole


titles = st.sampled_from(["Send", "Do `it` {now}", "A {#b} c", "Ünï *x*", "- [x] y", "a\\", "$"])
words = st.lists(
    st.sampled_from(
        ["@ana", "@ben.b", "role=sales", "due=2d", "due=start+9d", "gate", "optional", "approval",
         "approval=2", "est=2h", "after=s0", "after=s0,s1", "after=s0:ss+1d", "if=\"plan == 'pro'\"",
         "if=\"plan == 'basic'\"", "if=plan", "wait=1d", "proof=link", "run=onboarding", "back=s0", "stall=2d",
         "priority=high", "x=1", ".c", "@"]
    ),
    max_size=3,
)  # fmt: skip
stamps = st.integers(0, 60).map(lambda day: f"2026-0{3 + day // 31}-{day % 31 + 1:02}T0{day % 10}:00:00Z")
verbs = st.sampled_from(
    ["done", "done", "done: well", "approved", "started", "noted: so", "skipped: no", "done link=https://a.b/c: d",
     "done field=x", "reopened", "rejected: no", "set plan=pro", "blocked", "due on=2026-05-05", "noted x=y",
     "done:", "done so"]
)  # fmt: skip
events = st.lists(st.tuples(stamps, st.sampled_from(["ana", "ben"]), verbs), min_size=1, max_size=3)
steps = st.lists(
    st.tuples(
        st.sampled_from("xxxxX "), st.integers(0, 2), titles, words, events, st.sampled_from([*[""] * 9, "\n## More\n"])
    ),
    min_size=1, max_size=4,
)  # fmt: skip
logs = st.sampled_from(
    ["", "\n## Log\n\n- 2026-03-02T09:00:00Z @mara started\n", "\n## log\n\n- 2026-09-09T09:00:00Z @ana noted: x\n"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=steps, log=logs)
def test_however_the_steps_stand_it_says_the_same(told, log, both) -> None:
    lines = [HEAD]
    for number, (box, depth, title, attributes, happened, heading) in enumerate(told):
        indent = "  " * min(depth, number)
        lines.append(f"{heading}\n{indent}- [{box}] {title} {{{' '.join([f'#s{number}', *attributes])}}}")
        lines += [f"{indent}  - {time} @{who} {verb}" for time, who, verb in (happened if box != " " else [])]
    kept, whole = both.of("\n".join(lines) + "\n" + log)
    assert kept == whole
