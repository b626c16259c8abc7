"""LibCal, Alma and PassagePoint played on loopback, with a made-up day.

They follow the contracts (docs/) down to the odd shapes. Everybody in them is invented. Cli, the
window and the tests import it.
"""
