"""GNOME's text size on Wayland, told by a portal of the test's own on the session's bus."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import ClassInfo, QObject, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.looks.theme import Appearance, Theme

if sys.platform != "linux":
    pytest.skip("no portal is elsewhere", allow_module_level=True)

from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant

_NAME, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_SETTINGS = "org.freedesktop.portal.Settings"
_GROUP, _KEY = "org.gnome.desktop.interface", "text-scaling-factor"


@ClassInfo({"D-Bus Interface": _SETTINGS})  # type: ignore[call-arg]
class Portal(QObject):  # type: ignore[operator]
    """GNOME's, as far as it is asked."""

    def __init__(self, bus: QDBusConnection) -> None:
        super().__init__()
        self._bus = bus
        self.asked: list[list[str]] = []

    @Slot(str, str, result=QDBusVariant)
    def Read(self, group: str, key: str) -> QDBusVariant:  # noqa: N802
        self.asked.append([group, key])
        return QDBusVariant(QDBusVariant(1.5))

    def tell(self, value: object, group: str = _GROUP, key: str = _KEY) -> None:
        """Somebody changed a setting."""
        signal = QDBusMessage.createSignal(_PATH, _SETTINGS, "SettingChanged")
        signal.setArguments([group, key, QDBusVariant(value)])
        assert self._bus.send(signal)


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "portal")
    made = Portal(bus)
    slots = QDBusConnection.RegisterOption.ExportAllSlots
    assert bus.registerService(_NAME), bus.lastError().message()
    assert bus.registerObject(_PATH, made, slots)
    font = QFont()
    font.setPointSizeF(11)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
    monkeypatch.setattr(QFontDatabase, "systemFont", lambda _kind: font)
    yield made
    bus.unregisterObject(_PATH)
    bus.unregisterService(_NAME)
    QDBusConnection.disconnectFromBus("portal")
    QApplication.setFont(QFont())


def test_large_text_of_gnome_counts_on_wayland_at_the_start_and_live(
    qtbot: QtBot, portal: Portal
) -> None:
    window, theme = QWidget(), Theme()
    qtbot.addWidget(window)
    theme.outdated.connect(lambda: theme.apply(window, Appearance.LIGHT, 200))
    theme.apply(window, Appearance.LIGHT, 200)
    qtbot.waitUntil(lambda: theme.px(10) == 30)
    assert portal.asked == [[_GROUP, _KEY]]
    portal.tell(1.25)
    qtbot.waitUntil(lambda: theme.px(10) == 25)
    portal.tell(2.0, key="cursor-size")
    portal.tell("large")
    portal.tell(1.0)
    qtbot.waitUntil(lambda: theme.px(10) == 20)
