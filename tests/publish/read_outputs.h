// The messages of one topic in a batch of outputs, for tests.
#ifndef PEAKEND_TESTS_PUBLISH_READ_OUTPUTS_H_
#define PEAKEND_TESTS_PUBLISH_READ_OUTPUTS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/publish/output.h"

namespace peakend::publish {

// In the order of writing; expects each to be readable.
template <typename Message>
std::vector<Message> ReadOutputs(const OutputBatch& outputs, Topic topic) {
  std::vector<Message> messages;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].topic != topic) continue;
    EXPECT_TRUE(messages.emplace_back().ParseFromString(std::string(outputs[i].value)));
  }
  return messages;
}

}  // namespace peakend::publish

#endif  // PEAKEND_TESTS_PUBLISH_READ_OUTPUTS_H_
