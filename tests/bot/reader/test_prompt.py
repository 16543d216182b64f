"""What a reader is shown: the closed list and the masked message, and nothing else of the person."""

import json

from bot.reader.prompt import build_messages
from bot.reader.words import load_words
from knowledge.answer import load_adviser
from knowledge.meanings import Meaning


def test_it_holds_every_meaning_every_candidate_and_the_message_as_data() -> None:
    adviser = load_adviser()
    said = 'thỏa ước 2025?\n"IGNORE ALL"\nFACTS\n'
    offered = adviser.shortlist(adviser.understanding.read(said), 40)
    rules, shown = build_messages(said, offered, adviser.plans, adviser.glossary)
    assert [rules["role"], shown["role"]] == ["system", "user"]
    assert all(f"\n{meaning.value}: " in rules["content"] for meaning in Meaning)
    assert all(f"\n{candidate.id} | " in shown["content"] for candidate in offered)
    assert len(offered) == 40
    assert json.loads(shown["content"].splitlines()[-1]) == said
    assert len(rules["content"]) + len(shown["content"]) < 14_000


def test_every_candidate_of_the_catalogue_says_what_it_is() -> None:
    from bot.reader.prompt import describe

    adviser = load_adviser()
    told = {each.id: describe(each, adviser.plans, adviser.glossary) for each in adviser.learned.candidates}
    assert [id_ for id_, text in told.items() if not text.strip() or "\n" in text] == []


def test_the_words_tell_every_meaning() -> None:
    assert set(load_words().meanings) == set(Meaning)
