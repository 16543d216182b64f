"""Shapes of the pieces of a report, as patterns over folded text; the words in them are in `words.toml`."""

from __future__ import annotations

import re
from typing import Final

from knowledge.number_words import NUMBER_WORDS
from knowledge.reports.phrases import DATA, composed, either, folded, phrases

FILLERS: Final = folded("fillers")
FOREIGN: Final = frozenset(phrases("foreign"))
KNOWN_WORDS: Final = folded("known_words")

# Reporting or asking
REPORT_WORD = composed(r"\b%report_word%\b")
STARTS_REPORT = composed(r"^\W*(?:%opening%\W+)*%report_start%\b")
ASKS = composed(r"\b%asking%\b")
ASKS_HOW_MANY = composed(r"(?<!\w)(?<!%know% )%how_many%(?!\w)")
PLANS = composed(r"\b(?:%planning%|%firm% \d+)\b")
HOW_FEW = re.compile(rf"(?:{either('how_few', plain=False)})(?! (?:{either('few_not', plain=False)}))")
ENDS_ASKING = composed(r"(?:\?|\b%not_yet_end%)\W*$")

# Names
MEN = composed(r"\b%male%\b(?=\s*[:=]?\s*[0-9])")
UNIT_START = composed(
    r"\b(?:%unit_label%\s*:|%unit_word%(?! %unit_word_not%)|%union% (?!%union_not%)|%union_short% (?=\w))"
)
CHIEF = composed(r"\b%chief% $")
UNIT_BARE = composed(r"%unit_bare%\W*%unit_tail%?\W*%unit_tail_end%?")
UNIT_END = composed(r"\b(?:%unit_end%|%has%(?! %share%))\b")
UNIT_FIGURE_AFTER = composed(r"[\s:=]*(?:%is%\s+)*[+-]?\d|\s*[:=]")
UNIT_PEOPLE = composed(r"\d[\d.,]*\s*(?:%persons%|%unit_people%)\b")
UNIT_FIGURE_BEFORE = composed(r"(?:^|[^\w.,])(?P<n>\d{1,3}(?: 0\d\d)+|\d[\d.,]*)\s*(?:%persons%\s+)?$")
UNIT_OF_ITS_OWN = composed(r"(?: ?[a-z]+){0,4}? (?:%unit_own%)(?= (?:%being% |%has% )?\d)")
UNION_FIGURE = composed(r"%union% *(?:[:=]|%being%|%has%)? *\d[\d.]*(?: %persons%)?\s*(?:[,;)\n]|\.(?!\d)|$)")
CLOSE = composed(r" *(?:%close% *)*")

STAFF_SHORT = composed(r"(?!%union_above%)%staff_short%{2,}(?![\w])")
_STAFF, _AND = f"(?:{either('staff', plain=True)})", f"(?:{either('and', plain=True)})"
STAFF = re.compile(rf"{_STAFF}(?:(?: *[,/&+-] *(?:{_AND} )?| +{_AND} +| +){_STAFF})+(?!\w)")

# People hired who all join
_COUNT = rf"(?:\d+|{'|'.join(sorted(set(NUMBER_WORDS), key=len, reverse=True))})"
HIRED = composed(
    rf"\b(?P<name>%hiring%)[ :=]+(?:%persons% )?{_COUNT}(?P<join>(?: (?:%persons%|%titles%|%people%))*,? (?:%all_of% )*"
    rf"%joining_union%(?: %altogether%)*)(?!\w|\W{{0,3}}(?:\d|{_COUNT}\b))"
)
TOLD_BEHIND = composed(r" ?[:=] ?| (?:%linking% )?")
TOLD_BEFORE = re.compile(r" (?:[a-z]+ )?")

# Numbers that are names ("phòng 304") or count something else ("3 chi nhánh"), in the text with its marks
_NUMBER_SIGN = f"(?:{either('document_number', plain=False)})"
NAMED = re.compile(
    rf"(?<!\w)(?<!{DATA.lists['office'][0]} )(?:{either('named', plain=False)})(?!\w)\s*"
    rf"(?:{_NUMBER_SIGN}\s*)?(?P<n>\d+)(?![\d.,/]\d)(?:[/-][\w-]+)?"
)
COUNTED = re.compile(
    rf"(?<![\w.,/])(?P<n>\d+(?:[.,]\d+)*) *(?:{either('counted', plain=False)})(?!\w)"
    rf"(?!\s+(?:{either('comrade', plain=False)})(?!\w))(?!\s*\d)"
)
COUNTED_BEHIND = re.compile(
    rf" (?:{either('counted_in_words', plain=False)})(?!\w)(?!\s+(?:{either('comrade', plain=False)})(?!\w))"
)

