"""The verbs: load, decide, edit, commit, sync."""
