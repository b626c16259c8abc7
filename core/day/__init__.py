"""The day as it stands: what is known of each booking, what the desk decided, why nothing is sent.
The rooms above (sync, engine, sharing, setup, cli) import it.
"""
