"""Another text size while the window is open: its distances grow with its words."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

_DESIGN = "design"
"""What a layout measured at 100 %, kept so that no rounding adds up."""


def rescale(window: QWidget, old: float, new: float) -> None:
    """Margins and gaps of everything in ``window``, which was made or scaled at ``old``."""
    for layout in window.findChildren(QLayout):
        design = layout.property(_DESIGN)
        if design is None:
            design = [size / old for size in _measured(layout)]
            layout.setProperty(_DESIGN, design)
        _measure_out(layout, [round(size * new) for size in design])


def _measured(layout: QLayout) -> list[int]:
    margins = layout.contentsMargins()
    sizes = [margins.left(), margins.top(), margins.right(), margins.bottom()]
    if isinstance(layout, QGridLayout):
        sizes += [layout.horizontalSpacing(), layout.verticalSpacing()]
    else:
        sizes += [layout.spacing(), layout.spacing()]
    return sizes


def _measure_out(layout: QLayout, sizes: list[int]) -> None:
    left, top, right, bottom, across, down = sizes
    layout.setContentsMargins(left, top, right, bottom)
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(across)
        layout.setVerticalSpacing(down)
    elif across >= 0:
        layout.setSpacing(across)
