"""From the start of the program to its windows. Only ``main.py`` imports it."""
