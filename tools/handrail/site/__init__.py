"""Pages and pictures as pure functions; `plugin` is the only module that imports mkdocs."""
