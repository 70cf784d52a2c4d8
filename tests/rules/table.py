"""What each action comes to in each situation of a step: the one table that tests hold and the docs print.

Each row is a situation, each column a command given with its reason, date or person. An entry is the state that
the step is in afterwards (`-> done`), or the code of the refusal.
"""

from __future__ import annotations

VERBS: tuple[str, ...] = (
    "check", "begin", "skip", "approve", "reject", "reopen", "assign", "due", "block", "unblock", "note", "set",
)  # fmt: skip

SITUATIONS: dict[str, str] = {
    "waiting in sequence": "the step above it is open, `order: sequence`",
    "waiting in strict order": "the step above it is open, `order: strict`",
    "waiting for after=": "a step that its `after=` names is open",
    "waiting behind a gate": "a `gate` above it is open",
    "waiting for its wait=": "its `wait=` is not over",
    "waiting for sub-steps": "sub-steps of it are open",
    "ready": "everything that it waits for is closed",
    "doing": "the same person has begun it",
    "doing by another": "somebody else has begun it",
    "proposed": "an agent has proposed that it is done, in a process with `agents: propose`",
    "blocked": "it was blocked",
    "done": "it is finished",
    "ticked by hand": "its box was ticked in an editor",
    "skipped": "it was skipped, with a reason",
    "n/a": "its condition does not hold",
    "gate, ready": "it is a `gate` itself",
    "approval, ready": "it is an `approval`, and the one who acts is asked",
    "approval, waiting": "it is an `approval`, and what it covers is open",
    "approval of others": "it is an `approval`, and others are asked",
    "approval, done": "it is an `approval` that was given",
    "in a cancelled run": "the run was cancelled",
    "optional, in a finished run": "all other steps are closed",
}


def _row(*outcomes: str) -> dict[str, str]:
    return dict(zip(VERBS, outcomes, strict=True))


# fmt: off
TABLE: dict[str, dict[str, str]] = {
    # check, begin, skip, approve, reject, reopen,
    # assign, due, block, unblock, note, set
    "waiting in sequence": _row(
        "-> done", "-> doing", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "waiting in strict order": _row(
        "strict-order", "strict-order", "strict-order", "not-approval", "not-approval", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "waiting for after=": _row(
        "waits", "waits", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "waiting behind a gate": _row(
        "gate", "gate", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "waiting for its wait=": _row(
        "wait-not-over", "wait-not-over", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "waiting for sub-steps": _row(
        "open-substeps", "-> doing", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "ready": _row(
        "-> done", "-> doing", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> ready", "-> ready", "-> blocked", "not-blocked", "-> ready", "-> ready",
    ),
    "doing": _row(
        "-> done", "already-begun", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> doing", "-> doing", "-> blocked", "not-blocked", "-> doing", "-> doing",
    ),
    "doing by another": _row(
        "-> done", "already-begun", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> doing", "-> doing", "-> blocked", "not-blocked", "-> doing", "-> doing",
    ),
    "proposed": _row(
        "-> done", "-> doing", "-> skipped", "not-approval", "-> ready", "-> ready",
        "-> ready", "-> ready", "-> blocked", "not-blocked", "-> ready", "-> ready",
    ),
    "blocked": _row(
        "blocked", "blocked", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> blocked", "-> blocked", "-> blocked", "-> ready", "-> blocked", "-> blocked",
    ),
    "done": _row(
        "already-done", "already-done", "already-done", "not-approval", "not-approval", "-> ready",
        "already-done", "already-done", "already-done", "already-done", "-> done", "-> done",
    ),
    "ticked by hand": _row(
        "already-done", "already-done", "already-done", "not-approval", "not-approval", "-> ready",
        "already-done", "already-done", "already-done", "already-done", "-> done", "-> done",
    ),
    "skipped": _row(
        "already-skipped", "already-skipped", "already-skipped", "not-approval", "not-approval", "-> ready",
        "already-skipped", "already-skipped", "already-skipped", "already-skipped", "-> skipped", "-> skipped",
    ),
    "n/a": _row(
        "not-applicable", "not-applicable", "not-applicable", "not-approval", "not-approval", "not-applicable",
        "not-applicable", "not-applicable", "not-applicable", "not-applicable", "-> na", "not-applicable",
    ),
    "gate, ready": _row(
        "-> done", "-> doing", "cannot-skip", "not-approval", "not-approval", "not-closed",
        "-> ready", "-> ready", "-> blocked", "not-blocked", "-> ready", "-> ready",
    ),
    "approval, ready": _row(
        "needs-approval", "-> doing", "cannot-skip", "-> done", "-> waiting", "not-closed",
        "-> ready", "-> ready", "-> blocked", "not-blocked", "-> ready", "-> ready",
    ),
    "approval, waiting": _row(
        "needs-approval", "waits", "cannot-skip", "waits", "waits", "not-closed",
        "-> waiting", "-> waiting", "-> waiting", "not-blocked", "-> waiting", "-> waiting",
    ),
    "approval of others": _row(
        "needs-approval", "-> doing", "cannot-skip", "not-approver", "not-approver", "not-closed",
        "-> ready", "-> ready", "-> blocked", "not-blocked", "-> ready", "-> ready",
    ),
    "approval, done": _row(
        "already-done", "already-done", "already-done", "already-done", "already-done", "-> ready",
        "already-done", "already-done", "already-done", "already-done", "-> done", "-> done",
    ),
    "in a cancelled run": _row(
        "cancelled", "cancelled", "cancelled", "cancelled", "cancelled", "cancelled",
        "cancelled", "cancelled", "cancelled", "cancelled", "-> cancelled", "cancelled",
    ),
    "optional, in a finished run": _row(
        "-> done", "-> doing", "-> skipped", "not-approval", "not-approval", "not-closed",
        "-> ready", "-> ready", "-> blocked", "not-blocked", "-> ready", "-> ready",
    ),
}
# fmt: on
