"""The kind of error that the one who asked can mend."""


class UserError(Exception):
    """Says what is wrong, where, and what is allowed; shown as it is, without a traceback, with exit code 2."""
