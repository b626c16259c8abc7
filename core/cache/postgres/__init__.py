"""The ledger in a PostgreSQL database that several computers share. Only this folder knows
psycopg.
"""
