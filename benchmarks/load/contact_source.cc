#include "benchmarks/load/contact_source.h"

#include <algorithm>
#include <cmath>

#include "benchmarks/load/duration_us.h"

namespace peakend::load {
namespace {

constexpr double kDayUs = 86'400.0 * kSecondUs;
constexpr double kCustomerReplySigma = 1.0;
constexpr double kAgentReplySigma = 0.9;
// Of those who come back and do not redial.
constexpr double kWithinDays = 11.0 / 15;

double MeanOfLogNormal(double median, double sigma) { return median * std::exp(sigma * sigma / 2); }

// Between two messages of a chat, on average.
double MeanReplyUs(const v1::LoadChat& chat) {
  return (MeanOfLogNormal(RealUs(chat.customer_reply()), kCustomerReplySigma) +
          MeanOfLogNormal(RealUs(chat.agent_reply()), kAgentReplySigma)) /
         2;
}

// Agents who have `load` of their time taken by `per_second` contacts of that mean length.
size_t Agents(double per_second, double mean_us, double load) {
  return static_cast<size_t>(std::max(1.0, std::round(per_second * mean_us / kSecondUs / load)));
}

}  // namespace

ContactSource::ContactSource(const v1::LoadProfile& profile, double per_second, uint64_t seed,
                             int64_t begin_us, int64_t end_us)
    : profile_(profile),
      seed_(seed),
      end_us_(end_us),
      arrivals_(profile.arrivals(), per_second, seed, begin_us) {
  const v1::LoadQueues& queues = profile.queues();
  if (profile.customers().returns() == "zipf") {
    ranks_.emplace(profile.customers().count(), profile.customers().zipf_exponent());
  }
  const double each =
      per_second * BusiestHour(profile.arrivals()) / static_cast<double>(queues.count());
  const double talk_us =
      MeanOfLogNormal(RealUs(profile.voice().talk()), profile.voice().talk_sigma()) *
      (1 - profile.voice().quick_hang());
  const double chat_us =
      MeanOfLogNormal(profile.chat().messages(), profile.chat().messages_sigma()) *
      MeanReplyUs(profile.chat());
  calls_.assign(queues.count(), ServiceDesk(Agents(each * queues.voice(), talk_us, queues.load())));
  const size_t chat_agents = Agents(
      each * queues.chat(), chat_us / static_cast<double>(profile.chat().at_once()), queues.load());
  chats_.assign(queues.count(), ServiceDesk(chat_agents * profile.chat().at_once()));
}

ContactPlan ContactSource::Next() {
  ContactPlan plan;
  plan.number = contacts_++;
  plan.arrives_us = arrivals_.Next();
  plan.in_incident = arrivals_.in_incident();
  RandomStream stream(seed_, Purpose::kPlan, plan.number);
  plan.medium = ChooseMedium(stream);
  plan.queue = static_cast<uint32_t>(stream.Below(profile_.queues().count()));
  ChooseCustomer(stream, plan);
  PlanService(stream, plan);
  Wait(stream, plan);
  RandomStream customer(seed_, Purpose::kCustomer, plan.customer);
  plan.chinese = customer.Chance(profile_.text().chinese());
  if (profile_.customers().returns() == "beta") PlanReturn(plan);
  return plan;
}

Medium ContactSource::ChooseMedium(RandomStream& stream) const {
  const double drawn = stream.Uniform();
  if (drawn < profile_.queues().voice()) return Medium::kVoice;
  if (drawn < profile_.queues().voice() + profile_.queues().chat()) return Medium::kChat;
  return stream.Chance(profile_.mail().posts()) ? Medium::kPost : Medium::kMail;
}

void ContactSource::ChooseCustomer(RandomStream& stream, ContactPlan& plan) {
  const v1::LoadCustomers& customers = profile_.customers();
  const uint64_t hot = customers.hot_share() > 0 ? 1 : 0;
  if (hot > 0 && stream.Chance(customers.hot_share())) {
    plan.customer = 0;
    return;
  }
  if (ranks_) {
    plan.customer = hot + ranks_->Draw(stream) - 1;
  } else if (customers.returns() == "uniform") {
    plan.customer = hot + stream.Below(customers.count());
  } else if (!returns_.empty() && returns_.top().at_us <= plan.arrives_us) {
    // Whoever wants to come back takes the next arrival, so that arrivals stay as they are.
    const Return back = returns_.top();
    returns_.pop();
    plan.customer = back.customer;
    plan.visit = back.visit;
    if (!stream.Chance(customers.channel_switch())) plan.medium = back.medium;
  } else {
    plan.customer = hot + new_customers_++ % customers.count();
  }
}

void ContactSource::PlanService(RandomStream& stream, ContactPlan& plan) const {
  const v1::LoadVoice& voice = profile_.voice();
  if (plan.medium == Medium::kVoice) {
    if (stream.Chance(voice.quick_hang())) {
      plan.talks_us = static_cast<int64_t>(stream.Uniform() * 10 * kSecondUs);
    } else {
      plan.talks_us =
          static_cast<int64_t>(LogNormal(stream, RealUs(voice.talk()), voice.talk_sigma()));
    }
  } else if (plan.medium == Medium::kChat) {
    const v1::LoadChat& chat = profile_.chat();
    plan.messages = static_cast<uint32_t>(
        std::clamp(LogNormal(stream, chat.messages(), chat.messages_sigma()), 1.0, 2000.0));
    plan.talks_us = static_cast<int64_t>(plan.messages * MeanReplyUs(chat));
  }
}

int64_t ContactSource::Patience(RandomStream& stream) const {
  const double mean = RealUs(profile_.queues().patience());
  const double patience = Exponential(stream, mean);
  for (const double announced : {15.0 * kSecondUs, 60.0 * kSecondUs}) {
    if (patience < announced) break;
    if (stream.Chance(profile_.queues().announcement_exit())) {
      return static_cast<int64_t>(announced + stream.Uniform() * 2 * kSecondUs);
    }
  }
  return static_cast<int64_t>(patience);
}

void ContactSource::Wait(RandomStream& stream, ContactPlan& plan) {
  if (plan.medium != Medium::kVoice && plan.medium != Medium::kChat) return;
  std::vector<ServiceDesk>& desks = plan.medium == Medium::kVoice ? calls_ : chats_;
  const int64_t patience_us = Patience(stream);
  const ServiceDesk::Wait wait =
      desks[plan.queue].Admit(plan.arrives_us, patience_us, plan.talks_us);
  plan.waits_us = wait.us;
  plan.abandoned = wait.abandoned;
  if (wait.abandoned) plan.talks_us = plan.messages = 0;
}

void ContactSource::PlanReturn(const ContactPlan& plan) {
  const v1::LoadCustomers& customers = profile_.customers();
  RandomStream stream(seed_, Purpose::kReturn, plan.number);
  double gap_us = 0;
  if (plan.abandoned && stream.Chance(customers.redial_after_abandon())) {
    gap_us = LogNormal(stream, 180.0 * kSecondUs, 0.8);
  } else {
    RandomStream customer(seed_, Purpose::kCustomer, plan.customer);
    customer.Bits();  // the language's
    if (!stream.Chance(Beta(customer, customers.return_a(), customers.return_b()))) return;
    if (stream.Chance(customers.redial_share())) {
      gap_us = LogNormal(stream, 180.0 * kSecondUs, 0.8);
    } else if (stream.Chance(kWithinDays)) {
      gap_us = LogNormal(stream, kDayUs, 1.2);
    } else {
      gap_us = LogNormal(stream, 14 * kDayUs, 1.0);
    }
  }
  const int64_t at_us = plan.about_over_us() + static_cast<int64_t>(gap_us);
  // Most come back after days: a short load need not remember them.
  if (at_us < end_us_) returns_.push({at_us, plan.customer, plan.visit + 1, plan.medium});
}

}  // namespace peakend::load
