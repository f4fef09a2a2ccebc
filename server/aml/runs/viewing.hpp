#pragma once

#include "runs/run_watcher.hpp"

#include <utility>

namespace aml::runs {

/// Somebody looks at a run, which is therefore asked about more often. The watcher must outlive it.
class Viewing final {
public:
    Viewing(RunWatcher& watcher, azure::ResourceId job)
        : watcher_(watcher),
          job_(std::move(job)) {
        watcher_.add_viewers(job_, 1);
    }

    Viewing(const Viewing&) = delete;
    Viewing& operator=(const Viewing&) = delete;

    ~Viewing() { watcher_.add_viewers(job_, -1); }

private:
    RunWatcher& watcher_;
    azure::ResourceId job_;
};

}  // namespace aml::runs
