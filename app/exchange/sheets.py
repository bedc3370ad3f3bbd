"""Which sheet of a workbook holds the ledger, and in which row its header is."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.exchange import cells
from app.exchange.columns import recognise
from app.exchange.errors import ExchangeError
from app.exchange.headings import answer
from app.exchange.records import Question

HEADER_WITHIN = 20
MIN_HEADINGS = 3


def chosen_table(
    sheets: list[dict[str, Any]],
    mapping: Mapping[int, str] | None,
    answers: Mapping[str, str],
    questions: list[Question],
) -> tuple[dict[str, Any], int] | None:
    """Return the sheet with a header and the header's index; ask where there are several, None until answered."""
    candidates = [(sheet, top) for sheet in sheets if (top := _header(sheet["rows"], mapping)) is not None]
    if not candidates:
        raise ExchangeError(
            "找不到表头；请确认表中有“单位名称”“统一社会信用代码”“类别”等列名，且在前20行之内。"
        )
    if len(candidates) == 1:
        return candidates[0]
    names = tuple(sheet["name"] for sheet, _ in candidates)
    why = f"工作簿里有{len(names)}张汇总表（{'、'.join(f'“{name}”' for name in names)}）；请选择导入哪一张，其余的另行导入。"
    given = answer(Question("sheet", why, names), answers, questions)
    return next((each for each in candidates if each[0]["name"] == given), None)


def _header(grid: cells.Grid, mapping: Mapping[int, str] | None) -> int | None:
    """Return the row that names most fields, or with a mapping the first with text in all mapped columns."""
    head = grid[:HEADER_WITHIN]
    counts = [_count_fields(row) for row in head]
    if counts and max(counts) >= MIN_HEADINGS:
        return counts.index(max(counts))
    mapped = [index for index, field in (mapping or {}).items() if field]
    if not mapped:
        return None
    return next((number for number, row in enumerate(head) if _has_texts(row, mapped)), None)


def _count_fields(row: list[Any]) -> int:
    return len({field.name for cell in row if (field := recognise(cell))})


def _has_texts(row: list[Any], indexes: Iterable[int]) -> bool:
    return all(index < len(row) and isinstance(row[index], str) for index in indexes)
