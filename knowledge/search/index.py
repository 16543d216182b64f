"""The index that ships beside the models: what is slow to count of catalogue and lessons, counted once.

`knowledge.learning.train_index` writes it. A digest says what it was counted from; where plans, forms, glossary or
lessons are others, everything is counted anew in memory.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.resources import files

import msgspec
import numpy as np

from knowledge.model.forms import Form
from knowledge.passages import Passages
from knowledge.question import Understanding
from knowledge.rows import Rows
from knowledge.search.candidates import Candidate, collect
from knowledge.search.postings import TermCounts
from knowledge.search.ranker import Counted, count_asked, load_learned, read_learned

logger = logging.getLogger(__name__)

_MODELS = files("knowledge.learning") / "models"
FILE = "index.npz"


@dataclass(frozen=True)
class Index(Counted):
    """All that is counted: the candidates, and beside them

    Attributes:
        asked: the pieces of questions once asked.
        passages: the terms of tasks and deadlines; `rows`: those of rows of forms.
    """

    asked: TermCounts
    passages: TermCounts
    rows: TermCounts


def collect_candidates(understanding: Understanding, forms: Sequence[Form]) -> tuple[Candidate, ...]:
    """Every candidate of a catalogue."""
    return collect(understanding.plans.values(), forms, understanding.glossary, understanding.fold_words)


def build_index(understanding: Understanding, forms: Sequence[Form]) -> Index:
    """Count everything; takes about half a second."""
    counted = Counted.of(collect_candidates(understanding, forms))
    return Index(
        **{field.name: getattr(counted, field.name) for field in fields(counted)},
        asked=count_asked(load_learned()[0].questions),
        passages=Passages(understanding.plans, understanding).counted,
        rows=Rows(forms, understanding).counted,
    )


def digest_of(understanding: Understanding, forms: Sequence[Form]) -> str:
    """A SHA-256, in hexadecimal, of the data that an index is counted from; the code that counts is left to a test."""
    catalogue = (list(understanding.plans.values()), list(forms), understanding.glossary)
    digest = hashlib.sha256(msgspec.json.encode(catalogue, order="deterministic"))
    digest.update(read_learned())
    return digest.hexdigest()


def pack(index: Index, digest: str) -> bytes:
    """An index as the file that `unpack` reads."""
    parts = {
        f"{field.name}.{part}": array
        for field in fields(index)
        for part, array in getattr(index, field.name).parts().items()
    }
    kept = io.BytesIO()
    np.savez_compressed(kept, allow_pickle=False, digest=np.array(digest), **parts)
    return kept.getvalue()


def unpack(data: bytes, digest: str) -> Index | None:
    """The index in such a file; None where it was counted from something else."""
    with np.load(io.BytesIO(data), allow_pickle=False) as parts:
        if str(parts["digest"]) != digest:
            return None
        read = {
            field.name: TermCounts.from_parts({part: parts[f"{field.name}.{part}"] for part in TermCounts.PARTS})
            for field in fields(Index)
        }
        return Index(**read)


def load_index(understanding: Understanding, forms: Sequence[Form]) -> Index:
    """The index of a catalogue: from the file that ships with the product, or counted where that is of another."""
    file = _MODELS / FILE
    found = unpack(file.read_bytes(), digest_of(understanding, forms)) if file.is_file() else None
    if found is None:
        logger.info("no index of this catalogue is kept; counting")
    return found or build_index(understanding, forms)
