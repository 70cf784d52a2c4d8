"""The command line, which kills itself with SIGKILL before the Nth thing it does to a file or a process.

`soak_dying.py N COMMAND…`; with 0 it lives, and says on standard error how many such things there were. Python's own
audit events tell of them, so nothing of the program is replaced.
"""

from __future__ import annotations

import os
import signal
import sys

DEEDS = frozenset({
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.chmod", "fcntl.flock",
    "subprocess.Popen", "os.kill",
})  # fmt: skip


class Death:
    """Counts deeds until the one that is not done any more."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.count = 0

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in DEEDS or (event == "open" and self.writes(arguments)):
            self.count += 1
            if self.count == self.number:
                os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def writes(arguments: tuple[object, ...]) -> bool:
        path, _, flags = arguments
        wanted = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        return isinstance(flags, int) and bool(flags & wanted) and ".pyc" not in str(path)


def main() -> None:
    from handrail.cli.main import handrail

    death = Death(int(sys.argv[1]))
    sys.addaudithook(death.hook)
    try:
        handrail.main(sys.argv[2:], prog_name="handrail")
    finally:
        if not death.number:
            print(f"deeds {death.count}", file=sys.stderr)


if __name__ == "__main__":
    main()
