"""One action on one run or project: read, decide, edit, commit, share. Decided again whenever others were faster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, cast

from handrail.app.byhand import with_hand_ticks_of
from handrail.app.load import Held, hold, procedure_of
from handrail.app.moment import moment_of
from handrail.app.names import Named, find_item, person_of
from handrail.base.errors import NotAllowed
from handrail.base.value import dataclass
from handrail.base.words import one_line
from handrail.model.change import Action, Change, Decision, Refusal
from handrail.model.item import Event, Item, walk
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Child, ProjectState, RunState
from handrail.rules.kin import newly_to_do

if TYPE_CHECKING:
    from handrail.app.proof import Proof
    from handrail.app.start import Started
    from handrail.reports.moment import Moment
    from handrail.store.repository import Repository

PAST = {
    "check": "done",
    "begin": "started",
    "skip": "skipped",
    "reopen": "reopened",
    "approve": "approved",
    "reject": "rejected",
    "assign": "assigned",
    "due": "due",
    "block": "blocked",
    "unblock": "unblocked",
    "note": "noted",
    "set": "set",
    "cancel": "cancelled",
    "rename": "renamed",
}
"""What a verb of the command line is called once it has happened."""


def past_of(action: Action, decision: Decision | None) -> str:
    """Give what an action is called once it has happened: `done`, or `proposed` where a person has to confirm it."""
    from handrail.rules.fold import proposed_by

    changes = decision.changes if decision else ()
    if any(proposed_by(change.event) for change in changes):
        return "proposed"
    return PAST.get(action.verb, action.verb)


@dataclass(frozen=True, slots=True)
class Saved:
    """What git acknowledged: `commit` is empty where only the file was written. `notice` and `hint` are sentences.

    `branch` is the person's own branch on the remote where it is shared for a pull request.
    """

    commit: str = ""
    shared: bool = False
    notice: str = ""
    hint: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What an action came to: the items that were meant, the state after it, what to tell, what git said.

    `followed` are the actions that it led to in other runs and `started` the runs that it made start, each saved by
    itself; `left` says what of that could not be done.
    """

    action: Action
    items: tuple[Item, ...]
    state: RunState | ProjectState
    decision: Decision
    saved: Saved
    followed: tuple[Done, ...] = ()
    started: tuple[Started, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(slots=True)
class _Attempt:
    """What the last call of the transform found; read when git has said yes.

    `proof` is a file that came as evidence, `beside` where it is to be copied to, with its content.
    """

    action: Action
    proof: Proof | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)
    procedure: Process | None = None
    held: Held | None = None
    decided_on: Run | Project | None = None
    decision: Decision | None = None
    before: RunState | ProjectState | None = None
    tries: int = field(default=0)


def perform(
    repository: Repository,
    target: Named,
    action: Action,
    *,
    who: str,
    now: datetime,
    config: Config,
    commit: bool = True,
    proof: Proof | None = None,
    undoes: str = "",
) -> Done:
    """Do one action on the run or project `target` and give what came of it.

    `proof` is a file that comes as evidence; where it is not in git already, its copy goes into the same commit.
    `undoes` is the commit that this action answers.

    `action.items` are texts as people type them: ids, beginnings of ids, parts of titles. `now` is UTC and fixed, so
    that trying again is the same action. Raises NotAllowed with the reason and a way out, WrongUsage for an unknown
    item, BrokenFiles where the file has errors, GitRefused; nothing is written then.
    """
    attempt = _Attempt(action, proof)

    def transform(before: bytes | None) -> bytes:
        return _decide(repository, target, attempt, before, who=who, now=now, config=config)

    def message() -> str:
        past = past_of(attempt.action, attempt.decision)
        return commit_message(target, attempt.action, _items(attempt), past, undoes)

    saved = save(
        repository, target.path, transform, message, config=config, commit=commit, beside=lambda: attempt.beside
    )
    if attempt.held is None or attempt.decision is None:
        raise AssertionError("the store did not call the transform")
    from handrail.rules.apply import apply

    after = apply(attempt.held.holder, attempt.decision.changes)
    state = state_of(after, attempt.procedure, moment_of(config, now, repository.keep))
    done = Done(attempt.action, _items(attempt), state, attempt.decision, saved)
    return _with_followed(repository, attempt, done, who=who, now=now, config=config, commit=commit)


def _with_followed(
    repository: Repository, attempt: _Attempt, done: Done, *, who: str, now: datetime, config: Config, commit: bool
) -> Done:
    before, after = attempt.before, done.state
    if not isinstance(before, RunState) or not isinstance(after, RunState):
        return done
    if before.state == after.state and not newly_to_do(before, after):
        return done
    from handrail.app.family import follow

    followed = follow(repository, before, after, done.action, who=who, now=now, config=config, commit=commit)
    return replace(done, followed=followed.done, started=followed.started, left=followed.left)


def save(
    repository: Repository,
    path: str,
    transform: Callable[[bytes | None], bytes],
    message: Callable[[], str],
    *,
    config: Config,
    commit: bool,
    beside: Callable[[], Mapping[str, bytes]] = dict,
) -> Saved:
    """Write one file by `transform`, commit it alone and share it as the workspace wishes; or only write it.

    `beside` gives further files of the same commit by path, once `transform` was called.
    """
    if not commit:
        from handrail.store.paths import write_bytes

        with repository.locked():
            new = transform(repository.read_or_none(path))
            for name, content in (*beside().items(), (path, new)):
                write_bytes(repository.root, name, content)
        return Saved()
    from handrail.store.sync import act

    mode, branch = sharing(repository, config)
    outcome = act(repository, path, transform, message, mode, branch=branch, beside=beside)
    return Saved(outcome.commit, outcome.shared, outcome.notice, outcome.hint, outcome.branch)


