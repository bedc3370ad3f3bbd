"""The verdict on a measured figure, worded alike by every measurement."""


def verdict(holds: bool, figure: str) -> str:
    return f"{'达标' if holds else '未达标'}（{figure}）"
