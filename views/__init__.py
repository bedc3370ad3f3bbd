"""Screens: the account of a request and its moment; services do the rest."""

from flask import g, has_request_context, request
from flask_login import current_user

from app import clock
from app.policy.access import Actor
from app.services.core.by import By


def acting() -> Actor:
    """Return the request's actor, made once from the account; only valid where one is signed in."""
    if "actor" not in g:
        g.actor = current_user.actor(request.remote_addr or "")
    return g.actor


def by() -> By:
    """Return who acts in this request and when."""
    return By(acting(), clock.now())


def signed_in() -> bool:
    """Return whether there is a request of a signed-in account."""
    return has_request_context() and current_user.is_authenticated
