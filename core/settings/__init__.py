"""config.yml, and the secrets in the password store. All above it import it; it knows the computer
and the domain.
"""
