"""Git, through GitPython: trees, commits, sync, history. Knows no domain."""
