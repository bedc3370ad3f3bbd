"""Facts of other records that the guards of an application ask for."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from app.policy.terms import ObjectionState
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.lists import Objection, PublicNotice


def find_report(application: Application) -> Evaluation | None:
    """Return the evaluation report of the application's unit, kind and year, or None."""
    return Evaluation.objects.for_application(application).first()


class ApplicationFacts:
    """Report and objections of an application, each read when a guard first asks, and only once."""

    def __init__(self, application: Application) -> None:
        self._application = application

    @cached_property
    def report(self) -> Evaluation | None:
        """Return the evaluation report of the same unit, kind and year."""
        return find_report(self._application)

    @cached_property
    def other_cultivation(self) -> Application | None:
        """Return another application by which the unit is a cultivation object of this kind, or None."""
        live = Application.objects.cultivating(self._application.unit_id, self._application.kind)
        return live.filter(pk__ne=self._application.pk).first()

    @cached_property
    def notice_first_day(self) -> date | None:
        """Return the first day of the application's public notice, None without one."""
        return PublicNotice.objects(pk=self._application.notice_id).scalar("first_day").first()

    @cached_property
    def open_objections(self) -> int:
        """Count the open objections, also those of a revoked notice: they still require an answer."""
        return Objection.objects(application_id=self._application.pk, state=ObjectionState.OPEN.value).count()

    @cached_property
    def upheld_objections(self) -> int:
        """Count the objections upheld since the present review began, also those of a revoked notice."""
        upheld = Objection.objects(application_id=self._application.pk, state=ObjectionState.UPHELD.value)
        begun = [entry.at for entry in self._application.trail if entry.action == "to_review"]
        return (upheld.filter(answered_at__gte=begun[-1]) if begun else upheld).count()
