"""`python -m knowledge.learning.train_index`: count anew what the index keeps of catalogue and lessons.

Needed after a change of plans, forms, glossary or of what was learned; needs nothing beyond what the product needs.
"""

from __future__ import annotations

from knowledge.forms import load_forms
from knowledge.learning.train import ROOM
from knowledge.question import load_understanding
from knowledge.search.index import FILE, build_index, digest_of, pack
from knowledge.search.ranker import load_learned


def main() -> None:
    """Write the file."""
    load_learned.cache_clear()
    understanding, forms = load_understanding(), load_forms()
    data = pack(build_index(understanding, forms), digest_of(understanding, forms))
    (ROOM / "models" / FILE).write_bytes(data)
    print(f"written: {FILE}, {len(data) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
