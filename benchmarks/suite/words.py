"""Every sentence of the report, in English and in Chinese. What stands in results themselves
(names of benchmarks, goals, commands) is shown as it is."""

LANGUAGES = ("en", "zh")

# key: (English, Chinese); {name} is filled in.
WORDS = {
    "title": ("peakend: benchmark report", "peakend：性能测试报告"),
    "summary": ("{runs} runs: {ok} OK, {void} void, {failed} failed. Goals met: {met} of {goals}.",
                "共 {runs} 次运行：有效 {ok}，作废 {void}，失败 {failed}。目标达成：{goals} 项中的 {met} 项。"),
    "dirty": ("The source tree had changes that are in no commit: nobody can build exactly this again.",
              "源代码有未提交的改动：别人无法原样重现这份结果。"),
    "mixed": ("Not repeats of one thing (other parameters, workload or commit), and put together all the same: {names}.",
              "以下各项的运行并非同一测试的重复（参数、负载或提交不同），数字却合在了一起：{names}。"),
    "machines": ("These runs come from {count} different machines: do not compare figures across them.",
                 "这些运行来自 {count} 台不同的机器：数字之间不能互相比较。"),
    "questions": ("What was asked", "测了什么"), "question": ("question", "问题"),
    "goals": ("Goals", "目标"),
    "goals_lead": ("Measured is the worst of the middle three runs: neither the luckiest run nor the unluckiest one; "
                   "beside other engines the ratio of the medians.",
                   "“实测”取中间三次运行里最差的一次：既不挑运气最好的，也不挑最差的；与其他引擎相比时，取中位数之比。"),
    "peers": ("Beside other engines", "与其他引擎对比"),
    "peers_lead": ("The same written job, the same input, every output checked. Median (least – most); the ratio is to "
                   "{base}. “Overlap”: the ranges touch, so no claim.",
                   "同一个作业、同样的输入，输出逐条核对。中位数（最小 – 最大）；倍数以 {base} 为准。“重叠”：两者的范围有交集，不能下结论。"),
    "capacity": ("Capacity", "容量"),
    "capacity_lead": ("Latency (p99) by the rate that was offered. ● the lag did not grow, × it grew. The highest rate of ● "
                      "is the capacity.", "不同负载下的延迟（p99）。● 积压没有增长，× 积压在增长。● 的最高速率就是容量。"),
    "capacity_is": ("{variant}: {rate} events/s", "{variant}：每秒 {rate} 个事件"),
    "spectrum": ("Latency", "延迟"),
    "spectrum_lead": ("From when an event was due (solid), and from when it was really sent (dashed), which hides what a "
                      "stall delays. Of every variant the run whose p99 is the worst of the middle three.",
                      "实线从事件应当发出的时刻算起；虚线从实际发出的时刻算起，会掩盖停顿造成的延误。每种情形取中间三次里 p99 最差的一次。"),
    "series": ("Over time", "随时间的变化"),
    "series_lead": ("One run each. Dashed lines mark what was done to it.", "每图一次运行。竖虚线标出当时做了什么。"),
    "scaling": ("Scaling", "扩展性"),
    "scaling_lead": ("Bars are medians, whiskers least and most; the dashed line is what perfect scaling would give. Percent: "
                     "share of it that is reached.", "柱为中位数，须线为最小和最大；虚线是完全线性扩展的理想值。百分比是达到理想值的份额。"),
    "cost": ("Where the time of an event goes", "一个事件的时间花在哪里"),
    "cost_lead": ("Nanoseconds of processor time for one event, part by part.", "处理一个事件的处理器时间（纳秒），逐段相加。"),
    "total": ("total", "合计"),
    "figures": ("All figures", "全部数字"),
    "figures_lead": ("Median (least – most) over the runs that count.", "有效运行的中位数（最小 – 最大）。"),
    "correctness": ("Correctness", "正确性"),
    "correctness_lead": ("A run that differs has no figures. Of peakend's own benchmarks: its outputs, record for record, held "
                         "against what the same engine makes of the same input in memory, at leisure. Of the engines' common "
                         "job (vs): held against an independent reference.",
                         "不一致的运行不给出任何数字。peakend 自己的测试：输出与同一引擎在内存中从容处理同一输入所得的结果逐条核对。"
                         "各引擎的共同作业（vs）：与独立的参照逐条核对。"),
    "excluded": ("What does not count", "不计入的运行"),
    "excluded_lead": ("These runs are in no figure above.", "上面的数字都不含这些运行。"),
    "disclosure": ("How it was measured", "测量条件"),
    "commands": ("Commands", "命令"), "command": ("command of the first run", "第一次运行的命令"),
    "benchmark": ("benchmark", "测试"), "variant": ("variant", "情形"), "goal": ("goal", "目标"),
    "measured": ("measured", "实测"), "ratio": ("ratio", "倍数"), "met": ("met", "达成"), "yes": ("✓ yes", "✓ 是"),
    "no": ("✗ no", "✗ 否"), "open": ("– not measured", "– 未测"), "runs_met": ("{met} of {runs} runs", "{runs} 次中 {met} 次"),
    "engine": ("engine", "引擎"), "runs": ("runs", "次数"), "overlap": ("overlap", "重叠"), "metric": ("metric", "指标"),
    "values": ("median (least – most)", "中位数（最小 – 最大）"), "headline": ("worst of middle three", "中间三次最差"),
    "interval": ("95 % interval of the median", "中位数的 95 % 区间"),
    "expected": ("expected", "应有"), "got": ("got", "实有"), "lost": ("lost", "丢失"), "dup": ("duplicate", "重复"),
    "unexpected": ("unexpected", "多出"), "late": ("late, dropped", "迟到丢弃"), "order": ("out of order", "乱序"),
    "verdict": ("verdict", "结论"), "unchecked": ("not checked", "未核对"), "right": ("✓ right", "✓ 正确"),
    "wrong": ("✗ wrong", "✗ 错误"), "run": ("run", "运行"), "why": ("why", "原因"), "broken": ("file skipped", "跳过的文件"),
    "output_differs": ("the output was not right", "输出不正确"),
    "cpu": ("processor", "处理器"), "cores": ("cores", "核数"), "memory": ("memory", "内存"), "kernel": ("kernel", "内核"),
    "governor": ("governor", "调频策略"), "load": ("load before – after", "运行前后的负载"), "steal": ("steal, most", "被占用，最多"),
    "git": ("commit", "提交"), "flags": ("flags", "编译选项"), "versions": ("versions", "版本"), "broker": ("broker", "Kafka"),
    "seed": ("seed", "随机种子"), "workload": ("workload", "负载标识"), "key": ("", ""), "value": ("", ""),
    "with_changes": ("with changes", "有改动"),
    "offered": ("offered rate, events/s", "提供的速率，事件/秒"), "p99_axis": ("latency p99, ms", "延迟 p99，毫秒"),
    "percentile_axis": ("percentile", "百分位"), "latency_axis": ("latency, ms", "延迟，毫秒"),
    "seconds": ("seconds", "秒"), "partitions": ("partitions", "分区数"), "rate_axis": ("events/s", "事件/秒"),
    "ideal": ("ideal", "理想"), "corrected": ("when due", "应发时刻"), "uncorrected": ("when sent", "实发时刻"),
    "zoom_in": ("Zoom in", "放大"), "zoom_out": ("Zoom out", "缩小"), "left": ("Earlier", "往前"), "right_side": ("Later", "往后"),
    "reset": ("All", "全部"), "more": ("{count} more are not drawn; their figures are below.", "另有 {count} 个未画出，数字见下文。"),
    "raw": ("The results themselves are in this file, as JSON, under the id “results”.",
            "结果原文以 JSON 形式保存在本文件中，id 为“results”。"),
    "empty": ("There are no results.", "没有结果。"),
    "desc_lines": ("Line chart of {y} over {x}: {names}.", "折线图，{x}与{y}的关系：{names}。"),
    "desc_bars": ("Bar chart: {names}.", "柱状图：{names}。"),
    "desc_series": ("Values over {seconds} seconds: {names}.", "{seconds} 秒内的变化：{names}。"),
}
SERIES = {
    "rate": ("rate, events/s", "速率，事件/秒"), "lag": ("lag, events", "积压，事件"), "p99_ms": ("p99, ms", "p99，毫秒"),
    "cpu": ("CPU, cores", "处理器，核"), "rss_mb": ("memory, MB", "内存，MB")}
METRICS = {
    "rate": "速率", "CPU": "CPU", "latency p50": "延迟 p50", "latency p99": "延迟 p99", "latency p99.9": "延迟 p99.9",
    "p99 from actual send": "自实发时刻的 p99", "lag at the end": "结束时的积压", "memory, most": "内存峰值"}
UNITS = {"ev/s": "事件/秒", "events": "事件", "ms": "毫秒", "s": "秒", "x": "倍", "CPU-s/M": "CPU 秒/百万事件"}


class Words:
    """The words of one language: words("goals"), words("summary", runs=3)."""

    def __init__(self, language):
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key, **values):
        return WORDS[key][self._at].format(**values)

    def series(self, name):
        """The title of a column of a time series; one that is not known is its own."""
        return SERIES[name][self._at] if name in SERIES else name.replace("_", " ")

    def metric(self, metric):
        """Name and unit of a metrics.Metric; names that only a benchmark knows stay as they are."""
        if self.language == "en":
            return f"{metric.name} [{metric.unit}]"
        return f"{METRICS.get(metric.name, metric.name)} [{UNITS.get(metric.unit, metric.unit)}]"

    def question(self, result):
        return result.get("question_zh", result["question"]) if self.language == "zh" else result["question"]
