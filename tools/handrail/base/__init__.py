"""The ground that every other part stands on: places, problems, errors, words. Standard library only."""
