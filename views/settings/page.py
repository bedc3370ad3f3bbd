"""Pages of a resource that is no list of records."""

from typing import Any, ClassVar

from flask import abort, redirect
from flask_admin import BaseView

from app.policy import access
from app.policy.resources import RESOURCES
from views import acting, signed_in


class ResourcePage(BaseView):
    """A page with address, label and reading right of the resource that it shows."""

    resource: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(RESOURCES[self.resource].label, endpoint=self.resource)

    def is_accessible(self) -> bool:
        return signed_in() and access.may(acting(), "read", self.resource)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return redirect(self.get_url("session.login")) if not signed_in() else abort(403)
