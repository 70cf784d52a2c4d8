"""Forged histories: each has one illegal change, and `verify` names the commit and the line that made it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

RUN = "processes/onboarding/runs/2026-11-02-acme.md"
README = "processes/onboarding/README.md"


def under(item: str, *lines: str, tick: bool | None = True) -> Callable[[str], str]:
    """Write event lines under a step by hand, and its box."""

    def change(text: str) -> str:
        found = []
        for line in text.split("\n"):
            if f"{{#{item} " in line or f"{{#{item}}}" in line:
                mark = {True: "[x]", False: "[ ]"}.get(tick)  # type: ignore[call-overload]
                marked = line.replace("[ ]", mark).replace("[x]", mark) if mark else line
                indent = line[: len(line) - len(line.lstrip())]
                found += [marked, *(f"{indent}  - {one}" for one in lines)]
            else:
                found.append(line)
        return "\n".join(found)

    return change


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def log(line: str) -> Callable[[str], str]:
    return lambda text: f"{text}- {line}\n"


ILLEGAL_FIRST = {
    "a step behind a gate": ("ana", under("account", "2026-11-02T11:00:00Z @ana done"), "gate", "@ana done"),
    "a step behind a gate, ticked by hand": ("ana", under("make"), "gate", "{#make"),
    "a gate is skipped": ("ana", under("gate", "2026-11-02T11:00:00Z @ana skipped: no"), "cannot-skip", "skipped"),
    "a step is skipped without a reason": (
        "ana",
        under("draft", "2026-11-02T11:00:00Z @ana skipped"),
        "needs-note",
        "skipped",
    ),
    "blocked without a reason": (
        "ana",
        under("draft", "2026-11-02T11:00:00Z @ana blocked", tick=None),
        "needs-note",
        "blocked",
    ),
    "reopened what was open": (
        "ana",
        under("draft", "2026-11-02T11:00:00Z @ana reopened: no", tick=None),
        "not-closed",
        "reopened",
    ),
    "approved what is no approval": (
        "ana",
        under("draft", "2026-11-02T11:00:00Z @ana approved"),
        "not-approval",
        "approved",
    ),
    "an approval is checked off": (
        "ben",
        under("approve", "2026-11-02T11:00:00Z @ben done"),
        "needs-approval",
        "@ben done",
    ),
    "in the name of somebody else": (
        "eve",
        under("draft", "2026-11-02T11:00:00Z @ana done"),
        "other-person",
        "@ana done",
    ),
    "much too early": ("ana", under("draft", "2026-11-02T10:00:00Z @ana noted: x", tick=None), "back-dated", "noted"),
    "in the future": ("ana", under("draft", "2026-12-02T11:00:00Z @ana done"), "future-event", "@ana done"),
    "a step is taken out": (
        "ana",
        swap("- [ ] Check the contract {#gate @ana role=sales gate}\n\n", ""),
        "step-removed",
        "",
    ),
    "a step is put in": ("ana", swap("## Set-up\n", "## Set-up\n\n- [ ] More {#more @ana}\n"), "step-added", "{#more"),
    "an attribute is changed": ("ana", swap(" not-by=send", ""), "step-changed", "{#approve"),
    "a title is changed": ("ana", swap("Send it to Acme", "Send it to nobody"), "step-changed", "{#send"),
    "the revision is changed": (
        "ana",
        lambda text: text.replace("\nrevision: ", "\nrevision: 0", 1),
        "front-matter-changed",
        "revision:",
    ),
    "a field is changed in the front matter": (
        "ana",
        swap("plan: basic", "plan: pro"),
        "front-matter-changed",
        "fields:",
    ),
    "the run calls itself otherwise": ("ana", swap("run: onboarding/", "run: other/"), "wrong-run", "run:"),
    "an event with a verb that there is not": (
        "ana",
        under("draft", "2026-11-02T11:00:00Z @ana finished"),
        "unknown-verb",
        "finished",
    ),
    "a field gets a value that it cannot have": (
        "ana",
        log("2026-11-02T11:00:00Z @ana set plan=gold"),
        "bad-value",
        "plan=gold",
    ),
    "an upgrade to a text that never was": (
        "ana",
        log(f"2026-11-02T11:00:00Z @ana upgraded from={'1' * 40} to={'2' * 40}"),
        "wrong-revision",
        "upgraded",
    ),
    "assigned to nobody known": (
        "ana",
        under("draft", "2026-11-02T11:00:00Z @ana assigned to=zed", tick=None),
        "unknown-person",
        "zed",
    ),
    "a second start": ("ana", log("2026-11-02T11:00:00Z @ana started"), "not-possible", "T11:00:00Z @ana started"),
}


@pytest.mark.parametrize("name", ILLEGAL_FIRST)
def test_an_illegal_change_to_a_fresh_run_is_found(history, name: str) -> None:
    who, change, code, part = ILLEGAL_FIRST[name]
    before = history.folder.read(RUN)
    commit = history.forge(who, RUN, change, hours=100 if name == "much too early" else 2)
    found = [one for one in history.verify() if one["commit"] == commit]
    assert code in {one["code"] for one in found}, found
    one = next(one for one in found if one["code"] == code)
    where = history.line(RUN, part) if part else before[: before.index("{#gate")].count("\n") + 1
    assert (one["path"], one["line"], one["level"]) == (RUN, where, "error")
    assert [other for other in history.verify() if other["commit"] != commit] == []
