"""Work that is divided among processes: a copy of this one takes each part, so nothing has to be handed over."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
WORTH_PROCESSES = 300
"""For fewer pieces of work another process does not pay."""
_MOST = 4


def together(pieces: Sequence[T], work: Callable[[Sequence[T]], R]) -> list[R]:
    """Give what `work` gives for parts of `pieces`, in their order. A part whose process fails is done here again.

    What `work` gives is small and can be pickled; what else it changes is lost with its process. Where processes
    cannot be copied safely (other systems than Linux, other threads at work), all is one part.
    """
    number = _processes() if len(pieces) >= WORTH_PROCESSES else 1
    size = -(-len(pieces) // number) or 1
    parts = [pieces[at : at + size] for at in range(0, len(pieces), size)]
    others = [(part, *_begun(part, work)) for part in parts[1:]]
    found = [work(part) for part in parts[:1]]
    for part, process, answer in others:
        try:
            found.append(answer.recv())
        except EOFError:
            found.append(work(part))
        process.join()
    return found


def at_once(here: Callable[[], T], there: Callable[[], R]) -> tuple[T, R]:
    """Give what both give. `there` is done in a process of its own, as `together` says of a part of the work.

    A connection to a database belongs to the process that opened it: it must open its own.
    """
    if _processes() < 2:
        return here(), there()
    process, answer = _begun((), lambda _: there())
    mine = here()
    try:
        theirs: R = answer.recv()
    except EOFError:
        theirs = there()
    process.join()
    return mine, theirs


def _processes() -> int:
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST)


def _begun(
    part: Sequence[T], work: Callable[[Sequence[T]], R]
) -> tuple[multiprocessing.context.ForkProcess, Connection]:
    context = multiprocessing.get_context("fork")
    answer, told = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(told, part, work))
    process.start()
    told.close()
    return process, answer


def _tell(told: Connection, part: Sequence[T], work: Callable[[Sequence[T]], R]) -> None:
    """Do a part in a process of its own; one that fails tells nothing."""
    try:
        told.send(work(part))
    finally:
        told.close()
