"""Official documents: drafting, signing, numbers, issuing, correction and revocation, wording and verification."""

from app.services.papers.batch_files import merge_batch, recipient_of, zip_batch
from app.services.papers.batch_rows import copy_by_rows
from app.services.papers.batches import (
    RowResults,
    batch_figures,
    gather_batch,
    issue_all,
    papers_of,
    preflight_batch,
    sign_all,
    submit_all,
)
from app.services.papers.content import current_docx, current_inputs
from app.services.papers.corrections import correct, revoke
from app.services.papers.defaults import default_inputs
from app.services.papers.drafting import compose, draftable_kinds, edit, reword, submit, withdraw
from app.services.papers.drafts import create_draft, discard, may_draft
from app.services.papers.finals import take_number, upload_final
from app.services.papers.forms import build_inputs, convert_text, input_as_text, table_headings
from app.services.papers.issuing import issue
from app.services.papers.letterhead import bureau_letterhead
from app.services.papers.lines import in_list_order, unit_lines
from app.services.papers.number_blocks import find_reserved, free_reserved, reserve_block
from app.services.papers.numbers import may_register_numbers, number_of, number_offers, void_number
from app.services.papers.numbers_on_paper import IssuedOnPaper, record_paper_issued
from app.services.papers.offers import batch_offers, paper_offers
from app.services.papers.recovery import finish_interrupted
from app.services.papers.rendering import (
    DOCX_MIME,
    demand_complete,
    missing_placeholders,
    set_public_url,
    to_plain,
    wording_of,
)
from app.services.papers.rows import ROW_BUILDERS, table_rows
from app.services.papers.signing import send_back, sign
from app.services.papers.succession import CERTIFICATE_KIND, certificate_of, lineage, standing_paper
from app.services.papers.template_proposals import (
    approve_wording,
    propose_skeleton,
    propose_wording,
    restore_shipped_wording,
    restore_wording,
    send_back_wording,
    wording_offers,
)
from app.services.papers.templates import (
    SKELETON_PREFIX,
    skeleton_in_force,
    template_targets,
    wording_changes,
    wording_in_force,
    wording_version_in_force,
    wording_versions,
)
from app.services.papers.transitions import prepare_issue, record_issue, record_signature
from app.services.papers.trials import trial_of, try_wording
from app.services.papers.verification import (
    MAX_VERIFIED_BYTES,
    VerificationResult,
    verify_code,
    verify_content,
)

__all__ = [
    "CERTIFICATE_KIND",
    "DOCX_MIME",
    "IssuedOnPaper",
    "MAX_VERIFIED_BYTES",
    "ROW_BUILDERS",
    "RowResults",
    "SKELETON_PREFIX",
    "VerificationResult",
    "approve_wording",
    "batch_figures",
    "batch_offers",
    "build_inputs",
    "bureau_letterhead",
    "certificate_of",
    "compose",
    "convert_text",
    "copy_by_rows",
    "correct",
    "create_draft",
    "current_docx",
    "current_inputs",
    "default_inputs",
    "demand_complete",
    "discard",
    "draftable_kinds",
    "edit",
    "find_reserved",
    "finish_interrupted",
    "free_reserved",
    "gather_batch",
    "input_as_text",
    "in_list_order",
    "issue",
    "issue_all",
    "lineage",
    "may_draft",
    "may_register_numbers",
    "merge_batch",
    "missing_placeholders",
    "number_of",
    "number_offers",
    "paper_offers",
    "papers_of",
    "preflight_batch",
    "prepare_issue",
    "propose_skeleton",
    "propose_wording",
    "recipient_of",
    "record_issue",
    "record_paper_issued",
    "record_signature",
    "reserve_block",
    "restore_shipped_wording",
    "restore_wording",
    "revoke",
    "reword",
    "send_back",
    "send_back_wording",
    "set_public_url",
    "sign",
    "sign_all",
    "skeleton_in_force",
    "standing_paper",
    "submit",
    "submit_all",
    "table_headings",
    "table_rows",
    "take_number",
    "template_targets",
    "to_plain",
    "trial_of",
    "try_wording",
    "unit_lines",
    "upload_final",
    "verify_code",
    "verify_content",
    "wording_version_in_force",
    "wording_versions",
    "void_number",
    "withdraw",
    "wording_changes",
    "wording_in_force",
    "wording_of",
    "wording_offers",
    "zip_batch",
]
