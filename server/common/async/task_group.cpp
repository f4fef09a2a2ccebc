#include "async/task_group.hpp"

#include "support/error.hpp"

#include <algorithm>

namespace aml::async {

bool is_cancelled(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const Error& known) {
        return known.kind() == ErrorKind::Cancelled;
    } catch (...) {
        return false;
    }
}

struct TaskGroup::State {
    State(const asio::any_io_executor& executor, OnError handler)
        : idle(executor),
          on_error(std::move(handler)) {
        idle.set();
    }

    Event idle;
    OnError on_error;
    std::stop_source stop;
    std::size_t running = 0;
};

TaskGroup::TaskGroup(asio::any_io_executor executor, OnError on_error)
    : executor_(std::move(executor)),
      state_(std::make_shared<State>(executor_, std::move(on_error))) {}

TaskGroup::~TaskGroup() {
    state_->on_error = nullptr;
    state_->stop.request_stop();
}

void TaskGroup::spawn(asio::awaitable<void> task) {
    ++state_->running;
    state_->idle.reset();
    auto finished = [state = state_](std::exception_ptr error) {
        if (error && state->on_error && !is_cancelled(error)) state->on_error(error);
        if (--state->running == 0) state->idle.set();
    };
    asio::co_spawn(executor_, std::move(task), std::move(finished));
}

std::stop_token TaskGroup::stop_token() const {
    return state_->stop.get_token();
}

void TaskGroup::request_stop() {
    state_->stop.request_stop();
}

std::size_t TaskGroup::size() const {
    return state_->running;
}

asio::awaitable<void> TaskGroup::join(std::stop_token stop) {
    // Keeps the event alive even if the group goes first.
    const auto state = state_;
    co_await state->idle.wait(std::move(stop));
}

namespace {

using Step = std::function<asio::awaitable<void>(std::size_t, std::stop_token)>;

struct ParallelWork {
    Step step;
    std::size_t count;
    std::size_t next = 0;
    std::stop_source stop{};
    std::exception_ptr first_error{};
};

asio::awaitable<void> drain(std::shared_ptr<ParallelWork> work) {
    while (work->next < work->count && !work->stop.stop_requested()) {
        const auto index = work->next++;
        try {
            co_await work->step(index, work->stop.get_token());
        } catch (...) {
            if (!work->first_error) work->first_error = std::current_exception();
            work->stop.request_stop();
        }
    }
}

}  // namespace

asio::awaitable<void> for_each_parallel(std::size_t count,
                                        std::size_t limit,
                                        Step step,
                                        std::stop_token stop) {
    auto work = std::make_shared<ParallelWork>(ParallelWork{std::move(step), count});
    auto pass_on = [work] { work->stop.request_stop(); };
    std::stop_callback on_stop(stop, pass_on);
    TaskGroup group(co_await asio::this_coro::executor, nullptr);
    const auto workers = std::min(count, std::max<std::size_t>(limit, 1));
    for (std::size_t i = 0; i < workers; ++i) group.spawn(drain(work));
    co_await group.join();
    if (work->first_error) std::rethrow_exception(work->first_error);
    if (stop.stop_requested()) throw cancelled();
}

}  // namespace aml::async
