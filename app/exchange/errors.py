"""The refusal of a file: one Chinese sentence that names the remedy."""


class ExchangeError(Exception):
    """A file that cannot be read or written; the message is a Chinese sentence for the clerk."""
