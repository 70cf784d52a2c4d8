"""Why a command cannot go on. One sentence, one way out, one exit status each."""

from __future__ import annotations

from handrail.base.problem import Problem


class HandrailError(Exception):
    """A command cannot be done. `sentence` says why, `hint` what would make it possible."""

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class NotAllowed(HandrailError):
    """The action is understood but not allowed in the present state (exit status 1)."""


class BrokenFiles(HandrailError):
    """Files that the command needs have errors (exit status 1). `problems` holds them all."""

    def __init__(self, sentence: str, problems: tuple[Problem, ...], hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.problems = problems


class WrongUsage(HandrailError):
    """The command line names something that is not there or makes no sense (exit status 2)."""

    exit_code = 2


class GitRefused(HandrailError):
    """Git or the remote did not do what it was asked (exit status 3)."""

    exit_code = 3
