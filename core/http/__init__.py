"""One door to the network: did a byte leave, or not? Only the clients of the services come through
it.
"""
