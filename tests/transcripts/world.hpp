#pragma once

#include "features/server.hpp"
#include "support/fake_clock.hpp"
#include "support/log_lines.hpp"
#include "support/memory_transport.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"
#include "transcripts/held_http.hpp"
#include "transcripts/stage.hpp"

#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace aml::transcript {

/// A whole server in this process, in a world that stands still: its clock, its network, its client
/// and its disk are moved by the transcript alone. What the server does is kept, in order, as lines
/// of a transcript.
class World final : public Stage {
public:
    World();
    ~World() override;

    std::filesystem::path folder() const override { return directory_.path() / "user"; }

    void move(Step step, const std::string& text) override;
    std::optional<Event> take() override;
    void answer_in_order(const std::vector<std::size_t>& calls) override;
    std::string file(const std::string& path) const override;

    std::optional<int> exit_code() const override { return exit_code_; }

    void end() override;

    const std::vector<std::string>& log() const { return log_->lines; }

private:
    void send(const std::string& message);
    void answer(const std::string& text);
    void advance(const std::string& duration);
    void write(std::string text);
    void copy(const std::string& fixture);
    void set_environment(std::string text);
    /// Runs until nothing moves any more.
    void settle();
    void collect();
    void announce(const http::Request& request, std::size_t number);
    std::filesystem::path user_path(const std::string& relative) const;

    test::TemporaryDirectory directory_;
    asio::io_context loop_{1};
    asio::thread_pool pool_{1};
    test::FakeClock clock_;
    test::SeededRandom random_;
    std::shared_ptr<test::LogLines> log_ = std::make_shared<test::LogLines>();
    test::MemoryTransport client_{loop_.get_executor()};
    HeldHttp http_;
    std::deque<Event> done_;
    std::optional<int> exit_code_;
    std::exception_ptr crash_;
    std::unique_ptr<features::Server> server_;
};

}  // namespace aml::transcript
