"""A run moves on to the present text of its procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from handrail.app.act import Saved, save, sentence
from handrail.app.load import Held, hold, load_process, procedure_of
from handrail.app.moment import moment_of
from handrail.app.names import Named
from handrail.app.start import refuse_broken, refuse_uncommitted
from handrail.base.errors import NotAllowed, WrongUsage
from handrail.base.value import dataclass
from handrail.model.change import Refusal
from handrail.model.people import Config
from handrail.model.run import Run
from handrail.rules.upgrade import Upgrade, counted, upgrade_run

if TYPE_CHECKING:
    from handrail.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What the upgrade came to, the run as it was before it, and what git said."""

    before: Run
    upgrade: Upgrade
    saved: Saved


@dataclass(slots=True)
class _Attempt:
    """What the last call of the transform found."""

    found: list[tuple[Run, Upgrade]] = field(default_factory=list)


def upgrade(
    repository: Repository,
    target: Named,
    *,
    roles: Mapping[str, str],
    who: str,
    now: datetime,
    config: Config,
    commit: bool = True,
    dry_run: bool = False,
) -> Upgraded:
    """Move the run `target` to today's procedure; with `dry_run` only say what that would change.

    Raises NotAllowed for a run that is over or up to date, and where somebody laid out the file in a way that cannot
    be kept; BrokenFiles, GitRefused. Nothing is written then.
    """
    attempt = _Attempt()

    def transform(before: bytes | None) -> bytes:
        held = hold(target, before)
        if attempt.found and before is not None and _is_ours(held.holder, attempt.found[-1][1]):
            return before
        return _moved(repository, held, attempt, roles, commit and not dry_run, who, now, config)

    def message() -> str:
        from handrail.store.message import build_message

        what = counted(attempt.found[-1][1].steps)
        trailers = [("Handrail-Action", "upgraded"), ("Handrail-Run", target.id)]
        return build_message(f"upgraded {target.id}{f': {what}' if what else ''}", "", trailers)

    if dry_run:
        transform(repository.read_or_none(target.path))
        saved = Saved()
    else:
        saved = save(repository, target.path, transform, message, config=config, commit=commit)
    return Upgraded(*attempt.found[-1], saved)


def _moved(
    repository: Repository,
    held: Held,
    attempt: _Attempt,
    roles: Mapping[str, str],
    committed: bool,
    who: str,
    now: datetime,
    config: Config,
) -> bytes:
    from handrail.format.edit import edit
    from handrail.format.fill import fill
    from handrail.format.rewrite import rewrite
    from handrail.text.document import read_document

    run = held.holder
    if not isinstance(run, Run):
        raise WrongUsage(f"`{run.id}` is no run.")
    path = f"processes/{run.process}/README.md"
    process = load_process(repository.root, run.process, path)
    refuse_broken(process, config)
    refuse_uncommitted(repository, path, commit=committed)
    outcome = upgrade_run(
        run,
        old=procedure_of(repository.root, run, repository),
        new=process,
        revision=repository.blob_id(path),
        roles=roles,
        who=who,
        now=now,
        config=config,
        time=moment_of(config, now, repository.keep).time_for(process.calendar),
        fill=fill,
    )
    if isinstance(outcome, Refusal):
        raise NotAllowed(sentence(outcome.message), sentence(outcome.hint))
    text = rewrite(held.document, run, outcome.run)
    if text is None:
        hint = "Nothing was written. `handrail fmt` brings files into the usual form."
        raise NotAllowed(f"The file of `{run.id}` was laid out by hand in a way that an upgrade would not keep.", hint)
    attempt.found.append((run, outcome))
    return edit(read_document(run.path, text), outcome.changes).encode()


def _is_ours(holder: object, upgrade: Upgrade) -> bool:
    """Tell whether the push that seemed to fail had arrived: what came back says what we wrote."""
    events = [one.event for one in upgrade.changes if one.event.verb == "upgraded"]
    return isinstance(holder, Run) and holder.revision == upgrade.run.revision and set(events) <= set(holder.log)
