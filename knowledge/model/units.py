"""What an organisational unit of the union is: the kinds the tree is made of."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """The kind of a unit; the values are kept in the database and in unit files."""

    CONFEDERATION = "tong_lien_doan"
    PROVINCE = "lien_doan_tinh"
    SECTOR = "cong_doan_nganh"
    UPPER = "cap_tren"
    COMMUNE = "xa_phuong"
    PUBLIC = "hcsn"
    STATE_ENTERPRISE = "dnnn"
    PRIVATE = "ngoai_nha_nuoc"
    FOREIGN = "fdi"
    GUILD = "nghiep_doan"

    @property
    def is_grassroots(self) -> bool:
        """Whether such a unit sends figures of its own; those of all others are sums of what lies below them."""
        return self in GRASSROOTS_KINDS


GRASSROOTS_KINDS = frozenset(
    {UnitKind.PUBLIC, UnitKind.STATE_ENTERPRISE, UnitKind.PRIVATE, UnitKind.FOREIGN, UnitKind.GUILD}
)
