"""Import and export of the county ledger 推荐汇总表 (第十三条)."""

from app.services.ledger.batches import (
    commit_import,
    examine_ledger,
    import_lines,
    import_offers,
    parse_ledger,
    preview_ledger,
    preview_stored,
    refused_rows_file,
    sweep_previews,
    undo_import,
    upload_ledger,
)
from app.services.ledger.execution import recover_imports
from app.services.ledger.export import LEDGER_HEADERS, TEXT_COLUMNS, ledger_rows
from app.services.ledger.file import MAX_BYTES, TARGETS, corrected_mapping, recognise_columns, stated_year
from app.services.ledger.plan import Plan

__all__ = [
    "LEDGER_HEADERS",
    "MAX_BYTES",
    "Plan",
    "TARGETS",
    "TEXT_COLUMNS",
    "commit_import",
    "corrected_mapping",
    "examine_ledger",
    "import_lines",
    "import_offers",
    "ledger_rows",
    "parse_ledger",
    "preview_ledger",
    "preview_stored",
    "recognise_columns",
    "recover_imports",
    "refused_rows_file",
    "stated_year",
    "sweep_previews",
    "undo_import",
    "upload_ledger",
]