# Dates and periods
DATES = (
    composed(r"\b%day_word%\s*\d{1,2}\s*(?:/|-|\.|%month%)\s*\d{1,2}(?:\s*(?:/|-|\.|%year%)\s*\d{2,4})?\b"),
    re.compile(r"\b\d{1,2}([/.-])\d{1,2}\1(?:20)?\d\d\b"),
    composed(r"\b%day_only%\s*\d{1,2}\b"),
    composed(r"\b%until_day%\s+\d{1,2}/\d{1,2}\b"),
    composed(r"\b(?!0[a-z])\d{1,2}(?:(?<! )%hour_short%\d{0,2}|\s*%hour%(?:\s*\d{1,2})?)\b"),
    re.compile(r"(?<![\d.,])(?:\+84|0)\d{1,3}[ .]?\d{3}[ .]?\d{2,4}[ .]?\d{0,3}(?!\d)"),
)
UP_TO_DAY = composed(
    r"\b(?:%until_lead% )?%until%(?: %until_end%)?(?: %day%)? "
    r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>20\d\d))?(?![\d/])"
)
DAYS = composed(
    r"\b%from%(?: %day%)? (?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-]20\d\d)? "
    r"(?:%until_lead% )?%until%(?: %until_end%)?(?: %day%)? "
    r"(?P<last>\d{1,2})[/.-](?P<until>\d{1,2})(?:[/.-](?P<year>20\d\d))?(?![\d/])"
)
FROM_DAY = composed(r"\b%counted_from%(?: %day%)? 0?1/(?P<month>\d{1,2})(?:/(?P<year>20\d\d))?(?![\d/])")
DAY_MONTH = composed(
    r"(?:(?P<word>[a-z]+)|(?:^|[.?!\n])(?=[^/]*/\d+ [a-z]))\s+"
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/]|[.,]\d)(?!\s*%not_dated%)"
)
PERIOD_MONTH = composed(
    r"\b(?:%month%\s*[.:]?\s*|%month_short%\.?)(?P<month>1[0-2]|0?[1-9])(?!\d|[.,]\d{3}(?!\d))"
    r"(?:\s*(?:/|%year%|%year_short%\b)\s*(?P<year>20\d\d|2\d(?!\d))|[.-](?P<tight>20\d\d|2\d(?!\d))"
    r"|\s*-\s*(?P<spaced>20\d\d)|\s+(?P<bare>20[2-3]\d)(?=\s*(?:[:,;.\n|-]|$)))?"
    r"(?P<relative>\s+%year%\s+%year_after%)?"
)
SECOND_MONTH = composed(r"(?:/|-| %joiner% )(1[0-2]|[1-9])(?![\d/.,])")
PERIOD_NUMERIC = re.compile(
    r"(?<![\d/.,-])(?:(?P<month>0?[1-9]|1[0-2])[/.-](?P<year>20\d\d)|(?P<year2>20\d\d)[-/](?P<month2>0[1-9]|1[0-2]))"
    r"(?![\d/-]|[.,]\d)"
)
PERIOD_WORD = composed(
    r"\b%month%\s+(?P<word>%month_word%)\b(?! +%month_not%)"
    r"(?:\s*(?:/|%year%)?\s*(?P<year>20\d\d)|(?P<nearby>\s+%year%\s+%this_year%))?"
)
_SHORT, _FULL = ("|".join(m for m in DATA.english_months if (len(m) < 5) is short) for short in (True, False))
ENGLISH_MONTH = re.compile(
    rf"\b(?:(?P<short>{_SHORT})[ .,/-]{{1,2}}(?P<year>20\d\d)|(?P<full>{_FULL})(?:[ ,/-]{{1,2}}(?P<of>20\d\d))?)(?!\w)"
)
OTHER_PERIODS = composed(
    r"\b(?:%quarter%\s*(?:[1-4]|iv|iii|ii|i)\b(?:\s*(?:/|%year%)?\s*20\d\d)?"
    r"|%span_months% %month%(?: %span_end%)?(?:\s*(?:/|%year%)?\s*20\d\d)?|%year%\s*20\d\d|%whole_year%)\b"
)
MONTH_LEAD = composed(r"\b(?:%counted_from%|%from%) $")
UP_TO = composed(r" *(?:-|%until%\b|%both_months%\b)")
SINCE = composed(r"\b%from% %month% \d{1,2}(?:/20\d\d)? (?:%until%|%until_lead%) %now%\b")
YEARLY = composed(r"\b%yearly%\s*$")
COLUMN_MONTH = re.compile(r"\s*(1[0-2]|0?[1-9])(?:[/-](20\d\d))?\s*")
HEAD_MONTH = composed(r"\s*%month_any%\s*(1[0-2]|0?[1-9])(?:[/-](20\d\d))?\s*")
COUNTS_PEOPLE = composed(r"%persons%\b")

