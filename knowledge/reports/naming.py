"""Names of rows in a message, and the name of the unit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from rapidfuzz.distance import OSA

from knowledge.number_words import NUMBER_WORDS
from knowledge.reports.lesser_names import LesserNames
from knowledge.reports.message import TextItem
from knowledge.reports.phrases import DATA, either, folded, phrases
from knowledge.reports.words import (
    CHIEF,
    CLOSE,
    FILLERS,
    FOREIGN,
    MEN,
    REPORT_WORD,
    UNION_FIGURE,
    UNIT_BARE,
    UNIT_END,
    UNIT_FIGURE_AFTER,
    UNIT_FIGURE_BEFORE,
    UNIT_OF_ITS_OWN,
    UNIT_PEOPLE,
    UNIT_START,
)

_FEWEST_HEADS: Final = 2
_PAIR: Final = 2


class RowNaming(LesserNames):
    """The part of reading a message that finds the names of rows and of the unit."""

    trades: tuple[tuple[int, int], ...] = ()

    def _words(self) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), m[0]) for m in re.finditer(r"[a-z][a-z0-9]*", self.norm)]

    def _labels(self) -> list[TextItem]:
        """Every label, the longest phrase at each place."""
        words = self._words()
        self.trades = tuple(self.spans("trade"))
        items = self._hired()
        items += [TextItem(at, at + 2, True, (key,), words=("#",)) for at, key in self.numbered.items()]
        items += [TextItem(at, at, True, (key,), words=("#",)) for at, key in self.cells.items()]
        index = 0
        while index < len(words):
            step = self._label_at(words, index, items)
            index += max(step, 1)
        for match in MEN.finditer(self.norm):
            # "Năm" is a year, "nấm" a mushroom.
            if self.free(*match.span()) and self.marked[match.start() : match.end()] in folded("male"):
                items.append(TextItem(*match.span(), True, words=(match[0],)))
                self.claim(*match.span())
        items = self._with_lesser(items)
        items.sort(key=lambda item: item.start)
        for item in items:
            self.claim(item.start, item.end)
        return self._joined(items)

    def _label_at(self, words: list[tuple[int, int, str]], index: int, items: list[TextItem]) -> int:
        start = words[index][0]
        if not self.free(start, words[index][1]):
            return 1
        run = [words[index]]
        for word in words[index + 1 : index + max(self.lexicon.longest, 6)]:
            between = self.norm[run[-1][1] : word[0]]
            # A comma may stand inside a long name ("công nhân, viên chức, lao động"), a slash or a dash inside any.
            if not re.fullmatch(r" ?[,&().-]? ?|/ ?", between) or not self.free(*word[:2]):
                break
            run.append(word)
        texts = tuple(word[2] for word in run)
        if texts[0] in self.words("renewed") and any(
            end == start - 1 for _, end in self.spans("part", max(0, start - 20), start)
        ):
            return 1
        staff = self._staff(start)
        for size in range(len(run), 0, -1):
            phrase = texts[:size]
            if staff is not None and run[size - 1][1] <= staff:
                items.append(TextItem(start, staff, True, self.staff_row, words=tuple(self.norm[start:staff].split())))
                return len([word for word in words[index:] if word[0] < staff])
            bare = tuple(word.removesuffix("zz") for word in phrase)
            # Three words and more are sure, whatever one of them looks like: "vô công đoàn rồi".
            keys = self.lexicon.labels.get(bare if size > _PAIR else phrase)
            commas = bool(re.search(r"[,(]|\.(?= )", self.norm[start : run[size - 1][1]]))
            foreign = bare in FOREIGN and not commas
            if keys is None and foreign and not any(a < start < b for a, b in self.trades):
                items.append(TextItem(start, run[size - 1][1], True, words=phrase))
                return size
            if keys is not None and (not commas or (size >= 4 and not any(self.by_key[key].sign for key in keys))):
                size += self._union_behind(run[size : size + 3], keys)  # noqa: PLW2901
                items.append(TextItem(start, run[size - 1][1], True, keys, words=texts[:size]))
                return size
        for phrase in phrases("totals"):
            named = (
                len(phrase) > 1
                and phrase[:1] in phrases("totals")
                and texts[1 : len(phrase) + 1] in self.lexicon.labels
            )
            if (
                texts[: len(phrase)] == phrase
                and not named
                and not self._lacks_marks(start, run[len(phrase) - 1][1])
                and not _has_comma(self.norm[start : run[len(phrase) - 1][1]])
            ):
                items.append(TextItem(start, run[len(phrase) - 1][1], True, total=True, words=phrase))
                return len(phrase)
        for size in range(min(len(run), 6), 1, -1):
            joined = " ".join(texts[:size])
            if len(joined) < 7 or _has_comma(self.norm[start : run[size - 1][1]]):
                continue
            near = [
                w
                for w, spoken in self.lexicon.spoken
                if len(w) == size
                and w[0][0] == joined[0]
                and OSA.distance(joined, spoken, score_cutoff=1) == 1
                and all(
                    mine == known or (min(len(mine), len(known)) > 2 and mine not in NUMBER_WORDS)
                    for mine, known in zip(texts, w, strict=False)
                )
            ]
            if len({self.lexicon.labels[w] for w in near}) == 1:
                items.append(TextItem(start, run[size - 1][1], True, self.lexicon.labels[near[0]], words=near[0]))
                return size
        return 1

    def _union_behind(self, words: list[tuple[int, int, str]], keys: tuple[str, ...]) -> int:
        """How many of the words behind a name say of what people are members: "vào công đoàn", "ra khỏi đoàn"."""
        texts = tuple(word[2] for word in words)
        if all(key in self.children or self.by_key[key].noun for key in keys):
            if texts[:2] in phrases("union") and texts[2:] not in phrases("union_not"):
                return 2
            moving = all(key in self.children for key in keys)
            if moving and len(texts) > 1 and texts[:2] in phrases("union_joined"):
                return 2
            # "Vào Đoàn" with a capital is the youth's.
            youth = bool(words) and self.original_at(words[0][0]).isupper() and not self.original.isupper()
            if moving and texts[:1] in phrases("union_shortest") and not youth:
                return texts[1:2] not in phrases("union_shortest_not")
        return 0

    def _lacks_marks(self, start: int, end: int) -> bool:
        """Whether a word is another than the one meant, as it has no marks in a message with marks: "1 con gà"."""
        return not self.plain and self.marked[start:end] in folded("left")

    def _joined(self, items: list[TextItem]) -> list[TextItem]:
        """Labels that lean on each other made one: "đoàn viên được kết nạp", "nữ đoàn viên", "tổng lao động"."""
        joined: list[TextItem] = []
        for item in items:
            last = joined[-1] if joined else None
            if (
                last is not None
                and last.keys
                and last.keys == item.keys
                and self.norm[last.end : item.start].strip() == "("
            ):
                # "Headcount (tổng LĐ)": one row named twice.
                joined[-1] = replace(last, end=item.end)
            elif last is None or not self._close(last.end, item.start):
                joined.append(item)
            elif last.total:
                joined[-1] = item if item.keys else replace(item, start=last.start)
            elif item.total:
                if not last.keys:
                    joined.append(item)
            elif not last.keys or not item.keys:
                # Something else is counted: "nữ đoàn viên", "lao động nước ngoài", "lao động mới tuyển".
                joined[-1] = TextItem(
                    last.start, item.end, True, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item)
                )
            elif last.words in phrases("renewed") and item.keys != last.keys and item.keys[0] in self.children:
                # "mới nghỉ": who has just left.
                joined[-1] = item
            elif self._apart(last, item):
                joined[-1] = TextItem(
                    last.start, item.end, True, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item)
                )
            elif self._have_joined(last, item):
                joined[-1] = replace(item, start=last.start)
            elif (keys := self._together(last, item)) is not None:
                joined[-1] = TextItem(
                    last.start,
                    item.end,
                    True,
                    keys,
                    words=(*last.words, *item.words),
                    parts=(*(last.parts or (last,)), item),
                )
            else:
                joined.append(item)
        return joined

    def _close(self, start: int, end: int) -> bool:
        """Whether nothing but blanks and small words stands between."""
        between = self.norm[start:end]
        return bool(CLOSE.fullmatch(between)) and self.free(start, end)

    def _together(self, first: TextItem, second: TextItem) -> tuple[str, ...] | None:
        """The keys two labels side by side name together: a sub-row and its parent name the sub-row."""
        if first.keys == second.keys:
            return first.keys
        for one, other in ((first, second), (second, first)):
            parents = {self.children.get(key) for key in one.keys}
            if len(one.keys) == 1 and parents & set(other.keys):
                return one.keys
        return None

    def _have_joined(self, first: TextItem, second: TextItem) -> bool:
        """Whether people counted by their work are members and no more is told: "70 công nhân đã vào công đoàn"."""
        lead = {*self.norm[first.end : second.start].split(), second.words[0]} & folded("member_lead")
        counted = re.search(r"\d \Z", self.norm[: first.start]) and not self._is_told(second.end)
        return bool(lead and counted) and (first.keys, second.keys) == (self.staff_row, self.members_row)

    def _apart(self, first: TextItem, second: TextItem) -> bool:
        """Whether the second says of another row's people what the form asks of members only: "lao động tăng 20"."""
        parents = {self.children.get(key) for key in second.keys}
        return (
            None not in parents
            and not parents & set(first.keys)
            and all(key not in self.children and not self.by_key[key].noun for key in first.keys)
            and self.form.no_change != ()
        )

    def _unit(self, labels: list[TextItem]) -> tuple[str | None, list[TextItem]]:
        """The name of the unit as written; labels and digits inside it are none."""
        for match in UNIT_START.finditer(self.norm):
            inside = next((item for item in labels if item.start <= match.start() < item.end), None)
            if (inside is not None and inside.keys) or self._is_chief(match.start()):
                continue
            if inside is None and not self.free(match.start(), match.start() + 1):
                continue
            if any(begin <= match.end() + 1 for begin, _ in self.spans("own_words", match.end(), match.end() + 8)):
                labels = [item for item in labels if item is not inside]
                continue
            clause = self.layout.clause(match.start())[0]
            named = [item for item in labels if clause <= item.start < match.start() and item.keys and not item.total]
            if named and not any(c.isdigit() for c in self.norm[named[-1].end : match.start()]):
                # "Tổng lao động của trường 70": the unit's own people, not a name.
                if own := UNIT_OF_ITS_OWN.match(self.norm, match.end()):
                    self._take(match.start(), own.end())
                continue
            if UNION_FIGURE.match(self.norm, match.start()) and re.search(r"\d", self.norm[: match.start()]):
                # "36 người, công đoàn 36": how many are in it.
                continue
            end = self._unit_end(match.end(), labels)
            name = self.norm[match.start() : end]
            if len(name.split()) < 2 or UNIT_BARE.fullmatch(name.strip()):
                continue
            self.claim(match.start(), end)
            self.unit_spans.append((match.start(), end))
            rest = [item for item in labels if not (match.start() <= item.start < end)]
            hint = self.piece(match.start(), end)
            return re.sub(rf"^(?:{either('hint_lead', plain=False)})\s*:?\s*", "", hint, flags=re.IGNORECASE), rest
        return None, labels

    def _is_chief(self, start: int) -> bool:
        """Whether what may be a school is somebody who leads: "tổ trưởng nói 118"."""
        led = self.norm.startswith(tuple(folded("chief_word")), start) and CHIEF.search(self.norm[:start])
        return bool(led) or self.marked.startswith(tuple(DATA.lists["chief_word"]), start)

    def _unit_end(self, begun: int, labels: list[TextItem]) -> int:
        stop = re.search(r"[,:;\n(|]| [-/] |\.\s| \d{1,3}(?:\.\d{3})+(?![\w.])|$", self.norm[begun:])
        end = begun + (stop.start() if stop else 0)
        claimed = next(
            (i for i in range(begun, end) if self.marks[i] and not any(item.start <= i < item.end for item in labels)),
            end,
        )
        said = None if self.plain else next(self.spans("owns", begun, end), None)
        counted = UNIT_PEOPLE.search(self.norm[begun:end])
        end = min(end, claimed, said[0] if said else end, begun + counted.start() if counted else end)
        for item in labels:
            if not begun <= item.start < end:
                continue
            after = UNIT_FIGURE_AFTER.match(self.norm, item.end)
            before = UNIT_FIGURE_BEFORE.search(self.norm[begun : item.start])
            if before is not None and after:
                # A figure too many belongs to the name ("May 10 lao động 1320"); as many figures as names do not.
                tail = self.norm[begun + before.start("n") :].split("\n")[0]
                until = begun + before.start("n") + len(tail)
                heads = [other for other in labels if item.start <= other.start < until and other.keys]
                named = len({part.keys for other in heads for part in (other.parts or (other,))})
                spare = len(re.findall(r"\d[\d.,]*(?: \d{3}\b)*", tail)) > named
                return item.start if spare else begun + before.start("n")
            if after or (
                before is None and item.keys and not item.total and item.words[-1:] not in phrases("open_label")
            ):
                return item.start
            if before is not None:
                return begun + before.start("n")
        word = UNIT_END.search(self.norm[begun:end])
        return begun + word.start() if word else end

    def _without_header(self, labels: list[TextItem]) -> list[TextItem]:
        """Labels of a heading ("Báo cáo biến động đoàn viên tháng 10:") name no figure."""
        first = re.match(r"[^\n:]*", self.norm)
        end = first.end() if first else 0
        head = self.norm[:end]
        if (
            not end
            or end >= len(self.norm)
            or not (REPORT_WORD.search(head) or any(self.marks[i] for i in range(end) if head[i].isdigit()))
        ):
            return labels
        if any(c.isdigit() and not self.marks[i] for i, c in enumerate(head)):
            return labels
        in_head = [item for item in labels if item.end <= end]
        row = rf"\s*\d[\d.]*(?:\s*[/,;|-]\s*\d[\d.]*){{{len(in_head) - 1}}}\s*(?:\n|$)"
        if len(in_head) > _FEWEST_HEADS and re.match(row, self.norm[end + 1 :]):
            # "báo cáo t10 (lđ/đv/kn/giảm): 270/263/4/2"
            return labels
        if (
            self.norm[end] == ":"
            and in_head
            and (not self.norm[in_head[-1].end : end].strip() or self._only_time(in_head, end))
            and re.match(r"\s*[+-]?\d", self.norm[end + 1 :])
        ):
            # "báo cáo tháng 10 cnvclđ: 1320": the colon belongs to the last label, unless four figures follow.
            bare = re.match(r"\s*\d[\d., ]*(?:\s*[/;|-]\s*\d[\d., ]*){3}\s*$", self.norm[end + 1 :])
            if bare is None:
                return [in_head[-1], *(item for item in labels if item.end > end)]
        return [item for item in labels if item.end > end]

    def _only_time(self, named: list[TextItem], end: int) -> bool:
        """Whether nothing but one name and a month stand in a heading: "kn t10: 12"."""
        said = [*range(named[0].start), *range(named[-1].end, end)]
        rest = "".join(" " if self.marks[i] else self.norm[i] for i in said)
        return len(named) == 1 and {*rest.split()} <= FILLERS and REPORT_WORD.search(rest) is None


def _has_comma(text: str) -> bool:
    """Whether a comma or a bracket stands in a stretch of text."""
    return "," in text or "(" in text
