"""The one download route: the file's owner record decides who may have it; every download is audited."""

from flask import Blueprint, Response, abort
from flask_login import login_required

from app.exchange.uploads import content_disposition
from app.policy.audit import Verb
from app.services.core import audit, files
from models.database import transact
from views import by

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<attachment_id>")
@login_required
def download(attachment_id: str) -> Response:
    """Send the bytes as an attachment, never inline, with the sniffed type (docs/traps.md#1, docs/traps.md#23)."""
    attachment = files.fetch(by(), attachment_id) or abort(404)
    transact(lambda: audit.record(Verb.DOWNLOAD, by=by(), subject=attachment))
    headers = {
        "Content-Disposition": content_disposition(attachment.filename),
        "Content-Length": str(attachment.size),
        "X-Content-Type-Options": "nosniff",
    }
    return Response(files.read_chunks(attachment), mimetype=attachment.mime, headers=headers)
