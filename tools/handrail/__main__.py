"""Let `python -m handrail` do what the `handrail` command does."""

from __future__ import annotations

from handrail.cli.main import main

if __name__ == "__main__":
    main()
