"""Markdown and front matter with positions; edits that touch only their lines. Knows no domain."""
