"""Plans as they come: a file becomes a document, a document becomes what was understood of it."""
