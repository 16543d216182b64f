"""Word files made by hand, part by part, as Word writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN_TYPE}"/></Types>'
)
RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(inner: str, properties: str = "") -> str:
    """A paragraph of runs; text without a tag is one run."""
    content = inner if inner.startswith("<") or not inner else run(inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def in_list(list_id: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def level(place: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{escape(text)}"/></w:lvl>'
    )


def definition(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def use(list_id: int, key: int, more: str = "") -> str:
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{key}"/>{more}</w:num>'


RULED = '<w:tblBorders><w:top w:val="single"/><w:insideH w:val="single"/></w:tblBorders>'
UNRULED = '<w:tblBorders><w:top w:val="nil"/><w:insideH w:val="none"/></w:tblBorders>'


def cell(text: str | Sequence[str], properties: str = "") -> str:
    lines = [text] if isinstance(text, str) else text
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(paragraph, lines))}</w:tc>"


def table(*rows: str | Sequence[str], properties: str = RULED) -> str:
    """A table; a row is its cells' texts, or its XML."""
    written = (row if isinstance(row, str) else f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(written)}</w:tbl>"


def part(root: str, content: str, prologue: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<w:{root} {_NAMES}>{content}</w:{root}>'


def document(body: str, prologue: str = "") -> str:
    return part("document", f"<w:body>{body}<w:sectPr/></w:body>", prologue)


def package(main: str | bytes, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A .docx: its main part and others by name ("numbering", "styles", "footnotes": their XML; a path: as it is)."""
    written: dict[str, str | bytes] = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELS}
    written["word/document.xml"] = main
    related = []
    for name, content in (parts or {}).items():
        if "/" in name or "." in name:
            written[name] = content
        else:
            written[f"word/{name}.xml"] = content
            related.append(f'<Relationship Id="r{name}" Type="{_RELATED}/{name}" Target="{name}.xml"/>')
    written["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(related)}</Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in written.items():
            packed.writestr(path, content)
    return out.getvalue()


def write_docx(path: Path, body: str, **parts: str) -> Path:
    """A file of that body; `parts` as for `package`, without their root elements' tags."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    path.write_bytes(package(document(body), {name: part(roots[name], content) for name, content in parts.items()}))
    return path
