# ruff: noqa: E501
"""The words of reports in one message: fillers, questions, periods, "no change" and numbers, as patterns over folded text."""

from __future__ import annotations

import re
from typing import Final

from knowledge.numbers import NUMBER_WORDS

FILLERS: Final = frozenset(
    "biet ca gio len xuong xong giua cong lai deu thay chau dua o eng mang dc dc truong benh vien cty ty toan don co quan ghi theo so danh sach chac chan dung chinh xac la chuan tram trung tam cua tui bon tụi tui nay chot vua van cung nhe nghe nhen nha hen ha ho dang riêng rieng duy thoi".split()
    + [
        "la",
        "co",
        "gom",
        "duoc",
        "dat",
        "hien",
        "tai",
        "nay",
        "con",
        "ca",
        "toan",
        "tong",
        "so",
        "luong",
        "nguoi",
        "ng",
        "trong",
        "thang",
        "ky",
        "cuoi",
        "den",
        "tinh",
        "het",
        "luc",
        "thoi",
        "diem",
        "do",
        "da",
        "dang",
        "vang",
        "thi",
        "cua",
        "cho",
        "va",
        "voi",
        "a",
        "ah",
        "nhe",
        "nha",
        "em",
        "anh",
        "chi",
        "minh",
        "toi",
        "ben",
        "don",
        "vi",
        "xin",
        "gui",
        "nop",
        "bao",
        "cao",
        "bc",
        "kinh",
        "lan",
        "so",
        "lieu",
        "dong",
        "chi",
        "ban",
        "ban",
        "ban",
        "them",
        "muc",
        "dong",
        "ghi",
        "nhan",
        "o",
        "duoi",
        "day",
        "nhu",
        "sau",
        "vay",
        "luon",
        "co",
        "so",
        "chi",
        "tiet",
        "hang",
        "moi",
        "nam",
        "bieu",
        "thuc",
        "te",
        "ra",
        "roi",
        "nua",
        "day",
        "ne",
        "ve",
        "viec",
        "thay",
        "mat",
        "ket",
        "qua",
        "tu",
        "van",
        "cung",
        "cu",
        "the",
        "ro",
        "rang",
        "chung",
        "tong",
        "cong",
        "la",
        "bang",
        "vao",
        "hang",
        "thang",
        "duoc",
        "la",
        "can",
        "hien",
        "nay",
        "ngay",
        "trong",
        "ky",
        "luy",
        "ke",
        "chinh",
        "thuc",
        "tam",
        "suat",
        "vi",
        "ten",
        "stt",
        "tt",
        "dvt",
        "noi",
        "dung",
        "don",
        "gia",
        "tri",
        "ghi",
        "chu",
        "gi",
        "nao",
        "la",
        "sl",
        "khoang",
        "tam",
        "gan",
        "hon",
        "tren",
        "duoi",
        "chung",
        "xap",
        "xi",
        "uoc",
        "it",
        "nhat",
        "toi",
        "thieu",
        "ad",
        "admin",
        "bot",
        "ok",
        "oke",
        "chao",
        "sep",
        "thua",
        "dong",
        "kinh",
        "gui",
        "tinh",
        "hinh",
        "trong",
        "do",
        "trong",
        "so",
        "bao",
        "gom",
    ]
)
REPORT_WORD = re.compile(
    r"\b(?:bao cao|bcao|bc|b cao|nop|gui|so lieu|sl|cap nhat|sua lai|sua|dinh chinh|dieu chinh|bo sung|bao|bcs|bc thang|dang ky so lieu|gui so)\b"
)
STARTS_REPORT = re.compile(
    r"^\W*(?:(?:em|da|xin|toi|minh|ben em|chao \w+|kinh)\W+)*(?:bao cao|bc|bcao|nop bao cao|nop bc|gui bao cao|gui bc|xin bao cao|nop so lieu|gui so lieu|so lieu)\b"
)
ASKS = re.compile(
    r"\b(?:bao nhieu|the nao|nhu nao|ra sao|la gi|khi nao|bao gio|o dau|cho (?:em |toi |minh |chi |anh )?hoi|xin hoi|muon hoi|hoi (?:ve|chut|ti)|dung (?:khong|ko|k|chua)|phai (?:khong|ko|k)|"
    r"duoc (?:khong|ko|k|chua)|co phai|tai sao|vi sao|lam sao|don vi nao|ai chua|ai nop|nhung don vi|huong dan|cach (?:tinh|bao cao|nop|nhap)|han (?:nop|bao cao|cuoi|chot)|"
    r"nop chua|gui chua|bao cao chua|den han chua|chua vay|la sao|nghia la|giai thich|ngay nao|thang nao|nam nao|muc nao|dau roi|ty le|xem (?:lai )?(?:bao cao|so lieu)|tra cuu)\b"
)  # fmt: skip
PLANS = re.compile(
    r"\b(?:chi tieu|phan dau|ke hoach|nghi quyet|muc tieu|chuong trinh|nhiem ky|den nam|giai doan|thoa uoc|doi thoai|hoi nghi|doanh nghiep (?:co |tu )?\d+|dn (?:co |tu )?\d+|thanh lap|quy dinh|luat|dieu le|bieu mau)\b"
)
ENDS_ASKING = re.compile(r"(?:\?|\bdau|\bchua(?: a| vay| nhi| ta| em| anh| chi)?)\W*$")
FOREIGN: Final = tuple(
    tuple(phrase.split())
    for phrase in (
        "nu", "la nu", "nu gioi", "phu nu", "dang vien", "cdcs", "to cong doan", "cong doan bo phan", "ban nu cong", "ty le", "dat ty le", "kinh phi", "doan phi", "kinh phi cong doan", "doan phi cong doan", "nuoc ngoai",
        "thoi vu", "hop dong", "tuoi", "dan toc", "chi hoi", "thu viec", "doan thanh nien", "thanh nien", "nguoi nuoc ngoai", "ma so", "ma don vi",
        "thoa uoc", "doi thoai", "hoi nghi", "sang kien", "hoc sinh", "sinh vien", "chua vao cong doan", "chua vao", "chua vo", "chua tham gia", "chua la doan vien", "chua gia nhap", "chua gia nhap cong doan", "can bo cong doan",
        "uu tu", "chuc danh", "tam hoan", "nghi thai san", "nghi ho san", "nghi sinh", "nghi che do", "nghi ngang", "chuyen sinh hoat dang", "thai san", "nghi khong luong", "nghi om", "nghi phep", "vao dang", "ket nap dang", "ket nap vao dang", "cho dang", "the doan vien", "moi tuyen",
        "tuyen moi", "tuyen dung", "tuyen dung moi", "tuyen them", "lao dong moi", "cong nhan moi", "nhan vien moi", "tien luong",
    )
)  # fmt: skip
GENDERED = re.compile(r"\bnam\b(?=\s*[:=]?\s*[0-9])")
UNIT_START = re.compile(
    r"\b(?:don vi\s*:|ten don vi\s*:?|cdcs|cd co so|cong doan co so|cong ty|cty|c ty|ct tnhh|tong cong ty|tct|truong|thpt|thcs|tieu hoc|mam non|mau giao|benh vien|bv|tram y te|nha may|xi nghiep|xn|"
    r"ngan hang|chi nhanh|htx|hop tac xa|trung tam|ubnd|nghiep doan|kho bac|chi cuc|khach san|tap doan|doanh nghiep|cua hang|cang|cong doan (?!vien|co so)|cd (?=\w))"
)

