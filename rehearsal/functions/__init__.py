"""A Lambda runtime without containers: a function's own code runs under the interpreters of this machine."""
