"""Group chips whose counts add up, and the time filters beside them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QPushButton, QWidget

from core.domain.status import Group
from gui.looks.choice_button import ChoiceButton
from gui.looks.flow_layout import FlowLayout
from gui.looks.parts import button, rule
from gui.looks.theme import Theme
from gui.table.row_filter import Span
from gui.top.count_chip import CountChip


class FilterChips(QWidget):
    """A group and a span can be combined; pressing a pressed group shows all groups again."""

    group_chosen = Signal(object)
    """``Group | None``"""
    span_chosen = Signal(object)
    """``Span``"""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._groups: dict[Group, CountChip] = {}
        self._spans: dict[Span, QPushButton] = {}
        self._group: Group | None = None
        # In a narrow window one button holds several: a second line costs rows of the table.
        self._group_choice = _choice(theme, "Group", self.group_chosen)
        self._span_choice = _choice(theme, "Time", self.span_chosen)
        self._span_choice.set_choices({span: span.value for span in Span})
        flow = FlowLayout(self, gap=theme.px(8))
        for group in Group:
            chip = CountChip(theme, group.label, warns=group is Group.NEEDS_PERSON)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys in the table
            chip.clicked.connect(self._tell_group)
            self._groups[group] = chip
            flow.addWidget(chip)
        flow.addWidget(self._group_choice)
        self._theme, self._line = theme, rule(vertical=True)
        flow.addWidget(self._line)
        for span in Span:
            self._spans[span] = self._span_chip(span)
            flow.addWidget(self._spans[span])
        flow.addWidget(self._span_choice)
        self._group_choice.set_choices({None: "All"} | {one: one.label for one in Group})
        self.show_group(None)
        self.show_span(Span.ALL_DAY)

    def _span_chip(self, span: Span) -> QPushButton:
        chip = button(span.value, "chip")
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(self._tell_span)
        return chip

    def chip(self, group: Group) -> CountChip:
        """The one of this group."""
        return self._groups[group]

    def set_counts(self, counts: Mapping[Group, int]) -> None:
        """How many bookings each group has."""
        for group, chip in self._groups.items():
            chip.show_number(counts[group])
        words = {None: f"All {sum(counts.values())}"}
        self._group_choice.set_choices(words | {one: f"{one.label} {counts[one]}" for one in Group})
        self.updateGeometry()

    def show_unknown(self) -> None:
        """Nobody knows yet how many there are."""
        for chip in self._groups.values():
            chip.show_number(None)
        self._group_choice.set_choices({None: "All"} | {one: one.label for one in Group})

    def show_group(self, group: Group | None) -> None:
        """Show which group is chosen."""
        self._group = group
        for one, chip in self._groups.items():
            chip.setChecked(one is group)
        self._group_choice.show_chosen(group)

    def show_span(self, span: Span, stretch: str = "") -> None:
        """Show which span is chosen; ``stretch``: a part of the day that is shown instead."""
        for one, chip in self._spans.items():
            chip.setChecked(one is span and not stretch)
        if stretch:
            self._span_choice.show_other(stretch)
        else:
            self._span_choice.show_chosen(span)

    def one_line(self) -> int:
        """As wide as they are side by side."""
        layout = self.layout()
        return layout.sizeHint().width() if layout is not None else 0

    def fit(self, *, spans_apart: bool, groups_apart: bool) -> None:
        """A chip for each, or one button for several; "To do" always has its own."""
        self._line.setFixedHeight(self._theme.px(30))
        for chip in self._spans.values():
            chip.setVisible(spans_apart)
        self._span_choice.setVisible(not spans_apart)
        for group, count_chip in self._groups.items():
            count_chip.setVisible(groups_apart or group is Group.NEEDS_PERSON)
        self._group_choice.setVisible(not groups_apart)

    def _tell_group(self) -> None:
        pressed = next(one for one, chip in self._groups.items() if chip is self.sender())
        self.group_chosen.emit(None if pressed is self._group else pressed)

    def _tell_span(self) -> None:
        pressed = next(one for one, chip in self._spans.items() if chip is self.sender())
        self.span_chosen.emit(pressed)


def _choice(theme: Theme, what: str, chosen: SignalInstance) -> ChoiceButton:
    made = ChoiceButton(theme, what)
    made.setProperty("chip", True)
    made.chosen.connect(chosen)
    return made
