"""What each kind of paper adds to its own fields; importing the package registers all of them."""

from app.documents.filling import fill
from app.documents.fillings import applications, lists, oversight, upward, yearly

__all__ = ["applications", "fill", "lists", "oversight", "upward", "yearly"]
