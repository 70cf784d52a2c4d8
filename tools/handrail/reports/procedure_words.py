"""What a change to a procedure means, in words; who shows them says how to quote what people wrote."""

from __future__ import annotations

from collections.abc import Callable

from handrail.base.words import count, say
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
        return say("reworded, was {was}", was=quote(was))
    if kind == "moved":
        if not was and not now:
            return say("moved")
        return say("moved from {was} to {now}", was=quote(was or "the top"), now=quote(now or "the top"))
    if kind == "stage":
        return say("stage {was} is called {now}", was=quote(was), now=quote(now))
    if kind in {"instruction", "text"}:
        new, gone = count(int(now or 0), "line"), count(int(was or 0), "line")
        told = "{new} new, {gone} gone" if now and was else "{new} new" if now else "{gone} gone"
        lines = say(told, new=new, gone=gone)
        return say("{what} changed ({lines})", what=say(_LABELS.get(kind, kind)), lines=lines if now or was else "")
    if kind in _BARE:
        return say("{what} now" if now else "not {what} any more", what=say(_BARE[kind]))
    if kind == "approval":
        return _approval(was, now)
    label: str = f"{kind} {quote(change.name)}" if change.name else say(_LABELS.get(kind, kind))
    return _valued(label, was, now, quote)


def _valued(label: str, was: str, now: str, quote: Quote) -> str:
    if not was:
        return say("{what} {now} (new)", what=label, now=quote(now))
    if not now:
        return say("{what} {was} dropped", what=label, was=quote(was))
    return say("{what} {now} instead of {was}", what=label, now=quote(now), was=quote(was))


def _approval(was: str, now: str) -> str:
    if not now:
        return say("needs no approval any more")
    by = {"1": say("one"), "all": say("everyone asked")}
    if not was:
        return say("needs approval now, by {now}", now=by.get(now, now))
    return say("needs approval by {now} instead of {was}", now=by.get(now, now), was=by.get(was, was))
