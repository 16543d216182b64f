"""A .docx as a package of XML parts: each unpacked piece by piece, within limits, and without entities."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from knowledge.importing.refusals import (
    DEEPEST,
    LARGEST_PACKAGE,
    LARGEST_PART,
    MOST_ELEMENTS,
    MOST_PARAGRAPHS,
    MOST_PARTS,
    FileRefusedError,
    WhyRefused,
)

SUSPICIOUS: Final = 100  # times as large unpacked as packed: Word's own text packs to a tenth or so
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError)


class Package:
    """The parts of one .docx.

    Raises:
        FileRefusedError: it is no package, is protected, carries macros, or would unpack to far more than it is.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGED:
            raise FileRefusedError(WhyRefused.DAMAGED) from None
        parts = self._zip.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefusedError(WhyRefused.ENCRYPTED)
        unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
        if len(parts) > MOST_PARTS or (unpacked > LARGEST_PACKAGE and unpacked > SUSPICIOUS * packed):
            raise FileRefusedError(WhyRefused.ZIP_BOMB)
        if any(posixpath.basename(part.filename).lower() == "vbaproject.bin" for part in parts):
            raise FileRefusedError(WhyRefused.MACROS)
        self._parts = {part.filename: part for part in parts}
        self.main = self._find_main()

    @property
    def has_pictures(self) -> bool:
        """Whether pictures come with it."""
        return any("/media/" in name for name in self._parts)

    def _find_main(self) -> str:
        if "[Content_Types].xml" not in self._parts:
            raise FileRefusedError(WhyRefused.WRONG_TYPE)
        for rel in self.elements("_rels/.rels", 1):
            if rel.get("Type", "").endswith("/officeDocument"):
                target = rel.get("Target", "").lstrip("/")
                if target.endswith(".xml") and target in self._parts and self._is_word(target):
                    return target
        raise FileRefusedError(WhyRefused.WRONG_TYPE)

    def _is_word(self, part: str) -> bool:
        for each in self.elements("[Content_Types].xml", 1):
            if each.get("PartName", "").lstrip("/") == part:
                return "wordprocessing" in each.get("ContentType", "")
        return part.startswith("word/")

    def related(self, kind: str) -> str | None:
        """The part of that kind ("styles", "numbering", "footnotes") that belongs to the main one."""
        folder, name = posixpath.split(self.main)
        for rel in self.elements(posixpath.join(folder, "_rels", f"{name}.rels"), 1):
            if rel.get("Type", "").rpartition("/")[2] == kind:
                target = rel.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                return path if path in self._parts else None
        return None

    def elements(self, part: str | None, depth: int) -> Iterator[Element]:
        """The elements of a part at a depth (the root's is 0), each whole, with local names; none of an absent part.

        Raises:
            FileRefusedError: the part is damaged, too deep, too large, or defines entities.
        """
        if part not in self._parts:
            return
        info = self._parts[part]
        try:
            with self._zip.open(info) as stream:
                yield from _elements(_Limited(stream, info.compress_size), depth)
        except FileRefusedError:
            raise
        except DefusedXmlException:
            raise FileRefusedError(WhyRefused.ENTITIES) from None
        except (ParseError, *_DAMAGED):
            raise FileRefusedError(WhyRefused.DAMAGED) from None


class _Limited(io.RawIOBase):
    """A part's stream that refuses to unpack to more than a part may, whatever the package says of its size."""

    def __init__(self, stream: IO[bytes], packed: int) -> None:
        super().__init__()
        self._stream, self._packed, self._unpacked = stream, packed, 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(2**16 if size < 0 else size)
        self._unpacked += len(piece)
        if self._unpacked > LARGEST_PART:
            bomb = self._unpacked > SUSPICIOUS * self._packed
            raise FileRefusedError(WhyRefused.ZIP_BOMB if bomb else WhyRefused.TOO_MUCH_TEXT)
        return piece


_NAMESPACE = re.compile(r"\{[^}]*\}")


def _elements(stream: IO[bytes] | _Limited, depth: int) -> Iterator[Element]:
    """Elements at a depth, one after the other: what was handed over is let go, so that memory holds one at a time."""
    open_: list[Element] = []
    elements = paragraphs = 0
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            open_.append(element)
            if len(open_) > DEEPEST:
                raise FileRefusedError(WhyRefused.TOO_DEEP)
            elements += 1
            paragraphs += element.tag.endswith("}p")
            if elements > MOST_ELEMENTS or paragraphs > MOST_PARAGRAPHS:
                raise FileRefusedError(WhyRefused.TOO_MUCH_TEXT)
            continue
        open_.pop()
        element.tag = _NAMESPACE.sub("", element.tag)
        if element.attrib:
            named = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
            element.attrib.clear()
            element.attrib.update(named)
        if len(open_) == depth:
            yield element
            if open_:
                open_[-1].clear()
