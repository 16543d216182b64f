"""What officers who have not read the plans call a subject or an issuer, and what only sounds like it."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.question import load_understanding

QUANG_TRI, HCM, BAO_LOC, VUIT = "quangtri-nq02-2021", "hcm-nq02-2022", "baoloc-nq02-2021", "vuit-nq02-2021"


@pytest.mark.parametrize(
    ("asked", "subject"),
    [
        ("TP.HCM tới 2030 hội viên công đoàn được mấy triệu", "members_total"),
        ("cong thuong nam 2023 quan so bao nhieu nguoi", "members_total"),
        ("Bảo Lộc mỗi năm kết nạp bao nhiêu hội viên mới", "new_members"),
        ("Bảo Lộc mấy phần trăm công ty tư phải họp công nhân", "workers_conference"),
        ("công thương mấy phần trăm thợ được nâng bậc thợ", "skills_study"),
        ("bao loc may phan tram doan vien di hoi dien, hoi thao", "culture_sport"),
        ("Công Thương gom tiền công đoàn phải được mấy phần trăm", "dues_collection"),
        ("Bảo Lộc bao nhiêu phần trăm công đoàn công khai sổ sách", "finance_disclosure"),
        ("công thương 2030 mấy phần trăm vụ kiện có công đoàn đi cùng", "legal_support"),
        ("Bảo Lộc mấy phần trăm công đoàn được góp ý chính sách đổi nghề", "retraining_policy"),
    ],
)
def test_everyday_words_for_a_subject(asked: str, subject: str) -> None:
    assert subject in {group.subject for group in load_adviser().ask(asked).groups}, asked


@pytest.mark.parametrize(
    "asked",
    [
        "TP.HCM 2025 bao nhiêu hội viên hội nông dân",
        "Bảo Lộc mỗi năm kết nạp mấy hội viên phụ nữ",
        "quang tri moi nam phat trien bao nhieu hoi vien chu thap do",
        "công thương mấy phần trăm công nhân được nâng bậc lương",
        "Bảo Lộc tỷ lệ học sinh xếp loại tốt",
        "Bảo Lộc mấy phần trăm người cao tuổi được thăm hỏi",
        "Công Thương bao nhiêu phần trăm công ty mở hội nghị khách hàng",
        "công thương doanh số khuyến mãi bao nhiêu",
        "Bảo Lộc mấy phần trăm gia đình văn hóa",
        "TP.HCM đi du lịch nước ngoài bao nhiêu lượt khách",
        "Quảng Trị bao nhiêu phần trăm xã đạt chuẩn nông thôn mới",
    ],
)
def test_what_only_sounds_like_a_subject_is_told_no_figure(asked: str) -> None:
    found = load_adviser().ask(asked)
    assert not found.facts, asked
    assert not found.absences, asked


@pytest.mark.parametrize(
    ("said", "plan"),
    [
        ("CT VN", VUIT),
        ("ctvn", VUIT),
        ("CĐ CTVN", VUIT),
        ("ngành CT", VUIT),
        ("cđ cthương", VUIT),
        ("TUBL", BAO_LOC),
        ("B.Lộc", BAO_LOC),
        ("B'Lao", BAO_LOC),
        ("TUQT", QUANG_TRI),
        ("TU Sài Gòn", HCM),
        ("S.Gòn", HCM),
        ("thành phố mang tên Bác", HCM),
        ("chương trình số 25", HCM),
    ],
)
def test_short_forms_of_issuers(said: str, plan: str) -> None:
    read = load_understanding().read
    assert read(f"{said} đến 2025 bao nhiêu đoàn viên").plans == (plan,)
    assert read(f"thỏa ước 2025 của {said.lower()}").plans == (plan,)


@pytest.mark.parametrize(
    "asked", ["công tác tuyên truyền 2025", "chi tieu 2025 bao nhieu", "lọc danh sách đoàn viên 2025"]
)
def test_what_only_looks_like_a_short_form_names_nobody(asked: str) -> None:
    assert load_understanding().read(asked).plans == ()


def test_what_stands_only_in_a_clause_of_the_asker_is_not_asked_about() -> None:
    read = load_understanding().read
    assert read("em là giáo viên, thỏa ước 2025 TP.HCM mấy phần trăm").others == ()
    assert read("e lam o vp moi 2 tuan, cong thuong 2030 may doan vien").others == ()
    assert "giáo viên" in read("em xin số giáo viên, thỏa ước 2025 TP.HCM mấy phần trăm").others
