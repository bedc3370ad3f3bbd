"""What is said when a file cannot be taken: one sentence that names the remedy."""


class ExchangeError(Exception):
    """A file that cannot be read or written; the message is a Chinese sentence for the clerk."""
