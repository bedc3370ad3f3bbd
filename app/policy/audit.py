"""Vocabulary of the audit log: every act that is recorded, besides the steps of the workflows."""

from __future__ import annotations

from collections.abc import Mapping

from app.policy.filing import cultivation
from app.policy.reports import steps as reporting
from app.policy.terms import Term


class Verb(Term):
    """An act as the log stores it, with its label for screens; a stored code is never changed."""

    # any record
    CREATE = "create", "新增"
    EDIT = "edit", "修改"
    DELETE = "delete", "删除"
    EXPORT = "export", "导出"
    UNMASK = "unmask", "查看隐去的内容"

    # files
    UPLOAD = "upload", "上传文件"
    ATTACH = "attach", "文件归入记录"
    DOWNLOAD = "download", "下载文件"

    # imports of the county ledger
    IMPORT = "import", "导入"
    UNDO_IMPORT = "undo_import", "撤销导入"
    IMPORT_FAILED = "import_failed", "导入中断，已收回"

    # accounts
    LOGIN = "login", "登录"
    LOGIN_REFUSED = "login_refused", "登录被拒绝"
    LOGOUT = "logout", "退出"
    ACCOUNT_LOCKED = "locked", "账号锁定"
    ACCOUNT_UNLOCKED = "user_unlocked", "解除锁定"
    ACCOUNT_CREATED = "user_created", "新建账号"
    ACCOUNT_EDITED = "user_updated", "修改账号"
    ACCOUNT_DISABLED = "user_disabled", "停用账号"
    ACCOUNT_ENABLED = "user_enabled", "启用账号"
    PASSWORD_CHANGED = "password_changed", "更换密码"
    PASSWORD_RESET = "password_reset", "重置密码"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled", "登记二次验证"
    SECOND_FACTOR_RESET = "second_factor_reset", "重置二次验证"
    MESSAGES_SET = "消息设置", "消息设置"

    # settings and jobs
    PUT_IN_FORCE = "setting", "设置"
    CHANGE_PROPOSED = "提出修改", "提出修改"
    WORDING_PROPOSED = "拟办用语", "拟办用语"
    SKELETON_PROPOSED = "拟办模板", "拟办模板"
    PROPOSAL_APPROVED = "已批准", "已批准"
    SENT_BACK = "已退回", "已退回"
    JOB_RAN = "run_job", "执行任务"
    JOB_REQUESTED = "立即运行任务", "立即运行任务"
    JOB_PAUSED = "暂停任务", "暂停任务"
    JOB_RESUMED = "恢复任务", "恢复任务"
    JOB_REQUEUED = "任务再运行", "任务再运行"
    BACKED_UP = "备份", "备份"
    BACKUP_FAILED = "备份失败", "备份失败"
    RESTORED = "恢复备份", "恢复备份"

    # filing
    FINDINGS_RECORDED = "资格核查", "资格核查"
    GROUNDS_RECHECKED = "第十条当日复核", "第十条当日复核"
    SCORED = "评审打分", "评审打分"
    COUNTY_LIST_FILED = "报送推荐名单", "报送推荐名单"
    COUNTY_LIST_COMPLETED = "推荐名单报送完成", "推荐名单报送完成"
    COUNTY_LIST_FAILED = "推荐名单未报送", "推荐名单未报送"

    # decisions
    DECISION_PREPARED = "拟办", "拟办"
    DECISION_APPROVED = "已批准，办理中", "已批准，办理中"
    DECISION_DONE = "办结审批单", "办结审批单"

    # notices, objections, lists
    NOTICE_PUBLISHED = "发布公示", "发布公示"
    NOTICE_REVOKED = "公示撤销", "公示撤销"
    LISTED = "列入名单", "列入名单"
    LISTING_REVOKED = "公布撤销", "公布撤销"
    OBJECTION_HANDED = "交县级核查", "交县级核查"
    INQUIRY_ANSWERED = "县级答复核查情况", "县级答复核查情况"
    CONCLUSION_PROPOSED = "拟办异议结论", "拟办异议结论"
    CONCLUSION_RETURNED = "退回异议结论", "退回异议结论"
    OBJECTION_SETTLED = "办结异议", "办结异议"
    EVIDENCE_EXPORTED = "导出证据包", "导出证据包"

    # annual reports
    DOUBTS_EXPLAINED = "说明疑点", "说明疑点"
    REPORT_RECHECKED = "重新核对", "重新核对"
    EXTENSION_ASKED = "申请延期补正", "申请延期补正"
    EXTENSION_GRANTED = "同意延期", "同意延期"
    EXTENSION_REFUSED = "不同意延期", "不同意延期"

    # reminders
    CALL_NOTED = "登记电话告知", "登记电话告知"
    DELIVERY_NOTED = "登记纸质送达", "登记纸质送达"
    ANSWER_NOTED = "登记单位答复", "登记单位答复"
    BOUNCE_NOTED = "登记退信登记", "登记退信登记"
    MAIL_BOUNCED = "登记退信", "登记退信"
    MAIL_DELAYED = "登记延迟投递", "登记延迟投递"
    REMINDERS_PRINTED = "打印催报记录", "打印催报记录"

    # papers and numbers
    PAPER_DRAFTED = "拟稿", "拟稿"
    DRAFT_EDITED = "修改拟稿", "修改拟稿"
    DRAFT_REWORDED = "修改本件用语", "修改本件用语"
    FINAL_UPLOADED = "上传定稿", "上传定稿"
    PAPER_SUBMITTED = "送审签", "送审签"
    DRAFT_RETURNED = "退回拟稿", "退回拟稿"
    PAPER_SIGNED = "审签公文", "审签公文"
    PAPER_ISSUED = "印发公文", "印发公文"
    PAPER_REPLACED = "公文被替代", "公文被替代"
    PAPER_REVOKED = "公文被撤销", "公文被撤销"
    PAPER_CORRECTED = "依据公文更正", "依据公文更正"
    PAPER_DROPPED = "撤稿", "撤稿"
    BATCH_CREATED = "建立批次", "建立批次"
    BATCH_ISSUED = "成批编号印发", "成批编号印发"
    NUMBERS_RESERVED = "预留文号", "预留文号"
    NUMBER_CARRIED = "补录纸质文号", "补录纸质文号"
    NUMBER_VOIDED = "文号作废", "文号作废"


STEPS = (*cultivation.STEPS, *reporting.REPORT_STEPS, *reporting.STANDARD_STEPS)

# Every code that the log may hold, with its label; a step is stored by its label.
LABELS: Mapping[str, str] = {step.label: step.label for step in STEPS} | dict(Verb.choices())
