"""Insert into a paper's wording the sentence that corrects or revokes an earlier paper."""

CLOSING_WORDS = "特此"


def amended(source: str, sentence: str) -> str:
    """Return the wording with the sentence as the last paragraph before 特此…, in every case.

    An empty sentence changes nothing.
    """
    if not sentence:
        return source
    lines = source.splitlines()
    if place := _end_of_body(lines):
        index, case = place
        resumption = [f"## {case}"] if case else []
        lines[index:index] = ["## 通用", _without_braces(sentence), *resumption]
    return "\n".join(lines) + "\n"


def _end_of_body(lines: list[str]) -> tuple[int, str] | None:
    """Return the index of 特此… or of the section after the body, and the case going on there ("" for none)."""
    section, case = "", "通用"
    for index, line in enumerate(map(str.strip, lines)):
        begins_section = line.startswith("# ")
        if section == "正文" and begins_section:
            return index, ""
        if section == "正文" and line.startswith(CLOSING_WORDS):
            return index, case
        if begins_section:
            section, case = line[2:].strip(), "通用"
        elif line.startswith("## "):
            case = line[3:].strip()
    return None


def _without_braces(sentence: str) -> str:
    """Set double braces full-width, so that a title in the sentence is not read as a placeholder."""
    return sentence.replace("{{", "｛｛").replace("}}", "｝｝").replace("\n", "")
