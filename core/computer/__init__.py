"""This computer: folders, account, logs, start at login, heartbeat. Everything above may import
it.
"""
