#include "processors/cli/commands.h"

#include "processors/cli/baseline_command.h"
#include "processors/cli/bench_command.h"
#include "processors/cli/calibrate_command.h"
#include "processors/cli/check_command.h"
#include "processors/cli/config_command.h"
#include "processors/cli/demo_command.h"
#include "processors/cli/discover_command.h"
#include "processors/cli/doctor_command.h"
#include "processors/cli/explain_command.h"
#include "processors/cli/export_command.h"
#include "processors/cli/import_command.h"
#include "processors/cli/inspect_command.h"
#include "processors/cli/load_command.h"
#include "processors/cli/notice_command.h"
#include "processors/cli/policy_command.h"
#include "processors/cli/produce_command.h"
#include "processors/cli/reconcile_command.h"
#include "processors/cli/replay_command.h"
#include "processors/cli/run_command.h"
#include "processors/cli/sink_command.h"
#include "processors/cli/tail_command.h"
#include "processors/cli/test_command.h"
#include "processors/cli/topics_command.h"
#include "processors/cli/unmerge_command.h"
#include "processors/cli/version_command.h"

namespace peakend::cli {

std::vector<Command> Commands() {
  // In the order of the help. The empty comments keep one on a line.
  return {
      DemoCommand(),       //
      ImportCommand(),     //
      RunCommand(),        //
      TopicsCommand(),     //
      ProduceCommand(),    //
      NoticeCommand(),     //
      UnmergeCommand(),    //
      BaselineCommand(),   //
      TailCommand(),       //
      SinkCommand(),       //
      ReconcileCommand(),  //
      ExportCommand(),     //
      InspectCommand(),    //
      ExplainCommand(),    //
      DoctorCommand(),     //
      CheckCommand(),      //
      TestCommand(),       //
      PolicyCommand(),     //
      ReplayCommand(),     //
      CalibrateCommand(),  //
      DiscoverCommand(),   //
      LoadCommand(),       //
      BenchCommand(),      //
      ConfigCommand(),     //
      VersionCommand(),    //
  };
}

}  // namespace peakend::cli
