"""Errors in the data files of knowledge."""


class CatalogueError(Exception):
    """A catalogue file is wrong: says which file and which key, so that whoever edits it finds the place."""

    def __init__(self, file: str, problem: str) -> None:
        """`file` is the name of the catalogue file, `problem` says what is wrong and at which key."""
        super().__init__(f"{file}: {problem}")
        self.file = file
        self.problem = problem
