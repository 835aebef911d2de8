"""Names for made-up students: distinct, also when the accents are dropped for a file name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FIRST = """
Ada Aisha Akira Alma Amir Ana André Anouk Björn Carla Chloé Chidi Daan Dana Deniz Diego Élise Emma
Farid Fatima Femke Finn Gül Hana Hugo Ines Ivan Jana João Jonas Kofi Lars Lea Li Luca Maja Marta
Mei Mila Nadia Noor Olga Omar Pablo Priya Ravi Rosa Sofía Yusuf Zoë
"""
_LAST = """
Acar Adeyemi Ali Bakker Bauer Becker Bianchi Chen Costa Dijkstra Dubois Eriksen Fischer García
Gupta Haddad Hansen Hoekstra Ito Jansen Jensen Kaya Khan Kim Kowalski Kumar Laurent Lopez Meijer
Mendes Moreau Müller Mwangi Nguyen Novák Okafor Olsen Park Peters Popescu Rossi Santos Sato
Schäfer Singh Smit Suzuki Visser Wang Yılmaz
"""
FIRST, LAST = _FIRST.split(), _LAST.split()


@dataclass(frozen=True)
class Name:
    full: str
    file_part: str
    """As collect_submission.sh writes it into the name of the zip: accents dropped, `_` for spaces.
    """


def name_of(number: int) -> Name:
    """The name of student `number` (0, 1, ...). After 2,500 a middle initial tells namesakes apart,
    after 67,500 the names repeat.
    """
    initial, place = divmod(number, len(FIRST) * len(LAST))
    row, column = divmod(place, len(FIRST))
    parts = [
        FIRST[column],
        f"{chr(ord('A') + (initial - 1) % 26)}" if initial else "",
        LAST[(row + 7 * column) % len(LAST)],
    ]
    full = " ".join(part for part in parts if part)
    plain = unicodedata.normalize("NFKD", full).encode("ascii", "ignore").decode()
    return Name(full, re.sub(r"[^A-Za-z0-9_-]", "", re.sub(r"\s+", "_", plain)))
