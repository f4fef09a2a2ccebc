#pragma once

#include "features/server.hpp"
#include "held_http.hpp"
#include "script.hpp"
#include "support/fake_clock.hpp"
#include "support/log_lines.hpp"
#include "support/memory_transport.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"

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
class World final {
public:
    World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    void send(const std::string& message);
    /// Throws: Failure when no call waits, or the text makes no sense.
    void answer(const std::string& text);
    void advance(const std::string& duration);
    void write(const std::string& text);
    void copy(const std::string& folder);
    void set_environment(const std::string& text);
    /// The content of a file as a `file` line shows it.
    std::string file(const std::string& path) const;

    /// The next thing the server did and that was not taken yet.
    std::optional<Line> take();

    /// The client closes the connection. Throws: Failure when the server does not end.
    void end();

    std::optional<int> exit_code() const { return exit_code_; }

    const std::vector<std::string>& log() const { return log_->lines; }

private:
    /// Runs until nothing moves any more.
    void settle();
    void collect();
    /// `${dir}` stands for the user's folder.
    std::string expand(std::string text) const;
    std::string contract(std::string text) const;
    void announce(const http::Request& request);
    std::filesystem::path user_path(const std::string& relative) const;

    test::TemporaryDirectory directory_;
    asio::io_context loop_{1};
    asio::thread_pool pool_{1};
    test::FakeClock clock_;
    test::SeededRandom random_;
    std::shared_ptr<test::LogLines> log_ = std::make_shared<test::LogLines>();
    test::MemoryTransport client_{loop_.get_executor()};
    HeldHttp http_;
    std::deque<Line> done_;
    std::optional<int> exit_code_;
    std::exception_ptr crash_;
    std::unique_ptr<features::Server> server_;
};

}  // namespace aml::transcript
