// One transactional producer, as the rules of exactly-once see it.
//
// TransactionalSink holds the rules (what is repeated, when a producer is given
// up); this only carries the requests. Implemented by KafkaTransactionClient and by
// the simulation's model of a broker, which delays, doubles and loses them.
//
// Order of calls: Start, then { Begin, Produce*, SendOffsets, Commit | Abort }*.
// After kRetry the same call is repeated and no other may be made; after kAbort
// only Abort or Start; after kUnknown, kFenced and kFatal only Start.
// Thread-safety: none; used by one worker.
#ifndef PEAKEND_PROCESSORS_RUNTIME_TRANSACTION_CLIENT_H_
#define PEAKEND_PROCESSORS_RUNTIME_TRANSACTION_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "processors/publish/output.h"
#include "processors/runtime/progress.h"

namespace peakend::runtime {

struct TransactionAnswer {
  enum class Kind : uint8_t {
    kOk,
    kRetry,    // nothing is decided yet
    kAbort,    // this transaction cannot be committed any more
    kUnknown,  // no answer came: it may have been committed or not
    kFenced,   // another process took our transactional id
    kFatal,    // the client gave up
  };
  Kind kind = Kind::kOk;
  std::string message;  // one clear sentence, empty when kOk

  bool ok() const { return kind == Kind::kOk; }
};

class TransactionClient {
 public:
  virtual ~TransactionClient() = default;

  // Makes a new producer under the same transactional id: whatever an earlier one
  // (ours or a dead process's) left open is ended first, and late requests of it are
  // refused from then on. Also the first call. Never kAbort.
  virtual TransactionAnswer Start() = 0;

  virtual TransactionAnswer Begin() = 0;
  // Hands an output over (bytes are copied). A full queue is waited for.
  virtual TransactionAnswer Produce(const publish::Output& output) = 0;
  // Makes `positions` part of the transaction, with the group's present generation,
  // so that a worker which the group has left behind cannot commit.
  virtual TransactionAnswer SendOffsets(const Positions& positions) = 0;
  // Waits for the deliveries, then for the end of the transaction.
  virtual TransactionAnswer Commit() = 0;
  // Ends the transaction without an effect.
  virtual TransactionAnswer Abort() = 0;

  // True when a transactional request of the present producer was sent and its
  // answer never came: it may still arrive, inside a later transaction, so that no
  // further one may be begun before Start.
  virtual bool HasUnansweredRequest() const = 0;

  // Outputs since the last Begin that no broker will ever take (too large, topic
  // gone), as numbers in the order of Produce. A transaction with one of them can
  // only be aborted.
  virtual std::vector<size_t> Undeliverable() const = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_TRANSACTION_CLIENT_H_
