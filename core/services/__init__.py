"""The three services, a folder each, and what they have in common. Day and above import it."""
