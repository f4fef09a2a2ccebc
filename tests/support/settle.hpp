#pragma once

#include "async/asio.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <future>

namespace aml::test {

/// Runs the loop until neither it nor the pool has anything left to do. The pool has one thread.
inline void settle(asio::io_context& loop, asio::thread_pool& pool) {
    // The pool works in order, so a marker that was reached means that it is idle; what it finished
    // may have given the loop new work, and that the pool.
    std::size_t moved = 1;
    while (moved > 0) {
        loop.restart();
        moved = loop.poll();
        std::promise<void> marker;
        asio::post(pool, [&marker] { marker.set_value(); });
        marker.get_future().wait();
        loop.restart();
        moved += loop.poll();
    }
}

}  // namespace aml::test
