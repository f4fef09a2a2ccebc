#include "rpc/stdio_transport.hpp"

#include "async/event.hpp"
#include "async/run_blocking.hpp"
#include "platform/stream.hpp"
#include "rpc/frame_decoder.hpp"
#include "rpc/wire_log.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <deque>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace aml::rpc {
namespace {

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
        input_.wake();
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
        while (const auto count = read_some(buffer)) {
            decoder.feed(std::string_view(buffer.data(), count));
            if (!post_frames(decoder)) return;
        }
        if (!decoder.at_boundary())
            post(Unreadable{"The input ended in the middle of a message.", true});
        post(std::nullopt);
    }

    /// 0 at the end, and when nothing more can be or is to be read.
    std::size_t read_some(std::vector<char>& buffer) {
        try {
            return input_.read(buffer.data(), buffer.size()).value_or(0);
        } catch (const std::system_error&) {
            // Whoever has gone without closing the pipe has ended it too.
            return 0;
        }
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
    platform::InputStream input_;
    std::thread thread_;
};

class StdioTransport::Writer final {
public:
    explicit Writer(int output)
        : output_(output) {}

    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    ~Writer() {
        output_.wake();
        pool_.join();
    }

    asio::awaitable<void> send(nlohmann::json message) {
        auto work = [this, message = std::move(message)] { write(encode_frame(message)); };
        co_await async::run_blocking(pool_, std::move(work));
    }

private:
    void write(std::string_view bytes) {
        try {
            if (output_.write(bytes)) return;
        } catch (const std::system_error& error) {
            throw Error(ErrorKind::Unavailable,
                        fmt::format("Writing failed: {}.", error.code().message()));
        }
        throw Error(ErrorKind::Unavailable, "The output is being closed.");
    }

    platform::OutputStream output_;
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