MONTH_WORDS: Final = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
DATES = (
    re.compile(r"\b(?:ngay|hom|mung|dot|dip|han|sang|chieu|toi)\s*\d{1,2}\s*(?:/|-|\.|thang)\s*\d{1,2}(?:\s*(?:/|-|\.|nam)\s*\d{2,4})?\b"),
    re.compile(r"\b\d{1,2}([/.-])\d{1,2}\1(?:20)?\d\d\b"),
    re.compile(r"\b(?:ngay|hom|mung)\s*\d{1,2}\b"),
    re.compile(r"\b(?:den|den ngay|tinh den|het|den het|truoc)\s+\d{1,2}/\d{1,2}\b"),
    re.compile(r"\b\d{1,2}(?:(?<! )[hg]\d{0,2}|\s*gio(?:\s*\d{1,2})?)\b"),
    re.compile(r"(?<![\d.,])(?:\+84|0)\d{1,3}[ .]?\d{3}[ .]?\d{2,4}[ .]?\d{0,3}(?!\d)"),
)
PERIOD_MONTH = re.compile(
    r"\b(?:(?:thang|thg)\s*[.:]?\s*|th\.?|t\.?)(?P<month>1[0-2]|0?[1-9])(?!\d|[.,]\d{3}(?!\d))"
    r"(?:\s*(?:/|nam|n\b)\s*(?P<year>20\d\d|2\d(?!\d))|[.-](?P<tight>20\d\d|2\d(?!\d))|\s*-\s*(?P<spaced>20\d\d)|\s+(?P<bare>20[2-3]\d)(?=\s*(?:[:,;.\n|-]|$)))?"
    r"(?P<relative>\s+nam\s+(?:nay|ngoai|truoc|roi))?"
)
PERIOD_NUMERIC = re.compile(
    r"(?<![\d/.,-])(?:(?P<month>0?[1-9]|1[0-2])[/.-](?P<year>20\d\d)|(?P<year2>20\d\d)[-/](?P<month2>0[1-9]|1[0-2]))(?![\d/-]|[.,]\d)"
)
PERIOD_WORD = re.compile(
    r"\bthang\s+(?P<word>muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|tu|nam|sau|bay|tam|chin)\b(?!\s+(?:nguoi|doan|dv|muoi|tram))(?:\s*(?:/|nam)?\s*(?P<year>20\d\d))?"
)
OTHER_PERIODS = re.compile(
    r"\b(?:quy\s*(?:[1-4]|iv|iii|ii|i)\b(?:\s*(?:/|nam)?\s*20\d\d)?|(?:6|sau|3|9) thang(?: (?:dau|cuoi) nam)?(?:\s*(?:/|nam)?\s*20\d\d)?|nam\s*20\d\d|ca nam)\b"
)

