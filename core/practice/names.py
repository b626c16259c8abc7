"""Made-up names."""

from __future__ import annotations

_FIRST = """
Ada Amara Anselm Bea Bruno Callum Carmen Dana Delphine Elio Esme Farid Fiona Gideon Greta Hana
Hugo Imogen Ivo Jonas Juno Kofi Lena Levi Linnea Mabel Marco Mina Nadia Niall Odette Omar Petra
Priya Quentin Rosa Rufus Sana Silas Tamsin Theo Uma Vera Viktor Willa Yara Yusuf Zora
"""

_LAST = """
Abara Achterberg Bellweather Birnbaum Calloway Castellano Dambrosio Dunmore Eastlake Eriksen
Fairbank Feldspar Garrowby Greenhalgh Halloran Hartwick Ibekwe Ingersoll Jellicoe Kaminer Kestrel
Lindqvist Lockwood Marchetti Merriweather Nakamori Netherby Okonjo Ostrander Pemberley Pettigrove
Quillfeather Rackham Rosenthal Sandoval Stillwater Tanaquil Thackeray Underhill Vantongeren
Verbeek Wetherell Winterbourne Yarborough Zeller
"""

FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())
