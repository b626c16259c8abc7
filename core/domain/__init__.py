"""What flows through the program: bookings, states, errors, time, text. Imports nothing of the
core; all may import it.
"""