NOT = r"(?:khong|ko|kg|khg|hong|hok|khong he|k|chang|cha(?= co| ai)|no(?= co| ai| ket nap| them)|chua(?= co ai| ai))"
NO_MOVEMENT = re.compile(
    rf"\b{NOT}\s+(?:co\s+|he\s+|thay\s+|phat sinh\s+|xay ra\s+)*(?:su\s+|gi\s+|bat ky\s+)*(?:bien dong|tang(?:\s*/\s*|\s+(?:hay |hoac |va |cung )?)giam(?!\W{{0,3}}\d)|phat sinh(?!\s+(?:tang|giam))|bien doi)(?:\s+(?:gi|nao|ca|them|tang giam|doan vien|dv|ve|so luong|thanh vien))*\b"
    rf"|\b{NOT}\s+(?:co\s+)?(?:tang|them|ai vao|vao)(?:\s+ai)?\W{{0,3}}(?:va |ma |cung |cung nhu )*{NOT}\s+(?:co\s+)?(?:giam|bot|ai ra|ra)(?:\s+ai)?\b"
    rf"|\b{NOT}\s+(?:co\s+)?(?:giam|bot)\W{{0,3}}(?:va |ma |cung )*{NOT}\s+(?:co\s+)?(?:tang|them)\b|\b{NOT}\s+co\s+(?:ai\s+)?(?:vao ra|ra vao)\b|\b{NOT}\s+ai\s+(?:vao ra|ra vao|vao\W+(?:ai\s+)?ra)\b"
)
AS_BEFORE = re.compile(
    rf"\b(?:(?:van |giu |la |thi |y )*(?:nhu|giong|giong nhu|bang|y|y nhu|y het|y chang|tuong tu|giu nguyen nhu|{NOT} khac(?: gi)?(?: so voi)?)\s+(?:so lieu\s+|bao cao\s+)?(?:cua\s+)?(?:thang|ky|lan|dot|bao cao)\s+(?:truoc|roi|vua roi|vua qua|qua)(?:zz)?"
    rf"|{NOT}\s+(?:co\s+)?(?:gi\s+)?(?:thay doi|doi|doi gi|gi thay doi)(?:\s+(?:gi|nao|ca|so voi (?:thang|ky) truoc|so voi truoc|so thang truoc))*|giu nguyen(?:\s+so (?:lieu|luong))?(?:\s+so voi (?:thang|ky) truoc)?|(?:van )?nhu cu|cung vay|cung the|y vay|van vay|van the|nhu truoc)\b"
)
ZERO = re.compile(
    rf"(?<![\w])(?:chua co(?=\s*(?:[;,.\n]|$))|{NOT})(?:\s+(?:co|ai|nguoi nao|doan vien nao|dv nao|truong hop nao|truong hop|dong chi nao|dua nao|dua mo|ban nao|ca nao|mot ai|mot|mo|phat sinh|ghi nhan|bi|he|them ai))*(?!\w)"
)
NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[+-](?=\d))?(?P<digits>\d{1,3}(?:([ '])\d{3})(?:\3\d{3})*(?![\d]|[.,]\d|\s*(?:k|tr)\b)|\d+(?:[.,]\d+)*)(?!\d)"
    r"(?P<scale>\s?(?:trieu|tr|nghin|ngan|ty|ti|(?<! )k|k(?=\s*(?:[^\sa-z0-9]|$))|tram|chuc)(?:\s?ruoi|\s?\d{1,3}(?!\d|[.,/]\d))?(?![a-z0-9])(?:\s(?:tram|chuc|muoi)(?![a-z0-9]))*)?(?P<percent>\s*(?:%|phan tram))?"
)
SPELLED = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})(?:\s+(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}))*(?!\w)"
)
AROUND = re.compile(
    r"(?:\btu\s*|[~≈<>≥≤]=?\s*)$"
)
NUMBERING = re.compile(
    r"^[ \t]*(?:[-+*•–▪►✓>·o]\s+)?(?P<no>\d{1,2}(?:\.\d{1,2})*)(?P<mark>\s*[)\]|:-]\s*\|?\s*|\s*\.(?!\d)\s*\|?\s*|\s*\|\s*|\s+(?=[a-z]))(?=\S)"
)
LETTERED = re.compile(r"^[ \t]*(?:[-+*•▪►✓>·]+\s*)?(?:[a-eivx]{1,4}[.)]|[-+*•▪►✓>·]+(?=\s|[a-z]))\s*")
INLINE_NO = re.compile(r"(?<![\w.,/])(\d{1,2})(\)|\.(?=\s?[a-z]))\s*(?=[a-z])")


