"""The command line: one module per noun, one place where errors become output and exit codes."""
