"""Sets a sentence into wording, before its closing words: what this paper does to an earlier one."""

CLOSING_WORDS = "特此"


def amended(source, sentence):
    """The wording with the sentence as the last paragraph before 特此…, in every case; "" changes nothing."""
    if not sentence:
        return source
    result, section, case, done = [], "", "通用", False
    for line in source.splitlines():
        bare = line.strip()
        leaving = section == "正文" and bare.startswith("# ")
        if not done and section == "正文" and (leaving or bare.startswith(CLOSING_WORDS)):
            result += ["## 通用", _literal(sentence), *([] if leaving else [f"## {case}"])]
            done = True
        if bare.startswith("## "):
            case = bare[3:].strip()
        elif bare.startswith("# "):
            section, case = bare[2:].strip(), "通用"
        result.append(line)
    return "\n".join(result) + "\n"


def _literal(sentence):
    """A value in wording is never looked at for placeholders: braces of a title are set full-width."""
    return sentence.replace("{{", "｛｛").replace("}}", "｝｝").replace("\n", "")
