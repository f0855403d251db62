"""The suite: every benchmark with its question, in the order in which it runs."""

from typing import Callable, NamedTuple

import backlogs
import calibration
import deliveries
import engines
import floors
import lives
import recoveries
import rows
import strains
import waterfall


class Bench(NamedTuple):
    """`run(stage, bench, repeat, kept)` returns the results of one round; `kept` is a dict that
    lives as long as the benchmark's rounds. `rounds` are those of a full run."""
    name: str
    question: str
    question_zh: str
    run: Callable
    rounds: int = 3
    smoke: bool = True


SUITE = (
    Bench("gen-self", "How fast is the generator alone, and is its load the same in shards?",
          "只有生成器时有多快？分片之后，负载是否一样？", floors.generator),
    Bench("null", "What does it cost to read the topic, and to copy it, without an engine?",
          "没有引擎时，只读取、只复制主题，要花多少？", floors.copy),
    Bench("micro", "What do decode, step, record and deadline cost, each alone?",
          "解码、一步、一条记录、一个期限，各自要花多少？", engines.micro, rounds=5),
    Bench("engine", "What does an event cost in the engine alone, without Kafka?",
          "没有 Kafka，一个事件在引擎里要花多少？", engines.engine),
    Bench("keys", "Does an event cost more when a thousand times as many customers are known?",
          "已知客户增加一千倍，一个事件会更贵吗？", engines.keys, rounds=1),
    Bench("parts", "What do more partitions cost?", "分区更多，要多花多少？", backlogs.parts),
    Bench("skew", "What does it cost when few customers make most of the events?",
          "少数客户占多数事件时，要多花多少？", backlogs.skew),
    Bench("text", "What do longer texts, Chinese and emoji cost?", "更长的文字、中文、表情，要多花多少？", backlogs.text),
    Bench("disorder", "What do events out of order cost, and are the outputs right?",
          "事件乱序要多花多少，输出是否正确？", backlogs.disorder),
    Bench("dups", "What do duplicates cost, and does any come through?", "重复事件要多花多少，有没有漏网？", backlogs.dups),
    Bench("fanout", "What does it cost when many events raise alerts?", "很多事件触发提醒时，要多花多少？", backlogs.fanout),
    Bench("ckpt", "What does it cost to write state more often?", "更频繁地写状态，要多花多少？", backlogs.ckpt),
    Bench("eos", "What does exactly once cost, at which commit interval?", "精确一次要花多少，与提交间隔有何关系？",
          backlogs.eos),
    Bench("waterfall", "Where does the processor time of an event go?", "一个事件的处理器时间花在哪里？",
          waterfall.waterfall),
    Bench("sustain", "How many events a second can this machine bear for long?", "这台机器能长期承受每秒多少事件？",
          lives.sustain, rounds=1),
    Bench("lat-load", "How soon can an alert be read, at 50, 80 and 95 % of what can be borne?",
          "负载为上限的 50%、80%、95% 时，提醒多久之后可以读到？", lives.under_load, rounds=1),
    Bench("calibration", "What must the planner know of this machine?", "容量规划需要知道这台机器的哪些数据？",
          calibration.calibrate, rounds=1),
    Bench("accuracy-under-load", "Are outputs under a hostile load those of the engine at leisure?",
          "在恶劣负载下，输出与从容时的引擎是否一致？", lives.accuracy, rounds=1),
    Bench("burst", "What happens when ten times as much comes for a minute?", "一分钟内来十倍的事件会怎样？", strains.burst,
          rounds=1),
    Bench("catchup", "How fast is half an hour of backlog caught up while events go on coming?",
          "事件不断时，半小时的积压多久能追上？", recoveries.catch_up, rounds=1, smoke=False),
    Bench("recover", "How soon is a killed worker back, and is anything lost or doubled?",
          "进程被强杀之后多久恢复，有没有丢失或重复？", recoveries.kill, rounds=3),
    Bench("soak", "Does anything grow that should not?", "长时间运行，有没有不该增长的东西？", strains.soak, rounds=1,
          smoke=False),
    Bench("rows", "What does the worker pay for the rows that warehouses are fed with?",
          "为数据仓库写行，工作进程要多花多少？", rows.rows),
    Bench("warehouse", "How fast, and how soon, are rows in PostgreSQL, and what does that cost?",
          "行进入 PostgreSQL 有多快、多及时，代价是多少？", deliveries.warehouse, smoke=False))
BY_NAME = {bench.name: bench for bench in SUITE}
