"""Whether two names can be one person's (docs/states.md, Same person). Pure.

A particle, a title or an initial that two people share proves nothing: of eight wrong IDs that
were tried, seven agreed in one of these and in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from core.domain.spelling import is_initial, script_of, spellings, words_in

# No evidence, unless they are the whole family name.
_PARTICLES = """
a ab abd abdel abdul abi abu ad af al am an ap as at av ba bat ben bin bint binte binti bt bte d da
dal dalla das de del dela della dello den der des di do dos du e el en ende het i ibn ibni in la
las le lo los lu mac mc ni nic o of op oud san sen st t te ten ter thi to u ua ui ul umm und van
ved vel vom von y ya ze zu zum zur
"""
_TITLES = """
archbishop capt captain col dame dipl dr dra drs esq filho fr frau gen haji hajj herr hon ing
jonkheer lady lord lt mag maj md med miss mlle mme mr mrs ms msc mx neto phd prof profa professor
rev revd sheikh shri sir sobrinho sra sri
"""
# Never a name, wherever they stand.
_NEVER = """
blank fnu ii iii iv jnr jr junior lnu na nfn nil nln nmn none null senior snr sr unknown vi vii
"""
_IS_PARTICLE = frozenset(_PARTICLES.split())
_IS_TITLE = frozenset(_TITLES.split())
_IS_NO_EVIDENCE = _IS_PARTICLE | _IS_TITLE
_NO_NAMES = frozenset(_NEVER.split())
_NO_NAME_AT_ALL = frozenset(
    {"n/a", "n a", "n.a.", "n. a.", "no name", "not available", "xx", "xxx"}
)
_MOST_WORDS = 8
_LONGEST_JOIN = 3
_LEAST_LETTERS = 5
"""Of family names that may be a slip of the keyboard apart."""


class FullName(NamedTuple):
    """A name as a form or a register has it."""

    given: str
    family: str


class Likeness(Enum):
    """What comparing two names says."""

    SAME = "same"
    DIFFERENT = "different"
    NO_NAME = "no name"
    """On one side nothing stands that could be a name."""
    OTHER_SCRIPT = "other script"


def full_name_from(text: str) -> FullName:
    """``Family, Given``; without a comma nobody knows which word is which."""
    family, comma, given = text.partition(",")
    return FullName(given.strip(), family.strip()) if comma else FullName(text.strip(), "")


@lru_cache(maxsize=8192)  # the same pairs come again with every pass
def likeness(one: FullName, others: tuple[FullName, ...]) -> Likeness:
    """Whether ``one`` can be the person who has all these names; order, case, accents and the
    usual ways of writing a letter never matter."""
    ours = _read(one)
    theirs = [name for name in map(_read, others) if name.evidence]
    if not ours.evidence or not theirs:
        return Likeness.NO_NAME
    if any(_fit(ours, name) for name in theirs):
        return Likeness.SAME
    scripts = {word.script for name in theirs for word in name.evidence}
    if scripts.isdisjoint(word.script for word in ours.evidence):
        return Likeness.OTHER_SCRIPT
    return Likeness.DIFFERENT


class _Word(NamedTuple):
    """A word that is evidence, or several written as one."""

    ways: frozenset[str]
    places: frozenset[int]
    """Which words of the name it is made of."""
    script: str
    is_initial: bool

    def is_like(self, other: _Word) -> bool:
        return not self.ways.isdisjoint(other.ways)


class _Name(NamedTuple):
    given: tuple[_Word, ...]
    family: tuple[_Word, ...]
    evidence: tuple[_Word, ...]
    """Given and family names, without what is joined from several."""
    begins: frozenset[str]
    """The first letters of the family name's words, particles too."""
    in_one: tuple[frozenset[str], ...]
    """All words in one, in both orders."""
    has_one_name: bool

    @property
    def words(self) -> tuple[_Word, ...]:
        return self.given + self.family


