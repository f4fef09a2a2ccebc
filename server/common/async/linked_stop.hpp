#pragma once

#include <stop_token>
#include <utility>

namespace aml::async {

/// A stop of one's own that also comes when one of the caller's does.
class LinkedStop final {
public:
    explicit LinkedStop(std::stop_token first, std::stop_token second = {})
        : on_first_(std::move(first), PassOn{own_}),
          on_second_(std::move(second), PassOn{own_}) {}

    std::stop_token token() const { return own_.get_token(); }

    void request_stop() { own_.request_stop(); }

private:
    struct PassOn {
        std::stop_source target;

        void operator()() { target.request_stop(); }
    };

    std::stop_source own_;
    std::stop_callback<PassOn> on_first_;
    std::stop_callback<PassOn> on_second_;
};

}  // namespace aml::async
