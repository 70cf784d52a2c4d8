"""Nothing lost, nothing twice, nothing that nobody did: acknowledged actions against what the files say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soak_history import Event, read_history
from soak_record import PAST, Operation

# What a command may write besides its own event: a rejection opens the steps that it covers and comes back to whoever
# rejected, who begins has it.
BESIDES = {"reject": frozenset({"reopened", "assigned"}), "begin": frozenset({"assigned"})}


@dataclass(frozen=True, order=True)
class Fault:
    """One broken promise: its `kind` (lost, doubled, foreign, refused, broken, disagree) and a sentence."""

    kind: str
    text: str


def check_state(
    operations: Sequence[Operation],
    files: Mapping[str, str],
    *,
    before: Mapping[str, str],
    remote: Mapping[str, str] | None = None,
) -> tuple[Fault, ...]:
    """Compare what writers were told with the run files after all clones synced.

    `files` and `before` are the run files (path to text) at the end and before the first operation; `remote` is
    what the remote held before the last sync, where everything that was said to be shared must already be.
    """
    events, broken = read_history(files)
    start, _ = read_history(before)
    faults = [Fault("broken", text) for text in broken]
    faults += [Fault("lost", f"stood there before: {event}") for event in Counter(start) - Counter(events)]
    faults += _Matching(operations, start, events).faults()
    if remote is not None:
        shared = _Matching(operations, start, read_history(remote)[0]).of_operation
        faults += [
            Fault("lost", f"said to be shared, but not on the remote: {one.name}")
            for one in operations
            if one.outcome == "shared" and one not in shared
        ]
    return tuple(sorted(faults))


class _Matching:
    """Which event is whose: by run, step, person, verb, time and words; each event and each operation once."""

    def __init__(self, operations: Sequence[Operation], start: Sequence[Event], events: Sequence[Event]) -> None:
        self.operations = operations
        self.of_operation: dict[Operation, Event] = {}
        self.rest: list[Event] = []
        self.whole = Counter(events)
        self.owners: dict[tuple[str, str, str], Operation] = {}
        left = Counter(start)
        waiting: dict[tuple[str, str, str, str], list[Operation]] = defaultdict(list)
        for one in sorted(operations, key=lambda one: (one.time, one.number)):
            waiting[one.run, one.step, one.who, PAST[one.verb]].append(one)
        times: dict[tuple[str, str], set[str]] = defaultdict(set)
        for event in events:
            if left[event]:
                left[event] -= 1
            else:
                self._take(event, waiting[event.run, event.step, event.who, event.verb], times[event.run, event.step])
            times[event.run, event.step].add(event.time)

    def _take(self, event: Event, waiting: list[Operation], times_above: set[str]) -> None:
        """Find the operation of an event. The tool never writes a time before what stands above: it takes that one."""
        for one in waiting:
            pushed_on = one.time < event.time and event.time in times_above
            if (one.time == event.time or pushed_on) and _says(event, one.token):
                waiting.remove(one)
                self.of_operation[one] = event
                self.owners[event.run, event.time, event.who] = one
                return
        self.rest.append(event)

    def faults(self) -> list[Fault]:
        faults = [fault for one in self.operations if (fault := self._of(one)) is not None]
        for event in self.rest:
            owner = self.owners.get((event.run, event.time, event.who)) or self._named(event)
            if self.whole[event] > 1:
                faults.append(Fault("doubled", f"{self.whole[event]} times: {event}"))
            elif owner is None or event.verb not in BESIDES.get(owner.verb, ()):
                faults.append(Fault("foreign", f"nobody did this: {event}"))
        return faults

    def _named(self, event: Event) -> Operation | None:
        """Find whose event it is by its words: its time may be that of an event above it, which another has not."""
        mine = (one for one in self.of_operation if (one.run, one.who) == (event.run, event.who) and one.token)
        return next((one for one in mine if _says(event, one.token)), None)

    def _of(self, operation: Operation) -> Fault | None:
        there = operation in self.of_operation
        if operation.outcome in {"shared", "here"} and not there:
            return Fault("lost", f"acknowledged, but not there: {operation.name}")
        if operation.outcome == "error":
            return Fault("broken", f"failed in its own way: {operation.name}: {operation.said}")
        if operation.outcome == "refused" and there:
            return Fault("refused", f"refused, but there: {operation.name}")
        return None


def _says(event: Event, token: str) -> bool:
    return not token or re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", event.rest) is not None