def sharing(repository: Repository, config: Config) -> tuple[Literal["push", "branch", "none"], str]:
    """Give how actions are shared here, and the person's own branch for pull requests (empty but for `branch`)."""
    mode = cast('Literal["push", "branch", "none"]', config.sync or "push")
    if mode != "branch":
        return mode, ""
    return mode, f"handrail/{person_of(config, repository.identity())}"


def state_of(holder: Run | Project, procedure: Process | None, moment: Moment) -> RunState | ProjectState:
    """Give how a run or project stands at a moment, in its own calendar."""
    from handrail.rules.state import project_state, run_state

    if isinstance(holder, Run):
        return run_state(holder, procedure=procedure, time=moment.time_for(holder.calendar), now=moment.now)
    return project_state(holder, time=moment.time_of(holder), now=moment.now)


def commit_message(target: Named, action: Action, items: tuple[Item, ...], past: str, undoes: str = "") -> str:
    """Give the message of an action's commit: `done hr/ada: Get it back signed`, the note, the trailers."""
    from handrail.store.message import build_message
    from handrail.text.plain import plain

    titles = ", ".join(plain(item.title) for item in items) or one_line(dict(action.values).get("title", ""))
    run = target.kind == "run"
    trailers = [
        ("Handrail-Action", past),
        ("Handrail-Run" if run else "Handrail-Project", target.id),
        ("Handrail-Step" if run else "Handrail-Task", ", ".join(item.id for item in items)),
        ("Handrail-Undoes", undoes),
    ]
    return build_message(f"{past} {target.id}{f': {titles}' if titles else ''}", action.note, trailers)


def _decide(
    repository: Repository,
    target: Named,
    attempt: _Attempt,
    before: bytes | None,
    *,
    who: str,
    now: datetime,
    config: Config,
) -> bytes:
    from handrail.format.edit import edit
    from handrail.rules.decide import decide

    held = hold(target, before)
    attempt.tries += 1
    holder = with_hand_ticks_of(held.holder, repository, config)
    attempt.held, attempt.beside = replace(held, holder=holder), {}
    if attempt.tries == 1:
        ids = tuple(find_item(holder, text).id for text in attempt.action.items)
        attempt.action = replace(attempt.action, items=ids)
        if isinstance(holder, Run):
            attempt.procedure = procedure_of(repository.root, holder, repository, steps=False)
    elif attempt.decided_on and attempt.decision and _came_back(attempt.decided_on, holder, attempt.decision.changes):
        # The push that seemed to fail had arrived: what came back is our own action.
        return before or b""
    state = state_of(holder, attempt.procedure, moment_of(config, now, repository.keep))
    action, beside = _with_proof(repository, target, attempt)
    asked = partial(decide, state, action, who=who, now=now, config=config, procedure=attempt.procedure)
    asked_for = action.items if action.verb in ("check", "approve", "skip") else ()
    outcome = asked(children=_children(repository, holder, asked_for, now, config))
    if isinstance(outcome, Refusal):  # the way out may lead through the run of any step
        outcome = asked(children=_children(repository, holder, None, now, config))
    if isinstance(outcome, Refusal):
        raise NotAllowed(sentence(outcome.message), sentence(outcome.hint))
    attempt.decided_on, attempt.decision, attempt.before, attempt.beside = holder, outcome, state, beside
    return edit(held.document, outcome.changes).encode()


def _came_back(earlier: Run | Project, holder: Run | Project, changes: tuple[Change, ...]) -> bool:
    """Tell whether every event of an action stands here once more than in what the action was decided on.

    Counted, because the same person may have done the like in the same second before.
    """
    before, now = _counted(earlier), _counted(holder)
    return all(now[one.item, one.event] > before[one.item, one.event] for one in changes)


def _counted(holder: Run | Project) -> Counter[tuple[str, Event]]:
    under_items = ((item.id, event) for item in walk(holder.items) for event in item.events)
    return Counter((*(("", event) for event in holder.log), *under_items))


def _with_proof(repository: Repository, target: Named, attempt: _Attempt) -> tuple[Action, Mapping[str, bytes]]:
    """Give the action with the path and the hash of its evidence, and the copy that is to be written, if any."""
    proof, action = attempt.proof, attempt.action
    if proof is None:
        return action, {}
    from handrail.app.proof import proof_path

    path = proof_path(repository, target, action.items[0], proof)
    values = (*action.values, ("file", path), ("sha256", proof.digest))
    return replace(action, values=values), {} if proof.path else {path: proof.data}


def _items(attempt: _Attempt) -> tuple[Item, ...]:
    if attempt.held is None:
        return ()
    known = {item.id: item for item in walk(attempt.held.holder.items)}
    return tuple(known[name] for name in dict.fromkeys(attempt.action.items) if name in known)


def _children(
    repository: Repository, holder: Run | Project, steps: tuple[str, ...] | None, now: datetime, config: Config
) -> Mapping[str, tuple[Child, ...]]:
    """Give the child runs of some steps, of all for None: looked for only where a step has some."""
    if not isinstance(holder, Run):
        return {}
    with_run = tuple(item.id for item in walk(holder.items) if item.attributes.run)
    wanted = with_run if steps is None else tuple(step for step in steps if step in with_run)
    if not wanted:
        return {}
    from handrail.app.family import children_of

    return children_of(repository, holder, wanted, now, config)


def sentence(text: str) -> str:
    """Give a reason or a way out as a sentence: a capital first, a full stop last."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '…')) or not text else '.'}"