@lru_cache(maxsize=8192)
def _read(name: FullName) -> _Name:
    given, family = _plain_words(name.given), _plain_words(name.family)
    given_words = tuple(_words(given, 0, is_family=False))
    family_words = tuple(_words(family, len(given), is_family=True))
    single = tuple(one for one in given_words + family_words if len(one.places) == 1)
    named = [word for word in given + family if word not in _IS_NO_EVIDENCE]
    # Where a form insists on two, somebody with one name gives it twice.
    is_one = bool(single) and all(word.is_like(single[0]) for word in single)
    first = {way[:1] for word in family for way in spellings(word)}
    return _Name(
        given_words,
        family_words,
        single,
        frozenset(first),
        tuple(spellings("".join(words)) for words in (given + family, family + given)),
        has_one_name=is_one and len(named) <= len(single),
    )


def _plain_words(text: str) -> list[str]:
    """The words of a field, without those that are never a name."""
    if text.strip().casefold() in _NO_NAME_AT_ALL:
        return []
    return [word for word in words_in(text)[:_MOST_WORDS] if word not in _NO_NAMES]


def _words(words: Sequence[str], first: int, *, is_family: bool) -> Iterator[_Word]:
    """What of a field's words is evidence: single ones, and neighbours written as one."""
    weak = [_is_weak(word) for word in words]
    if all(weak) and (is_family or all(_is_particle(word) for word in words)):
        weak = [False] * len(words)  # Yu Du, Minh Le; and Ben is a name where nothing follows
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_JOIN, len(words)) + 1):
            if not all(weak[start:end]):
                joined = "".join(words[start:end])
                places = frozenset(range(first + start, first + end))
                yield _Word(spellings(joined), places, script_of(joined), is_initial(joined))


def _is_particle(word: str) -> bool:
    return word in _IS_PARTICLE and not is_initial(word)


def _is_weak(word: str) -> bool:
    return word in _IS_NO_EVIDENCE or is_initial(word)


def _fit(ours: _Name, theirs: _Name) -> bool:
    return (
        _all_equal(ours, theirs)
        or _has_common(_whole_names(ours.family), _whole_names(theirs.family))
        or _two_in_common(ours, theirs)
        or _given_and_nearly_family(ours, theirs)
        or _one_name_in_common(ours, theirs)
    )


def _all_equal(ours: _Name, theirs: _Name) -> bool:
    if any(not one.isdisjoint(other) for one in ours.in_one for other in theirs.in_one):
        return True
    return all(
        any(word.is_like(other) for other in there.evidence)
        for here, there in ((ours, theirs), (theirs, ours))
        for word in here.evidence
    )


def _whole_names(words: Iterable[_Word]) -> list[_Word]:
    """An initial that stands for a family name is too little where nothing else fits."""
    return [word for word in words if not word.is_initial]


def _has_common(ours: Iterable[_Word], theirs: Sequence[_Word]) -> bool:
    return any(word.is_like(other) for word in ours for other in theirs)


def _two_in_common(ours: _Name, theirs: _Name) -> bool:
    """Two words in common, no word counted twice, one of them a family name for either side."""
    common = [(one, two) for one in ours.words for two in theirs.words if one.is_like(two)]
    return any(
        (one in ours.family or two in theirs.family)
        and one.places.isdisjoint(other_one.places)
        and two.places.isdisjoint(other_two.places)
        for one, two in common
        for other_one, other_two in common
    )


def _given_and_nearly_family(ours: _Name, theirs: _Name) -> bool:
    return _has_common(ours.given, theirs.given) and (
        _is_initial_of(ours, theirs)
        or _is_initial_of(theirs, ours)
        or any(_is_a_slip_apart(one, two) for one in ours.family for two in theirs.family)
    )


def _is_initial_of(short: _Name, long: _Name) -> bool:
    initials = {way for word in short.family if word.is_initial for way in word.ways}
    only = bool(short.family) and all(word.is_initial for word in short.family)
    return only and not initials.isdisjoint(long.begins)


def _is_a_slip_apart(one: _Word, two: _Word) -> bool:
    return any(_one_slip(left, right) for left in one.ways for right in two.ways)


def _one_slip(left: str, right: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours changed places."""
    if min(len(left), len(right)) < _LEAST_LETTERS or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    left, right = left[start:], right[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:] and len(right) > 1
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def _one_name_in_common(ours: _Name, theirs: _Name) -> bool:
    alone = ours.has_one_name or theirs.has_one_name
    return alone and _has_common(_whole_names(ours.evidence), _whole_names(theirs.evidence))
