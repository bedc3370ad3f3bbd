"""The desk of every role: workbench, figures, search and message centre."""

from app.services.desk.annual_summary import annual_summary_inputs
from app.services.desk.figures import AreaFigures, year_figures
from app.services.desk.message_centre import mark_messages_read, unread_messages
from app.services.desk.search import SearchResult, search_records, searchable_models
from app.services.desk.tasks import Task
from app.services.desk.workbench import waiting_tasks

__all__ = [
    "AreaFigures",
    "SearchResult",
    "Task",
    "annual_summary_inputs",
    "mark_messages_read",
    "search_records",
    "searchable_models",
    "unread_messages",
    "waiting_tasks",
    "year_figures",
]
