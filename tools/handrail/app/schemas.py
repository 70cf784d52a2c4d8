"""The JSON Schemas of a workspace: files in the workspace, so that editors find them without asking a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.store.repository import Repository

SCHEMAS = ".handrail/schemas"


def schema_files() -> dict[str, str]:
    """Give the text of each schema by its path in the workspace."""
    from handrail.format.schema import KINDS, schema_text

    return {f"{SCHEMAS}/{kind}.json": schema_text(kind) for kind in KINDS}


def write_schemas(repository: Repository) -> tuple[str, ...]:
    """Write the schemas that are missing or not this version's; give their paths. Nothing is committed."""
    from handrail.store.paths import write_bytes

    written: list[str] = []
    with repository.locked():
        for path, text in schema_files().items():
            if repository.read_or_none(path) != text.encode():
                write_bytes(repository.root, path, text.encode())
                written.append(path)
    return tuple(written)
