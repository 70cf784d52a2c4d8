"""Let `python -m handrail` do what the `handrail` command does."""

from handrail.cli.main import main

if __name__ == "__main__":
    main()
