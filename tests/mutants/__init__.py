"""Small faults put into the core one by one: each has to be noticed by a test."""
