"""Sentences for files that were not read."""

from __future__ import annotations

import pytest

from bot.features.plans import reading_words
from knowledge.importing.refusals import WhyRefused


@pytest.mark.parametrize("why", WhyRefused)
def test_every_reason_has_one_sentence_of_its_own(why: WhyRefused) -> None:
    sentence = reading_words.refused(why)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200
    assert [other for other in WhyRefused if reading_words.refused(other) == sentence] == [why]
