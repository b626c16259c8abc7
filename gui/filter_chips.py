"""Group chips whose counts add up, and the time filters beside them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from core.status import Group
from gui.count_chip import CountChip
from gui.flow_layout import FlowLayout
from gui.parts import button, rule
from gui.row_filter import Span
from gui.theme import Theme


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
        flow = FlowLayout(self)
        for group in Group:
            chip = CountChip(theme, group.label, warns=group is Group.NEEDS_PERSON)
            chip.clicked.connect(self._tell_group)
            self._groups[group] = chip
            flow.addWidget(chip)
        line = rule(vertical=True)
        line.setFixedHeight(theme.px(30))
        flow.addWidget(line)
        for span in Span:
            self._spans[span] = self._span_chip(span)
            flow.addWidget(self._spans[span])
        self._group: Group | None = None
        self.set_counts(dict.fromkeys(Group, 0))
        self.show_span(Span.ALL_DAY)

    def _span_chip(self, span: Span) -> QPushButton:
        chip = button(span.value, "chip")
        chip.setCheckable(True)
        chip.clicked.connect(self._tell_span)
        return chip

    def set_counts(self, counts: Mapping[Group, int]) -> None:
        """How many bookings each group has."""
        for group, chip in self._groups.items():
            chip.show_number(counts[group])
        self.updateGeometry()

    def show_group(self, group: Group | None) -> None:
        """Show which group is chosen."""
        self._group = group
        for one, chip in self._groups.items():
            chip.setChecked(one is group)

    def show_span(self, span: Span) -> None:
        """Show which span is chosen."""
        for one, chip in self._spans.items():
            chip.setChecked(one is span)

    def _tell_group(self) -> None:
        pressed = next(one for one, chip in self._groups.items() if chip is self.sender())
        self.group_chosen.emit(None if pressed is self._group else pressed)

    def _tell_span(self) -> None:
        pressed = next(one for one, chip in self._spans.items() if chip is self.sender())
        self.span_chosen.emit(pressed)
