"""The selected booking: what is wrong, what to do, the one button, history."""
