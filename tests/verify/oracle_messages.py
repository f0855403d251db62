"""The message classes, made from the .proto files when the tool starts.

Nothing generated is kept: the contracts are read as they stand beside this tool.
"""

import importlib
import pathlib
import subprocess
import sys
import tempfile

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
FILES = ("experience", "moment", "memory", "alert", "opening_card", "identity_state", "impression_state", "row_state",
         "customer_state", "identity_record",
         "control", "lifecycle", "turn", "signal", "survey", "promise", "case_change", "agent_state", "contact_summary",
         "activity", "alert_action", "interaction_event", "journey", "field_rule", "expectation_policy", "policy",
         "rejected_record", "progress_record", "touchpoint_statistics")


def _load():
    with tempfile.TemporaryDirectory(prefix="peakend-verify-") as folder:
        subprocess.run(["protoc", f"--proto_path={PROTO}", f"--python_out={folder}",
                        *(f"peakend/v1/{name}.proto" for name in FILES)], check=True)
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True
        try:
            return {name: importlib.import_module(f"peakend.v1.{name}_pb2") for name in FILES}
        finally:
            sys.path.remove(folder)


_modules = _load()

Alert = _modules["alert"].Alert
InteractionEvent = _modules["interaction_event"].InteractionEvent
Lifecycle = _modules["lifecycle"].Lifecycle
Survey = _modules["survey"].Survey
Promise = _modules["promise"].Promise
TimeQuality = _modules["interaction_event"].TimeQuality
Direction = _modules["interaction_event"].Direction
Initiation = _modules["interaction_event"].Initiation
Signal = _modules["signal"].Signal
Activity = _modules["activity"].Activity
AlertAction = _modules["alert_action"].AlertAction
Agent = _modules["interaction_event"].Agent
Turn = _modules["turn"].Turn
Sentiment = _modules["turn"].Sentiment
Channel = _modules["interaction_event"].Channel
Journey = _modules["journey"].Journey
Moment = _modules["moment"].Moment
OpeningCard = _modules["opening_card"].OpeningCard
TouchpointStatistics = _modules["touchpoint_statistics"].TouchpointStatistics
Baseline = _modules["control"].Baseline
PolicyRecord = _modules["control"].PolicyRecord
SourceCoordinates = _modules["moment"].SourceCoordinates
MomentKind = _modules["experience"].MomentKind
EndGrade = _modules["experience"].EndGrade
Policy = _modules["policy"].Policy
ExpectationPolicy = _modules["expectation_policy"].ExpectationPolicy
RejectedRecord = _modules["rejected_record"].RejectedRecord
CustomerState = _modules["customer_state"].CustomerState
IdentityRecord = _modules["identity_record"].IdentityRecord
Part = _modules["identity_record"].Part
ProgressRecord = _modules["progress_record"].ProgressRecord
RejectReason = _modules["rejected_record"].RejectReason
field_rule = _modules["field_rule"].rule
