"""The order that ISO/IEC 29500 prescribes for the children of a paper's elements."""

from collections.abc import Iterator

from app.documents.checks.elements import Paper
from app.documents.checks.result import NO_CLAUSE, Fault, Rulebook
from app.documents.checks.source import Element, W

RUN = """rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint
        noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect
        bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange"""
EDGES = "top left start bottom right end"

# Names that may stand in any order among themselves share one place, joined by "|".
ORDER = {
    "pPr": """pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers
        pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE
        autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents
        suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle
        rPr sectPr pPrChange""",
    "rPr": f"ins|del|moveFrom|moveTo {RUN}",
    "pBdr": "top left bottom right between bar",
    "tbl": "tblPr tblGrid tr|bookmarkStart|bookmarkEnd|customXml|sdt|ins|del",
    "tblPr": """tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc
        tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription
        tblPrChange""",
    "tblBorders": f"{EDGES} insideH insideV",
    "tblCellMar": EDGES,
    "tr": "tblPrEx trPr tc|bookmarkStart|bookmarkEnd|customXml|sdt|ins|del",
    "tc": "tcPr p|tbl|bookmarkStart|bookmarkEnd|customXml|sdt|ins|del",
    "tcPr": """cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText
        vAlign hideMark headers cellIns|cellDel|cellMerge tcPrChange""",
    "tcBorders": f"{EDGES} insideH insideV tl2br tr2bl",
    "tcMar": EDGES,
    "sectPr": """headerReference|footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders
        lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid
        printerSettings sectPrChange""",
    "docDefaults": "rPrDefault pPrDefault",
    "style": """name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed
        qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr
        tblStylePr""",
    "font": """altName panose1 charset family notTrueType pitch sig embedRegular embedBold embedItalic
        embedBoldItalic""",
    "settings": """writeProtection view zoom removePersonalInformation removeDateAndTime
        doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText
        printFractionalCharacterWidth printFormsData embedTrueTypeFonts embedSystemFonts
        saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader
        bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors
        activeWritingStyle proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter
        stylePaneSortMethod documentType mailMerge revisionView trackRevisions doNotTrackMoves
        doNotTrackFormatting documentProtection autoFormatOverride styleLockTheme styleLockQFSet
        defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps
        showEnvelope summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders
        bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets drawingGridHorizontalSpacing
        drawingGridVerticalSpacing displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery
        doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin
        doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne
        strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture
        doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText
        doNotDemarcateInvalidXml saveXmlDataOnly useXSLTWhenSaving saveThroughXslt showXMLTags
        alwaysMergeEmptyNamespace updateFields hdrShapeDefaults footnotePr endnotePr compat docVars
        rsids mathPr uiCompat97To2003 attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats
        doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType
        schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator""",
}
PLACES = {
    parent: {name: place for place, names in enumerate(order.split()) for name in names.split("|")}
    for parent, order in ORDER.items()
}
rules: Rulebook[Paper] = Rulebook()


@rules(NO_CLAUSE, "文档结构", "元素及其次序符合 ISO/IEC 29500")
def misplaced(paper: Paper) -> Iterator[Fault]:
    for name, tree in paper.package.trees.items():
        if not name.startswith("word/"):
            continue
        for parent in tree.iter(*(f"{W}{each}" for each in PLACES)):
            yield from _misplaced_in(parent, name)


def _misplaced_in(parent: Element, part: str) -> Iterator[Fault]:
    kind, last_place = parent.tag.removeprefix(W), -1
    for child in parent.iterchildren(f"{W}*"):
        name = child.tag.removeprefix(W)
        place = PLACES[kind].get(name)
        if place is None:
            yield part, f"{kind} 中不应有 {name}"
        elif place < last_place:
            yield part, f"{kind} 中 {name} 次序有误"
        else:
            last_place = place
