#include "rpc/stdio_transport.hpp"

#include "async/event.hpp"
#include "async/run_blocking.hpp"
#include "rpc/frame_decoder.hpp"
#include "rpc/wire_log.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace aml::rpc {
namespace {

/// Lets another thread wake one that waits in poll().
class WakePipe final {
public:
    WakePipe() {
        if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
            throw Error(ErrorKind::Unavailable,
                        fmt::format("Cannot make a pipe: {}.", std::strerror(errno)));
        }
    }

    WakePipe(const WakePipe&) = delete;
    WakePipe& operator=(const WakePipe&) = delete;

    ~WakePipe() {
        close(ends_[0]);
        if (ends_[1] >= 0) close(ends_[1]);
    }

    /// From now on every wait returns false at once.
    void wake() { close(std::exchange(ends_[1], -1)); }

    /// Waits until `descriptor` is ready for `events`. False when woken.
    bool wait(int descriptor, short events) const {
        std::array<pollfd, 2> descriptors{pollfd{descriptor, events, 0},
                                          pollfd{ends_[0], POLLIN, 0}};
        while (poll(descriptors.data(), descriptors.size(), -1) < 0 && errno == EINTR) {
        }
        return descriptors[1].revents == 0;
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

std::string encode_frame(const nlohmann::json& message) {
    const auto body = to_text(message);
    return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

/// What was read and not yet received. Touched on the loop only; shared with posts that are on
/// their way to it.
struct Inbox {
    explicit Inbox(const asio::any_io_executor& loop)
        : arrived(loop) {}

    async::Event arrived;
    std::deque<Incoming> values;
    bool ended = false;
};

}  // namespace

class StdioTransport::Reader final {
public:
    Reader(asio::any_io_executor loop, int input)
        : inbox_(std::make_shared<Inbox>(loop)),
          loop_(std::move(loop)),
          input_(input),
          thread_([this] { read(); }) {}

    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    ~Reader() {
        wake_.wake();
        thread_.join();
    }

    asio::awaitable<std::optional<Incoming>> receive(std::stop_token stop) {
        const auto inbox = inbox_;
        while (inbox->values.empty()) {
            if (inbox->ended) co_return std::nullopt;
            inbox->arrived.reset();
            co_await inbox->arrived.wait(stop);
        }
        std::optional<Incoming> value = std::move(inbox->values.front());
        inbox->values.pop_front();
        co_return value;
    }

private:
    void read() {
        FrameDecoder decoder;
        std::vector<char> buffer(std::size_t{64} * 1024);
        while (wake_.wait(input_, POLLIN)) {
            const auto count = ::read(input_, buffer.data(), buffer.size());
            if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (count <= 0) break;
            decoder.feed(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
            if (!post_frames(decoder)) return;
        }
        if (!decoder.at_boundary())
            post(Unreadable{"The input ended in the middle of a message.", true});
        post(std::nullopt);
    }

    /// False after a fatal failure.
    bool post_frames(FrameDecoder& decoder) {
        while (auto frame = decoder.next()) {
            if (const auto* failure = std::get_if<FrameFailure>(&*frame)) {
                post(Unreadable{failure->message, failure->fatal});
                if (failure->fatal) return false;
            } else {
                post(parse_body(std::get<std::string>(*frame)));
            }
        }
        return true;
    }

    void post(std::optional<Incoming> value) {
        auto deliver = [inbox = inbox_, value = std::move(value)]() mutable {
            if (value) {
                inbox->values.push_back(std::move(*value));
            } else {
                inbox->ended = true;
            }
            inbox->arrived.set();
        };
        asio::post(loop_, std::move(deliver));
    }

    std::shared_ptr<Inbox> inbox_;
    asio::any_io_executor loop_;
    int input_;
    WakePipe wake_;
    std::thread thread_;
};

class StdioTransport::Writer final {
public:
    explicit Writer(int output)
        : output_(output) {}

    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    ~Writer() {
        wake_.wake();
        pool_.join();
    }

    asio::awaitable<void> send(nlohmann::json message) {
        auto work = [this, message = std::move(message)] { write(encode_frame(message)); };
        co_await async::run_blocking(pool_, std::move(work));
    }

private:
    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            if (!wake_.wait(output_, POLLOUT))
                throw Error(ErrorKind::Unavailable, "The output is being closed.");
            // No more than what a ready pipe takes without blocking, so that `wake_` is always
            // heard.
            const auto count =
                ::write(output_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
            if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (count < 0) {
                throw Error(ErrorKind::Unavailable,
                            fmt::format("Writing failed: {}.", std::strerror(errno)));
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    int output_;
    WakePipe wake_;
    asio::thread_pool pool_{1};
};

StdioTransport::StdioTransport(asio::any_io_executor loop, int input, int output)
    : reader_(std::make_unique<Reader>(std::move(loop), input)),
      writer_(std::make_unique<Writer>(output)) {}

StdioTransport::~StdioTransport() = default;

asio::awaitable<std::optional<Incoming>> StdioTransport::receive(std::stop_token stop) {
    return reader_->receive(std::move(stop));
}

asio::awaitable<void> StdioTransport::send(nlohmann::json message) {
    return writer_->send(std::move(message));
}

}  // namespace aml::rpc
