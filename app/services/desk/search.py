"""The search over units, applications and papers, within the actor's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mongoengine import Document

from app.policy import access
from app.policy.access import Actor
from app.services.core import scope
from app.services.core.by import By
from models.filing.applications import Application
from models.papers import Paper
from models.registry.units import Unit
from models.search import matching

MAX_HITS = 20
SEARCHED: tuple[type[Document], ...] = (Unit, Application, Paper)


@dataclass(frozen=True)
class SearchResult:
    """The first matching records of one resource, and whether there are more."""

    resource: str
    hits: tuple[Any, ...]
    has_more: bool


def searchable_models(actor: Actor) -> list[type[Document]]:
    """Return the models that the actor may search; none for an actor who sees no case."""
    return [model for model in SEARCHED if access.may(actor, "read", scope.resource_of(model))]


def search_records(text: str, by: By) -> list[SearchResult]:
    """Find names, former names, credit codes and document numbers; resources without a hit are left out."""
    if not text:
        return []
    results = [_search(model, text, by) for model in searchable_models(by.actor)]
    return [result for result in results if result.hits]


def _search(model: type[Document], text: str, by: By) -> SearchResult:
    hits = list(matching(scope.rows(by, model), text).limit(MAX_HITS + 1))
    return SearchResult(scope.resource_of(model), tuple(hits[:MAX_HITS]), len(hits) > MAX_HITS)