LOOKALIKES = frozenset(
    [
        "tặng",
        "nghị",
        "rà",
        "hữu",
        "chuyên",
        "chuyện",
        "mặt",
        "mật",
        "bộ",
        "bố",
        "rồi",
        "rơi",
        "thời",
        "giám",
        "mỗi",
        "mọi",
        "môi",
        "mối",
        "mời",
        "vạo",
        "rượt",
        "giặm",
        "tầng",
        "bệnh",
    ]
)
KNOWN_WORDS = frozenset(
    [
        "bao",
        "nhieu",
        "nao",
        "khi",
        "gio",
        "dau",
        "hoi",
        "dung",
        "phai",
        "chua",
        "duoc",
        "tai",
        "thang",
        "quy",
        "nam",
        "khong",
        "bien",
        "dong",
        "bao",
        "cao",
        "nhu",
        "truoc",
        "giu",
        "nguyen",
        "thay",
        "doi",
        "tang",
        "giam",
        "so",
        "lieu",
        "tong",
        "nghin",
        "trieu",
        "muoi",
        "tram",
    ]
)
UP_TO_DAY = re.compile(
    r"\b(?:tinh |chot )?(?:den|toi)(?: het| cuoi)?(?: ngay)? (?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>20\d\d))?(?![\d/])"
)
DAY_MONTH = re.compile(r"(?:(?P<word>[a-z]+)|(?:^|[.?!\n])(?=[^/]*/\d+ [a-z]))\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/]|[.,]\d)(?!\s*(?:doan vien|dv|ld|lao dong|cn))")
DOCUMENT = re.compile(r"(?<![\w.,])\d+/[a-z]{1,6}(?:-[a-z]+)*(?![a-z0-9])(?<!/dv)(?<!/ld)")
FROM_TO = re.compile(
    r"\b(?:(?:tang|giam|di|bien dong)\s+)?tu\s+(?P<from>\d[\d.]*)\s*(?:nguoi\s+|dv\s+)?(?:tang |giam )?(?:len|xuong|con|thanh|den|toi|sang)(?: con)?\s+(?P<to>\d[\d.]*\d|\d)"
)
SUM_WRITTEN = re.compile(r"(?<![\w.,])\d+(?:\s*[+-]\s*\d+)+\s*=\s*(?P<sum>\d+)(?!\d)")
RANGE = re.compile(r"(?:\s*(?:nguoi |dong chi |dc )?,?\s*)(?:(?<=\d)-(?=\d)|~|(?:hoac|hay|den|toi)(?: la)?(?: khoang| tam| co)?\s+)\s*(?P<other>\d+(?:\.\d{3})*)(?![\d/]|-\d|\.\d|,\d)")
BLANK = re.compile(r"[ :=]+(?P<blank>\?+|x+|_+|\.{2,})(?!\w)")
CUT_OFF = re.compile(r"[x?]|\.\.(?!\.)")
FROM_DAY = re.compile(r"\btinh tu(?: ngay)? 0?1/(?P<month>\d{1,2})(?:/(?P<year>20\d\d))?(?![\d/])")
