"""Deadlines and recurring duties in running text: what, when, who, to whom."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Frequency, Rule
from knowledge.importing.cells import read_time
from knowledge.importing.model import Doubt, ReadDeadline
from knowledge.importing.outline import Item
from knowledge.importing.phrases import END, pattern
from knowledge.importing.sentences import Span, clauses, cut, sentences
from knowledge.importing.setting import Setting, Zone
from knowledge.importing.shadow import mend_font
from knowledge.importing.wording import phrase

_DUTY = re.compile(
    r"(?<!\w)(?:bao cao|gui|nop|hoan thanh|to chuc|trien khai|xay dung|ban hanh|tong hop|so ket|tong ket|dang ky|trinh|lap|danh gia|ra soat|kiem tra|giam sat|cap nhat|thong ke|quan triet"
    r"|doi thoai|lam viec|gap go|tham muu|gioi thieu|phoi hop|ky ket|cu the hoa|nghien cuu|ho tro|kiem soat|to chuc|quyet toan|cong khai|tiep nhan|phe duyet|thanh lap|kien toan|phat dong|dua|giao|thong bao|gop y|phan cong|cong bo|to chuc)(?!\w)"
)
_BEFORE = r"(?P<before>truoc|xong truoc|cham nhat(?: la| vao| den| truoc)*|muon nhat(?: la| vao)?|khong qua|han cuoi(?: la)?|thoi han(?: la)?|han nop(?: la)?|den het|den truoc|het|den|trong|vao|xong trong|tu nay den|cuoi|dau|giua)"
_DAY = re.compile(
    rf"(?<!\w){_BEFORE} (?:thoi diem |cuoi |het )?(?:ngay )?(?P<day>\d{{1,2}}) ?(?:/|-|\.| thang ) ?(?P<month>\d{{1,2}})(?: ?(?:/|-|\.| nam |, nam ) ?(?P<year>20\d\d))?(?!\d|/)"
)
_DAY_BARE = re.compile(
    r"(?<!\w)ngay (?P<day>\d{1,2}) ?(?:/|-|\.| thang ) ?(?P<month>\d{1,2})(?: ?(?:/|-|\.| nam ) ?(?P<year>20\d\d))?(?!\d|/)"
)
_MONTH = re.compile(
    rf"(?<!\w){_BEFORE} (?:cuoi |het |dau |giua )?thang (?P<month>\d{{1,2}})(?: ?(?:/|-) ?| nam |, nam )(?P<year>20\d\d)"
)
_QUARTER = re.compile(
    rf"(?<!\w){_BEFORE} (?:cuoi |het |dau )?quy (?P<quarter>iv|iii|ii|i|[1-4])(?: ?(?:/|-) ?| nam |, nam )(?P<year>20\d\d)"
)
_YEAR_END = re.compile(rf"(?<!\w)(?:{_BEFORE} )?(?P<which>cuoi|dau|6 thang dau|het) nam (?P<year>20\d\d)")
_CITED = re.compile(
    r"(?:so \S*|nghi quyet|chi thi|quyet dinh|ket luan|ke hoach so|cong van|luat|thong tu|nghi dinh)[^,;.]*$"
)
_DOCUMENT_DATE = re.compile(r"(?:\d[\w]*[-/][\w/-]*,? ?|nghi quyet[^,;.]{0,50}|so \S+,? ?)$")
_CUTOFF = re.compile(r"(?:so lieu|tinh tu|tinh den|giai doan tu|tu dau nhiem ky|moc|thoi diem)[^;.]*$")

_EACH = re.compile(
    r"(?P<regular>dinh ky)(?: va khi can thiet)?(?P<list>(?:(?:,| va| hoac|/)? ?(?:\(?(?:hang|moi|tung|theo) (?:nam|quy|thang|tuan)(?! (?:trinh|dinh|che|mo|hoach|uoc|luat))|\d{1,2} thang(?: dau nam)?(?: mot lan| 1 lan)?|mot nam|1 nam|01 nam|ca nam|nam|quy|thang|sau thang|ba thang)(?!\w))*)"
    r"|(?P<each>(?:hang|moi|tung) (?:nam|quy|thang|tuan)(?!\w| (?:trinh|dinh|che|mo|hoach|uoc|luat))(?:(?:,| va) (?:\d{1,2} thang|quy|hang quy|hang thang|hang nam)(?!\w))*|(?:\d{1,2}|sau|ba) thang (?:mot|1|01) lan(?!\w)|(?:mot|1|01) (?:nam|quy) (?:mot|1|01) lan)"
)
_FREQUENCIES = (
    ("yearly", re.compile(r"(?<!\w)(?:hang nam|moi nam|tung nam|theo nam|mot nam|1 nam|01 nam|ca nam|nam)(?!\w)")),
    ("every 6 months", re.compile(r"(?<!\d)0?6 thang|sau thang")),
    (
        "every 3 months",
        re.compile(r"(?<!\w)(?:hang quy|moi quy|tung quy|theo quy|quy)(?!\w)|(?<!\d)0?3 thang|ba thang"),
    ),
    ("monthly", re.compile(r"(?<!\w)(?:hang thang|moi thang|tung thang|theo thang)(?!\w)|(?<!\d)0?1 thang")),
    ("weekly", re.compile(r"(?<!\w)(?:hang tuan|moi tuan)(?!\w)")),
)
_IDLE_EACH = re.compile(r"phan bo|kinh phi|thuong nien|so ket dinh ky theo|suc khoe")
_BODY = pattern(
    rf"^\W*(?:giao (?:cho )?|de nghi |yeu cau |doi voi )?(?P<who>(?:cac |nhung )?(?:ban|dang doan|lien doan|ldld|cong doan|cdcs|cap uy|cap|van phong|uy ban|ubkt|ubnd|so|phong|hoi dong|lanh dao|chinh quyen|thuong truc|dong chi|can bo|nguoi dung dau|co quan|don vi|doanh nghiep|dang uy|huyen uy|thanh uy|tinh uy|cum|khoi|chu tich|mat tran|ban can su){END}(?! (?:ket|lieu|luong|trao|phu)(?![^\W_]))[^;:.]*?)"
    rf"(?= (?:co trach nhiem|chu tri|chiu trach nhiem|xay dung|to chuc|bao cao|gui|tham muu|lanh dao|chi dao|phoi hop|theo doi|huong dan|trien khai|can cu|nghien cuu|quan triet|cu the hoa|hang nam|dinh ky|thuong xuyen|kip thoi|tong hop|thuc hien|tich cuc|chu dong|lam viec|doi thoai|gap go|dua|ra soat|nop|hoan thanh|quan tam|tiep tuc|tang cuong|day manh|ban hanh|ky ket|dang ky|cap nhat|kiem tra|trong|co ke hoach|to chuc)(?![^\W_])|,? (?:dinh ky|hang nam)|$)"
)
_RECIPIENT = re.compile(
    r"(?<!\w)(?:gui|nop|trinh|ve|cho|(?:bao cao|lam viec|doi thoai|gap go)(?: \w+){0,4}? voi|bao cao)(?: (?:bao cao|ket qua|ve|cho|den|toi|thuc hien|tong hop|qua))* "
    r"(?P<to>(?:cac )?(?:ban|lien doan|ldld|tong lien doan|tong ldld|cong doan|thanh uy|tinh uy|thuong truc|doan chu tich|uy ban|van phong|dang uy|huyen uy|phong|cap uy|bo|cap tren)(?!\w)(?! (?:trao|sung|tri|phan))[^,;.()]*?)"
    r"(?= (?:truoc|cham nhat|trong|vao|theo|de|qua|dinh ky|hang|tai|khi|ket qua|ve|den het|dung)(?!\w)|[,;.()]|$)"
)


_LED = re.compile(
    r"(?P<time>(?:tu |trong |truoc |den |ngay |khoang )*(?:ngay \d{1,2}|\d{1,2}/\d|thang \d|quy (?:[iv]+|\d))[^:]{0,50}): ?(?=\w)"
)


@dataclass(frozen=True)
class _When:
    span: Span
    due: date | None = None
    recurrence: str | None = None
    rule: str | None = None
    doubt: Doubt | None = None


def read_deadlines(item: Item, setting: Setting) -> tuple[list[ReadDeadline], list[Span]]:
    """The deadlines of a paragraph, and the places of the numbers in them."""
    found: list[ReadDeadline] = []
    used: list[Span] = []
    led = _LED.match(item.shadow)
    if led is not None and setting.zone not in {Zone.TARGETS, Zone.PAST}:
        for time in read_time(item.text[: led.end("time")], setting.times.year):
            span = (0, led.end("time"))
            found.append(
                _deadline(
                    item,
                    (led.end(), len(item.text)),
                    _When(span, time.due, time.recurrence, None, time.doubt),
                    (0, len(item.text)),
                )
            )
            used.append(span)
    for sentence in sentences(item.text, item.shadow):
        governing: list[_When] = []
        for clause in clauses(item.shadow, sentence):
            whens = list(_whens(item, setting, sentence, clause))
            leads = [when for when in whens if when.recurrence and _leads(item.shadow, clause, when)]
            if not whens and governing and _DUTY.search(item.shadow, *clause):
                whens = governing
            governing = leads or (governing if whens is governing else [])
            for when in whens:
                if any(when.span[0] < end for _, end in used[:1] if led is not None and used[0][0] == 0):
                    continue
                found.append(
                    _deadline(item, clause if when.span[0] >= clause[0] else (clause[0], clause[1]), when, sentence)
                )
                used.append(when.span)
    return found, used


def _leads(shadow: str, clause: Span, when: _When) -> bool:
    """Whether a recurrence stands at the head of its clause and so governs those behind it."""
    before = shadow[clause[0] : when.span[0]]
    return len(before.split()) <= 3


def _whens(item: Item, setting: Setting, sentence: Span, clause: Span) -> Iterator[_When]:
    shadow = item.shadow
    if not _DUTY.search(shadow, *sentence) and not _CUTOFF.search(shadow[sentence[0] : sentence[1]]):
        return
    dated = list(_dated(item, setting, clause))
    yield from dated
    if setting.zone in {Zone.TARGETS, Zone.PAST} or any(when.rule for when in dated):
        return
    for met in _EACH.finditer(shadow, *clause):
        if any(when.span[0] <= met.start() < when.span[1] for when in dated) or _IDLE_EACH.search(
            shadow[clause[0] : met.start()][-40:]
        ):
            continue
        yield from _recurring(item, met, clause)


def _recurring(item: Item, met: re.Match[str], clause: Span) -> Iterator[_When]:
    words = met["list"] if met["regular"] else met["each"]
    names = [name for name, sign in _FREQUENCIES if sign.search(words)]
    if not names and met["regular"]:
        names = ["regular"]
    day = _day_of(item.shadow, met, clause) if len(names) == 1 and names != ["regular"] else None
    if day is not None:
        said = f"{item.text[day[0] : day[1]]} {_SPOKEN.get(names[0], '')}"
        rule = parse_rule(said, date(2026, 1, 1))
        if isinstance(rule, Rule) and rule.frequency is Frequency.MONTHLY:
            yield _When((min(day[0], met.start()), max(day[1], met.end())), recurrence=names[0], rule=rule.code)
            return
    for name in names:
        yield _When(met.span(), recurrence=name)


_SPOKEN = {"monthly": "hằng tháng", "every 3 months": "hằng quý", "every 6 months": "6 tháng", "yearly": "hằng năm"}
_DAY_OF = re.compile(
    r"(?:(?:truoc|cham nhat(?: la| vao)?|vao) )?ngay \d{1,2}(?!\d|[/-]| thang \d)(?: (?:cua )?thang (?:cuoi|dau|thu \w+)(?: cua)?(?: moi)? quy)?"
)


def _day_of(shadow: str, met: re.Match[str], clause: Span) -> Span | None:
    """The day that a recurrence names beside it: "trước ngày 20 hằng tháng", "hằng quý, trước ngày 25 tháng cuối quý"."""
    for day in _DAY_OF.finditer(shadow, max(clause[0], met.start() - 40), min(clause[1], met.end() + 90)):
        between = shadow[day.end() : met.start()] if day.end() <= met.start() else shadow[met.end() : day.start()]
        if (day.end() <= met.start() and len(between.strip()) < 4) or (
            day.start() >= met.end() and not re.search(r"[;.]", between)
        ):
            return day.span()
    return None


def _dated(item: Item, setting: Setting, clause: Span) -> Iterator[_When]:
    shadow = item.shadow
    taken: list[Span] = []
    for form in (_DAY, _DAY_BARE, _MONTH, _QUARTER, _YEAR_END):
        for met in form.finditer(shadow, *clause):
            if any(met.start() < end and start < met.end() for start, end in taken):
                continue
            before = shadow[max(clause[0], met.start() - 60) : met.start()]
            if (_DOCUMENT_DATE.search(before) and form is not _DAY) or (
                _CITED.search(before) and form in (_DAY_BARE, _YEAR_END)
            ):
                continue
            if form is _YEAR_END and (
                setting.zone is Zone.TARGETS
                or not _DUTY.search(shadow, *clause)
                or re.search(r"giai doan|phan dau", before)
            ):
                continue
            if form is not _DAY and setting.zone in {Zone.TARGETS, Zone.PAST}:
                continue
            when = _when(item, setting, met, clause)
            if when is not None:
                taken.append(when.span)
                yield when


def _when(item: Item, setting: Setting, met: re.Match[str], clause: Span) -> _When | None:
    shadow, groups = item.shadow, met.groupdict()
    lead = groups.get("before") or ""
    year = int(groups["year"]) if groups.get("year") else None
    behind = shadow[met.end() : met.end() + 24]
    each = re.match(r",? ?(?:cua )?(?:\(?(?:hang|moi) nam)", behind) or (
        re.search(r"(?:hang|moi) nam,?[^,;]{0,60}$", shadow[clause[0] : met.start()]) if year is None else None
    )
    if year is None and each and groups.get("day"):
        rule = parse_rule(f"{lead} ngày {groups['day']}/{groups['month']} hằng năm", date(2026, 1, 1))
        code = rule.code if isinstance(rule, Rule) and rule.frequency is Frequency.MONTHLY else None
        end = met.end() + (each.end() if each.re.pattern.startswith(",") else 0)
        return _When((met.start(), end), recurrence="yearly", rule=code)
    doubt = None
    if year is None:
        year = setting.times.year
        doubt = Doubt.YEAR_ASSUMED
        if year is None:
            return None
    due = _due(lead, year, groups)
    if due is None:
        return None
    sentence_before = shadow[clause[0] : met.end()]
    if _CUTOFF.search(sentence_before) and lead not in {"truoc"} and not re.search(r"(?:gui|nop) ", sentence_before):
        doubt = Doubt.DATA_CUTOFF
    elif lead == "" and not _DUTY.search(shadow[clause[0] : met.start()]):
        return None
    elif lead in {"dau", "giua", "vao", "", "den"} and doubt is None and not _DUTY.search(shadow, *clause):
        doubt = Doubt.VAGUE
    return _When(met.span(), due=due, doubt=doubt)


def _due(lead: str, year: int, groups: dict[str, str | None]) -> date | None:
    """The last day on which it is in time: "trước ngày 15/01" is the 14th, "trong tháng 02" its last day."""
    is_before = lead.startswith(("truoc", "xong truoc")) or lead.endswith("truoc")
    try:
        if groups.get("day"):
            day = date(year, int(groups["month"] or 0), int(groups["day"] or 0))
            return day - timedelta(days=1) if is_before else day
        if groups.get("quarter"):
            quarter = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(groups["quarter"] or "") or int(groups["quarter"] or 0)
            month = quarter * 3
            first = date(year, month - 2, 1)
        elif groups.get("month"):
            month = int(groups["month"] or 0)
            first = date(year, month, 1)
        else:
            month = 6 if groups.get("which") == "6 thang dau" else 12
            first = date(year, 1, 1)
        if is_before:
            return first - timedelta(days=1)
        return date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def _deadline(item: Item, clause: Span, when: _When, sentence: Span) -> ReadDeadline:
    text, shadow = item.text, item.shadow
    who = _who(item, clause, sentence)
    met = None
    for met in _RECIPIENT.finditer(shadow, *clause):
        break
    to = mend_font(text[met.start("to") : met.end("to")]).strip() if met else None
    what = text[clause[0] : clause[1]]
    if clause[0] <= when.span[0] < clause[1]:
        what = f"{text[clause[0] : when.span[0]]} {text[when.span[1] : clause[1]]}"
    return ReadDeadline(
        section=item.section,
        quote=cut(text, sentence),
        lines=item.lines,
        page=item.page,
        what=phrase(what.strip(" ,;:.()–-")),
        when=text[when.span[0] : when.span[1]].strip(" ,"),
        due=when.due,
        recurrence=when.recurrence,
        rule=when.rule,
        who=who,
        to=to,
        doubt=when.doubt,
    )


def _who(item: Item, clause: Span, sentence: Span) -> str | None:
    """Who owes it: the subject of the clause or sentence, else the body that the heading above names."""
    for begin in dict.fromkeys((clause[0], sentence[0], 0)):
        end = clause[1] if begin == clause[0] else sentence[1] if begin == sentence[0] else len(item.shadow)
        part = item.shadow[begin:end]
        skipped = re.match(r"\W*(?:(?:dinh ky|hang nam|hang quy)[^,]*, )?", part)
        offset = skipped.end() if skipped else 0
        met = _BODY.match(part[offset:])
        if met is not None:
            start = begin + offset
            return mend_font(item.text[start + met.start("who") : start + met.end("who")]).strip(" ,:")[:160]
    return _body_above(item)


def find_body(item: Item) -> str | None:
    """The body that a task is given to: the subject of its first sentence, else what the heading above names."""
    spans = sentences(item.text, item.shadow)
    met = _BODY.match(item.shadow[spans[0][0] : spans[0][1]]) if spans else None
    if met is not None:
        start = spans[0][0]
        return mend_font(item.text[start + met.start("who") : start + met.end("who")]).strip(" ,:")[:160]
    return _body_above(item)


def _body_above(item: Item) -> str | None:
    for above in reversed(item.above):
        met = _BODY.match(above.shadow.rstrip(" :;."))
        if met is not None:
            return mend_font(above.text[met.start("who") : met.end("who")]).strip(" ,:")[:160]
    return None
