// How the program ends, in the numbers of sysexits.h where one fits.
//
// Scripts and service units rely on them: 64 and 78 will fail again until a
// person changes something, 69 and 75 are worth another try.
#ifndef PEAKEND_PROCESSORS_CLI_EXIT_CODE_H_
#define PEAKEND_PROCESSORS_CLI_EXIT_CODE_H_

namespace peakend::cli {

enum class ExitCode : int {
  kOk = 0,
  kChecksFailed = 1,  // the command ran; what it checked is not as it should be
  kUsage = 64,        // unknown subcommand or flag, bad argument
  kBadData = 65,      // some input records were rejected; all the others are done
  kUnavailable = 69,  // the broker can't be reached
  kBug = 70,          // a broken invariant of ours
  kForced = 75,       // ended before the work was drained; start again
  kConfigError = 78,  // configuration, policy or topics are not as they must be
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXIT_CODE_H_
