# ruff: noqa: E501
"""The kinds of unit in words: how each is called, and how officers write it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from knowledge.model.units import UnitKind

UNIT_KIND_LABELS: Final[dict[UnitKind, str]] = {
    UnitKind.CONFEDERATION: "Tổng Liên đoàn",
    UnitKind.PROVINCE: "LĐLĐ tỉnh/thành phố",
    UnitKind.SECTOR: "Công đoàn ngành",
    UnitKind.UPPER: "Công đoàn cấp trên trực tiếp cơ sở",
    UnitKind.COMMUNE: "Công đoàn xã/phường/đặc khu",
    UnitKind.PUBLIC: "CĐCS hành chính sự nghiệp",
    UnitKind.STATE_ENTERPRISE: "CĐCS doanh nghiệp nhà nước",
    UnitKind.PRIVATE: "CĐCS ngoài nhà nước",
    UnitKind.FOREIGN: "CĐCS doanh nghiệp FDI",
    UnitKind.GUILD: "Nghiệp đoàn",
}
"""What an officer reads for each kind."""

UNIT_KIND_SHORT: Final[dict[UnitKind, str]] = {
    UnitKind.CONFEDERATION: "tổng liên đoàn",
    UnitKind.PROVINCE: "LĐLĐ tỉnh/thành phố",
    UnitKind.SECTOR: "công đoàn ngành",
    UnitKind.UPPER: "cấp trên trực tiếp cơ sở",
    UnitKind.COMMUNE: "xã/phường/đặc khu",
    UnitKind.PUBLIC: "HCSN",
    UnitKind.STATE_ENTERPRISE: "DNNN",
    UnitKind.PRIVATE: "ngoài nhà nước",
    UnitKind.FOREIGN: "FDI",
    UnitKind.GUILD: "nghiệp đoàn",
}
"""The words a unit file may use, in the order in which a refusal lists them."""

# Written without marks; each is compared after everything but letters and digits became one blank.
_WRITTEN: Final[dict[UnitKind, tuple[str, ...]]] = {
    UnitKind.CONFEDERATION: (
        "tong lien doan", "tong lien doan lao dong", "tong lien doan lao dong viet nam", "tong lien doan ldvn",
        "tong ld", "tong ldld", "tong ldld viet nam", "tld", "tldldvn", "tldld", "tldld viet nam", "tld vn",
    ),
    UnitKind.PROVINCE: (
        "ldld tinh thanh pho", "ldld tinh tp", "ldld tinh", "ldld thanh pho", "ldld tp", "ldld", "ldld tinh hoac thanh pho",
        "lien doan lao dong", "lien doan lao dong tinh", "lien doan lao dong thanh pho", "lien doan lao dong tp",
        "lien doan lao dong tinh thanh pho", "lien doan lao dong tinh tp", "lien doan ld tinh", "tinh thanh pho", "tinh tp", "tinh",
        "thanh pho", "cong doan tinh", "cong doan tinh thanh pho", "cd tinh", "cap tinh", "ld tinh",
    ),
    UnitKind.SECTOR: (
        "cong doan nganh", "cong doan nganh trung uong", "cong doan nganh tw", "cong doan nganh trung uong va tuong duong",
        "cd nganh", "cd nganh tw", "cd nganh trung uong", "cdn", "cdntw", "nganh", "nganh trung uong", "nganh tw",
        "cong doan nganh toan quoc",
    ),
    UnitKind.UPPER: (
        "cap tren truc tiep co so", "cong doan cap tren truc tiep co so", "cong doan cap tren", "cong doan cap tren co so",
        "cd cap tren", "cd cap tren truc tiep co so", "cd cap tren tt co so", "cd cap tren ttcs", "cap tren ttcs", "cap tren tt co so",
        "cap tren", "cap tren co so", "cap tren cs", "cdctttcs", "cdctcs", "cdct ttcs", "cdct tt cs", "ctttcs", "cdcttt co so",
        "cong doan cap tren truc tiep", "cap tren truc tiep", "cong doan cap tren tt co so", "cdct",
    ),
    UnitKind.COMMUNE: (
        "xa phuong dac khu", "cong doan xa phuong dac khu", "cd xa phuong dac khu", "cong doan xa", "cong doan phuong",
        "cong doan dac khu", "cd xa", "cd phuong", "cd dac khu", "xa", "phuong", "dac khu", "xa phuong", "cong doan xa phuong",
        "cd xa phuong", "cap xa", "cong doan cap xa", "cd cap xa",
    ),
    UnitKind.PUBLIC: (
        "hcsn", "hanh chinh su nghiep", "hanh chinh", "su nghiep", "hanh chinh va su nghiep", "khoi hcsn", "khu vuc hcsn",
        "don vi su nghiep", "don vi su nghiep cong lap", "su nghiep cong lap", "co quan nha nuoc", "co quan hanh chinh",
        "co quan hanh chinh su nghiep", "co quan nha nuoc don vi su nghiep cong lap", "hc sn", "hanh chinh sn", "dvsn", "dvsncl",
    ),
    UnitKind.STATE_ENTERPRISE: (
        "dnnn", "doanh nghiep nha nuoc", "dn nha nuoc", "dn nn", "doanh nghiep nn", "khoi dnnn", "khu vuc dnnn",
        "doanh nghiep co von nha nuoc", "cong ty nha nuoc",
    ),
    UnitKind.PRIVATE: (
        "ngoai nha nuoc", "ngoai nn", "doanh nghiep ngoai nha nuoc", "dn ngoai nha nuoc", "dn ngoai nn", "dnnnn", "nnn",
        "ngoai khu vuc nha nuoc", "khu vuc ngoai nha nuoc", "doanh nghiep ngoai khu vuc nha nuoc", "dnngoainn", "ngoai kvnn",
        "dn ngoai khu vuc nha nuoc", "ngoai quoc doanh", "dn ngoai quoc doanh", "dnnqd", "nqd", "tu nhan", "doanh nghiep tu nhan",
        "dn tu nhan", "dntn", "khu vuc tu nhan", "ngoai cong lap", "doanh nghiep ngoai quoc doanh",
    ),
    UnitKind.FOREIGN: (
        "fdi", "doanh nghiep fdi", "dn fdi", "von dau tu nuoc ngoai", "dau tu nuoc ngoai", "doanh nghiep co von dau tu nuoc ngoai",
        "dn co von dau tu nuoc ngoai", "doanh nghiep von dau tu nuoc ngoai", "dn von nuoc ngoai", "co von dau tu nuoc ngoai",
        "co von nuoc ngoai", "von nuoc ngoai", "dtnn", "dn dtnn", "nuoc ngoai", "doanh nghiep nuoc ngoai", "khu vuc fdi",
    ),
    UnitKind.GUILD: (
        "nghiep doan", "nghiep doan co so", "nd", "ndcs", "nghiep doan nghe ca", "nghiep doan nghe",
    ),
}  # fmt: skip

_GRASSROOTS_PREFIX = re.compile(r"^(?:cdcs|cong doan co so|cd co so)\s+(?:thuoc\s+)?(?:(?:khoi|khu vuc|loai hinh)\s+)?")


def _key(text: str) -> str:
    """`text` without marks, case and punctuation: what two spellings of a kind have in common."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ƣ", "ư").replace("Ƣ", "Ư").lower().replace("đ", "d"))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(re.findall(r"[a-z0-9]+", letters))


_BY_KEY: Final[dict[str, UnitKind]] = {
    _key(words): kind
    for kind in UnitKind
    for words in (*_WRITTEN[kind], UNIT_KIND_LABELS[kind], UNIT_KIND_SHORT[kind], kind.value)
}
_BY_SQUEEZED: Final[dict[str, UnitKind]] = {key.replace(" ", ""): kind for key, kind in _BY_KEY.items()}


def parse_unit_kind(text: str) -> UnitKind | None:
    """The kind that `text` names in full, short or unmarked form ("LĐLĐ tỉnh", "cap tren", "FDI"); None where it names none."""
    key = _key(text)
    for candidate in (key, _GRASSROOTS_PREFIX.sub("", key)):
        found = _BY_KEY.get(candidate) or _BY_SQUEEZED.get(candidate.replace(" ", ""))
        if found is not None:
            return found
    return None
