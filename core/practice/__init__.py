"""LibCal, Alma and PassagePoint played on loopback, with a made-up day.

They follow the contracts down to the odd shapes. Everybody in them is invented.
"""