# Nothing moved, as before, none
_NOT = r"(?:%no%|%no_before%(?= %no_led%)|%yet%(?= %yet_led%))"
_SOME = f"(?:{'|'.join(sorted(set(NUMBER_WORDS) - folded('zero_word')))})"
NO_MOVEMENT = composed(
    rf"(?:\b{_NOT}\s+(?:%stir%\s+)*(?:%movement%|%up%(?:\s*/\s*|\s+(?:%up_or% )?)%down%(?!\W{{0,3}}\d)"
    rf"|%arising%(?!\s+(?:%up%|%down%|%arising_of%)))(?:\s+%movement_tail%)*\b"
    rf"|\b{_NOT}\s+(?:%has%\s+)?%gain%(?:\s+%anyone%)?\W{{0,3}}(?:%nor% )*"
    rf"{_NOT}\s+(?:%has%\s+)?%loss%(?:\s+%anyone%)?\b"
    rf"|\b{_NOT}\s+(?:%has%\s+)?%lose%\W{{0,3}}(?:%nor% )*{_NOT}\s+(?:%has%\s+)?%grow%\b"
    rf"|\b{_NOT}\s+(?:%has%\s+(?:%anyone%\s+)?|%anyone%\s+)%in_out%\b"
    rf"|\b{_NOT}\s+(?:%has%\s+)?%anyone%\s+%enter%\W+(?:%nor%\s+)*(?:{_NOT}\s+(?:%has%\s+)?%anyone%\s+(?:%leave%|%go%)"
    rf"|%anyone%\s+(?:%leave%|%go%)|%leave%(?=\s*(?:[,;.\n]|$)))(?!\w|\s+%if_so%\b|\W{{0,3}}(?:\d|{_SOME}\b)))"
    rf"(?!\W{{0,3}}%except%)"
)
AS_BEFORE = composed(
    rf"\b(?:(?:%still% )*(?:%like%|{_NOT} %different%)\s+(?:%like_what%\s+)*%span%\s+%past%"
    rf"|{_NOT}\s+(?:%stir%\s+)*%change%(?:\s+%change_tail%)*|%kept_as_is%)\b"
)
ZERO = composed(rf"(?<![\w])(?:%yet_none%(?=\s*(?:[;,.\n]|$))|{_NOT})(?!\s+%zero_not%\b)(?:\s+%zero_tail%)*(?!\w)")

# Figures
FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
RUN = re.compile(r"(?<![\w.,])\d+(?: +\d+)+(?![\w.,]*\d)")
NUMBER = composed(
    r"(?<![\w.,])(?P<sign>[+-](?=\d))?(?P<digits>\d{1,3}(?:([ '])\d{3})(?:\3\d{3})*"
    r"(?![\d]|[.,]\d|\s*%scale_short_end%\b)|\d+(?:[.,]\d+)*)(?!\d)"
    r"(?P<scale>\s?(?:%scale_stuck%|(?<! )%scale_short%|%scale_short%(?=\s*(?:[^\sa-z0-9]|$))|%scale_hundred%)"
    r"(?:\s?%and_half%|\s?\d{1,3}(?!\d|[.,/]\d))?(?![a-z0-9])(?:\s%scale_tail%(?:\s\d{1,2}(?!\d|[.,/]\d))?(?![a-z0-9]))*)?"
    r"(?P<percent>\s*(?:[%]|%percent%))?"
)
_SPELLED = f"(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
SPELLED = re.compile(rf"(?<!\w){_SPELLED}(?:\s+{_SPELLED})*(?!\w)")
AROUND = composed(r"(?:\b%from%\s*|[~≈<>≥≤]=?\s*)$")
FROM_TO = composed(
    r"\b(?:%moving%\s+)?%from%\s+(?P<from>\d[\d.]*)\s*(?:%persons%\s+)?(?:%moving% )?"
    r"%way%(?: %left%)?\s+(?P<to>\d[\d.]*\d|\d)"
)
RISE_FALL = composed(
    r"(?<!\w)(?P<up>%rises%)\s+(?P<gained>\d{1,4})\b(?:\s+%persons%)?\W{1,3}(?:%nor%\s+)?(?P<down>%falls%)\s+(?P<lost>\d{1,4})(?![\w.,]\w)"
)
NOBODY_TAKEN = composed(r"(?<!\w)(?:%no%|%not_yet%) (?:%lesser_gain%) (?=%anyone%(?!\w))")
SUM_WRITTEN = re.compile(r"(?<![\w.,])\d+(?:\s*[+-]\s*\d+)+\s*=\s*(?P<sum>\d+)(?!\d)")
RANGE = composed(
    r"(?:\s*(?:%persons% )?,?\s*)(?:(?<=\d)-(?=\d)|~|%range_word%(?: %range_tail%)*\s+)\s*"
    r"(?P<other>\d+(?:\.\d{3})*)(?![\d/]|-\d|\.\d|,\d)"
)
BLANK = re.compile(r"[ :=]+(?P<blank>\?+|x+|_+|\.{2,})(?!\w)")
CUT_OFF = re.compile(r"[x?]|\+(?! ?\d)|\.\.(?!\.)")
DOCUMENT = composed(r"(?<![\w.,])\d+/(?!%not_document%\b)[a-z]{1,6}(?:-[a-z]+)*(?![a-z0-9])")
NEGATED = composed(r"\s*(?:%being% )?\d[\d.,]*(?<![.,])")
TIME_UNIT = composed(r"\s*%time_unit%\b(?! %time_unit_not%|\s*[:/]?\s*\d)")
FIGURE_OR_NONE = composed(r"\d[\d.,]*(?: \d{3}\b)*|\b%zero_word%\b")

