"""What a change to a procedure means, in words; who shows them says how to quote what people wrote."""

from __future__ import annotations

from collections.abc import Callable

from handrail.base.words import count
from handrail.reports.procedure_diff import Difference

Quote = Callable[[str], str]
"""Makes what people wrote safe where it is shown, and sets it apart from the words around it."""

_LABELS = {
    "who": "done by",
    "due": "deadline",
    "after": "waits for",
    "if": "condition",
    "run": "child run",
    "est": "estimate",
    "stall": "stall threshold",
    "back": "a rejection goes back to",
    "not-by": "not by who did",
    "ask": "asks for",
    "proof": "evidence",
    "wait": "waiting time",
    "name": "pattern of run titles",
    "review": "date of review",
    "text": "text between the steps",
}
_BARE = {"gate": "a gate", "optional": "optional", "milestone": "a milestone"}


def difference_words(change: Difference, quote: Quote) -> str:
    """Say one difference; `quote` makes what people wrote safe."""
    kind, was, now = change.kind, change.was, change.now
    if kind == "reworded":
        return f"reworded, was {quote(was)}"
    if kind == "moved":
        return f"moved from {quote(was or 'the top')} to {quote(now or 'the top')}" if was or now else "moved"
    if kind == "stage":
        return f"stage {quote(was)} is called {quote(now)}"
    if kind in {"instruction", "text"}:
        told = [f"{count(int(number), 'line')} {verb}" for number, verb in ((now, "new"), (was, "gone")) if number]
        return f"{_LABELS.get(kind, kind)} changed ({', '.join(told)})"
    if kind in _BARE:
        return f"{_BARE[kind]} now" if now else f"not {_BARE[kind]} any more"
    if kind == "approval":
        return _approval(was, now)
    label = f"{kind} {quote(change.name)}" if change.name else _LABELS.get(kind, kind)
    return _valued(label, was, now, quote)


def _valued(label: str, was: str, now: str, quote: Quote) -> str:
    if not was:
        return f"{label} {quote(now)} (new)"
    if not now:
        return f"{label} {quote(was)} dropped"
    return f"{label} {quote(now)} instead of {quote(was)}"


def _approval(was: str, now: str) -> str:
    if not now:
        return "needs no approval any more"
    by = {"1": "one", "all": "everyone asked"}
    if not was:
        return f"needs approval now, by {by.get(now, now)}"
    return f"needs approval by {by.get(now, now)} instead of {by.get(was, was)}"
