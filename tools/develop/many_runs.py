"""Makes a workspace of very many runs in seconds, for measuring: written as text, put into git by fast-import.

`python tools/develop/many_runs.py FOLDER --runs 10000 --active 0.05` makes ten processes of twenty steps and runs
of them: finished ones over the last two years, active ones begun in the last two months, some of them late.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handrail.store.fastimport import History, PastCommit, configure

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
PROCESSES = 10
STEPS = 20
ROLES = 5
PEOPLE = tuple(f"{first}{last}" for first in ("ana", "ben", "chi", "dev", "eli") for last in ("a", "b"))
_STAGES = ("Prepare", "Agree", "Build", "Hand over")
_PER_COMMIT = 1000

CONFIG = "title: Many runs\npeople:\n" + "".join(
    f"  {key}: {{name: {key.title()} Example, email: [{key}@example.org]}}\n" for key in PEOPLE
)


def make(folder: Path, runs: int, active: float) -> None:
    """Make a workspace with so many runs, of which the share `active` (0 to 1) is not finished."""
    chance = random.Random(runs)
    procedures = {f"process-{number:02}": _procedure(number) for number in range(PROCESSES)}
    with History(folder) as history:
        files = {f"processes/{name}/README.md": history.content(text.encode()) for name, text in procedures.items()}
        files["handrail.yml"] = history.content(CONFIG.encode())
        _commit(history, "the procedures", files)
        revisions = {name: _blob_id(text) for name, text in procedures.items()}
        files = {}
        for path, text in _runs(chance, revisions, runs, active):
            files[path] = history.content(text.encode())
            if len(files) == _PER_COMMIT:
                _commit(history, f"{_PER_COMMIT} runs", files)
                files = {}
        if files:
            _commit(history, f"{len(files)} runs", files)
    configure(folder, "Anaa Example", "anaa@example.org")


def _commit(history: History, message: str, files: dict[str, int]) -> None:
    history.commit(PastCommit(NOW, "Anaa Example", "anaa@example.org", message, files))


def _blob_id(text: str) -> str:
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _role(step: int) -> tuple[str, str, str]:
    """Give the role of a step, and the two people who fill it."""
    number = step // 2 % ROLES
    return f"role-{number}", PEOPLE[2 * number], PEOPLE[2 * number + 1]


def _words(step: int) -> str:
    extra = {7: " gate", 11: " approval", 17: " optional", 13: " due=start+20d"}.get(step, " due=2d")
    return f"role={_role(step)[0]}{extra}"


def _procedure(number: int) -> str:
    roles = ", ".join(f"role-{one}: [{PEOPLE[2 * one]}, {PEOPLE[2 * one + 1]}]" for one in range(ROLES))
    lines = ["---", f"title: Process {number:02}", f"owner: '@{PEOPLE[number]}'", f"roles: {{{roles}}}"]
    lines += ["fields:", "  customer: {required: true}", "target: 40d", "---", "", "What good looks like."]
    for step in range(STEPS):
        if step % 5 == 0:
            lines += ["", f"## {_STAGES[step // 5]}"]
        words = _words(step).replace("role=", "@")
        lines += ["", f"- [ ] Do part {step:02} for {{{{ customer }}}} {{#part-{step:02} {words}}}"]
        lines += ["", "  How it is done, in two lines that", "  everybody understands."]
    return "\n".join(lines) + "\n"


def _runs(chance: random.Random, revisions: dict[str, str], runs: int, active: float) -> Iterator[tuple[str, str]]:
    for number in range(runs):
        process = f"process-{number % PROCESSES:02}"
        is_active = chance.random() < active
        age = chance.uniform(0.1, 60) if is_active else chance.uniform(60, 730)
        started = NOW - timedelta(days=age)
        name = f"{started:%Y-%m-%d}-customer-{number:06}"
        done = chance.randrange(STEPS - 1) if is_active else STEPS
        text = _run(chance, f"{process}/{name}", revisions[process], number, started, done)
        yield f"processes/{process}/runs/{name}.md", text


def _run(chance: random.Random, run: str, revision: str, number: int, started: datetime, done: int) -> str:
    process = run.partition("/")[0]
    roles = ", ".join(f"role-{one}: [{PEOPLE[2 * one]}, {PEOPLE[2 * one + 1]}]" for one in range(ROLES))
    moment = started.replace(microsecond=0)
    end = max(started, NOW - timedelta(days=chance.uniform(0, 8))) if done < STEPS else started + timedelta(days=30)
    room = (end - started) / max(done, 1)
    lines = ["---", f"run: {run}", f"process: {process}", f"revision: {revision}", f'title: "Customer {number:06}"']
    lines += [f"started: {_time(moment)}", 'by: "@anaa"', f"roles: {{{roles}}}"]
    lines += [f'fields: {{customer: "Customer {number:06}"}}', "---"]
    for step in range(STEPS):
        if step % 5 == 0:
            lines += ["", f"## {_STAGES[step // 5]}"]
        _, one, other = _role(step)
        mark = "x" if step < done else " "
        words = f"@{one} @{other} {_words(step)}"
        lines += ["", f"- [{mark}] Do part {step:02} for Customer {number:06} {{#part-{step:02} {words}}}"]
        if step < done:
            who = chance.choice((one, other))
            begun = moment + room * chance.uniform(0.1, 0.5)
            moment = (moment + room * chance.uniform(0.9, 1.0)).replace(microsecond=0)
            if chance.random() < 0.3:
                lines.append(f"  - {_time(begun)} @{who} started")
            if chance.random() < 0.1:
                lines.append(f"  - {_time(begun)} @{who} noted: asked them again")
            lines.append(f"  - {_time(moment)} @{who} {'approved' if step == 11 else 'done'}")
    lines += ["", "## Log", "", f"- {_time(started)} @anaa started"]
    return "\n".join(lines) + "\n"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    """Make what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--active", type=float, default=0.05)
    options = parser.parse_args()
    make(options.folder, options.runs, options.active)


if __name__ == "__main__":
    main()
