// Chinese for the libraries' widgets (select2 3.5, date picker, moment), loaded after them and before the admin's form script.
(function ($) {
  "use strict";
  moment.locale("zh-cn", {
    months: "一月_二月_三月_四月_五月_六月_七月_八月_九月_十月_十一月_十二月".split("_"),
    monthsShort: "1月_2月_3月_4月_5月_6月_7月_8月_9月_10月_11月_12月".split("_"),
    weekdays: "星期日_星期一_星期二_星期三_星期四_星期五_星期六".split("_"),
    weekdaysShort: "周日_周一_周二_周三_周四_周五_周六".split("_"),
    weekdaysMin: "日_一_二_三_四_五_六".split("_"),
    week: { dow: 1, doy: 4 },
  });

  $.extend($.fn.select2.defaults, {
    formatNoMatches: () => "没有符合的项",
    formatSearching: () => "正在查找…",
    formatLoadMore: () => "正在载入更多…",
    formatInputTooShort: (input, min) => "请再输入 " + (min - input.length) + " 个字",
    formatInputTooLong: (input, max) => "请删去 " + (input.length - max) + " 个字",
    formatSelectionTooBig: (limit) => "最多选择 " + limit + " 项",
    formatMatches: (count) => count + " 项可选，用上下键选择",
    formatAjaxError: () => "查找失败，请稍后再试",
  });
  const select2 = $.fn.select2;
  $.fn.select2 = function (options) {
    if (options && typeof options === "object") {
      // The admin's script passes an English sentence for tags and a literal attribute name as placeholder.
      if (options.formatNoMatches) options.formatNoMatches = () => "可填多项，用逗号分隔";
      if (options.placeholder === "data-placeholder") options.placeholder = this.attr("data-placeholder") || "请选择";
      if (options.width === "resolve") options.width = "100%";
    }
    const answer = select2.apply(this, arguments);
    if (options && typeof options === "object") this.each(nameSearchBox);
    return answer;
  };
  $.extend($.fn.select2, select2);

  // Select2 puts its own input in place of ours; the label and the error must be heard there, too.
  function nameSearchBox() {
    const label = this.id && document.querySelector('label[for="' + CSS.escape(this.id) + '"]');
    const container = $(this).data("select2") && $(this).data("select2").container[0];
    if (!container) return;
    const name = label ? label.textContent.trim() : this.getAttribute("aria-label") || "选择";
    container.querySelectorAll("input").forEach((input) => input.setAttribute("aria-label", name));
    container.querySelectorAll(".select2-offscreen[for]").forEach((hidden) => { hidden.textContent = name; });
    const link = container.querySelector("a.select2-choice");
    if (link && (link.getAttribute("href") || "").startsWith("javascript")) link.removeAttribute("href");
  }

  const picker = $.fn.daterangepicker;
  $.fn.daterangepicker = function (options, callback) {
    const chinese = {
      applyLabel: "确定", cancelLabel: "取消", fromLabel: "从", toLabel: "到", customRangeLabel: "自定", weekLabel: "周", firstDay: 1,
      daysOfWeek: moment.weekdaysMin(), monthNames: moment.monthsShort(),
    };
    this.attr("autocomplete", "off");
    return picker.call(this, $.extend({}, options, { locale: chinese }), callback);
  };
})(jQuery);