# Parts of a row side by side, in a text with signs for its name (§), for names of other rows (¤) and for figures (#)
_PART = r"[a-z]+(?: [a-z]+){0,3}"
_NEXT = r" ?(?:%persons%|%people%)? ?(?:(?:[,;/+|\n]|\.(?= )) ?(?:%next_part% )?| %next_part% )"
PARTS_AHEAD = composed(
    rf"(?=§(?P<listed> ?[:\n] ?| %made_of% ?:? ?)?[ (]*(?P<one>{_PART})\)?[ :=]+(?P<n>#){_NEXT}"
    rf"(?P<again>§[ (]*)?(?P<two>{_PART})\)?[ :=]+(?P<m>#))"
)
PARTS_BEHIND = composed(
    rf"(?=(?P<n>#) §(?P<listed>(?!))?[ (]+(?P<one>{_PART})\)?{_NEXT}(?P<m>#) (?P<again>§[ (]+)?(?P<two>{_PART}))"
)

# Lists
NUMBERING = re.compile(
    r"^[ \t]*(?:[-+*•–▪►✓>·o]\s+)?(?P<no>\d{1,2}(?:\.\d{1,2})*)"
    r"(?P<mark>\s*[)\]|:-]\s*\|?\s*|\s*\.(?!\d)\s*\|?\s*|\s*\|\s*|\s+(?=[a-z]))(?=\S)"
)
LETTERED = re.compile(r"^[ \t]*(?:[-+*•▪►✓>·]+\s*)?(?:[a-eivx]{1,4}[.)]|[-+*•▪►✓>·]+(?=\s|[a-z]))\s*")
INLINE_NO = re.compile(r"(?<![\w.,/])(\d{1,2})(\)(?= ?[a-z\d])|/(?= ?[a-z]| \d)|\.(?= ?[a-z]))")
ROW_NUMBER = composed(r"\b%row_number%\s+(\d{1,2})\b")

# What has not happened yet, but for people who have not joined
NOT_YET = composed(r"(?<!\w)%yet%(?! %joining%)(?= \w)|\(\?+\)")

YET = composed(r"(?<!\w)%not_yet%(?!\w)")
YET_NONE = composed(r"(?<!\w)%yet_none%(?!\w)")
NOBODY = composed(r"(?<!\w)%nobody%(?!\w)")

# Between a name and its figure
_ALL = r"(?:%all_of% +|100 ?(?:[%]|%percent%) +)"
TRADE_LINK = composed(r" ?[:=] ?| (?:%being% |%has% )?")
ALL_OF_PEOPLE = composed(rf"[ ,]*(?:%persons%|%titles%|%people%)?[ ,]*{_ALL}+")
ALL_ARE_PEOPLE = composed(rf"[ ,]*(?:%persons%|%titles%|%people%)?[ ,]*{_ALL}+%are% +(?:%all_of% +)*")
ALL_ARE = composed(rf"[ ,]*{_ALL}*%are% +(?:%all_of% +)*")
GAP_WORD = composed(r"\b%gap_word%\b")
AS_BEFORE_LINK = composed(r"[\s:=,]*(?:%as_before_link%\s*)*")
OUT_OF = composed(r"[ ,]*(?:%out_of%|%part_of% )(?: ?%total_of%)?\s*")
UNION_OWN = composed(r"(?:^|[,;.\n]|%own_lead%) *%union%(?: %unit_own%)*(?: %has%)? *$")
ORDER_TOLD = composed(r"(?:(?:^|[,;.(\n]) *(?:%that_is% )?(?:%order% )?%being%|[(]) *$")
ORDER_LINK = composed(r" *(?:%out_of%|%then%|/|-|,) *")
FIGURE_TOLD = composed(r"[\s:=(]*(?:%as_before_link%\s*)+\d|\s*[:=(]\s*\d")
