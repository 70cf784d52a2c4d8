"""Between text and model: read a document into values and problems, edit a document for events."""
