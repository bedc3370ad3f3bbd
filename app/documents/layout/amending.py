"""Insert into a paper's wording the sentence that corrects or revokes an earlier paper."""

CLOSING_WORDS = "特此"


def amended(source: str, sentence: str) -> str:
    """Return the wording with the sentence as the last paragraph before 特此…, in every case.

    An empty sentence changes nothing.
    """
    if not sentence:
        return source
    result: list[str] = []
    section, case, inserted = "", "通用", False
    for line in source.splitlines():
        stripped = line.strip()
        leaves_body = section == "正文" and stripped.startswith("# ")
        if not inserted and section == "正文" and (leaves_body or stripped.startswith(CLOSING_WORDS)):
            result += ["## 通用", _without_braces(sentence), *([] if leaves_body else [f"## {case}"])]
            inserted = True
        if stripped.startswith("## "):
            case = stripped[3:].strip()
        elif stripped.startswith("# "):
            section, case = stripped[2:].strip(), "通用"
        result.append(line)
    return "\n".join(result) + "\n"


def _without_braces(sentence: str) -> str:
    """Set double braces full-width, so that a title in the sentence is not read as a placeholder."""
    return sentence.replace("{{", "｛｛").replace("}}", "｝｝").replace("\n", "")
