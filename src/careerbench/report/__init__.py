"""Released results become files: the only room that writes for other people."""

from careerbench.report.content import programme_pack, school_pack
from careerbench.report.model import Pack
from careerbench.report.packs import Packs, write_packs

__all__ = ["Pack", "Packs", "programme_pack", "school_pack", "write_packs"]
