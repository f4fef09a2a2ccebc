#pragma once

#include "azure/client.hpp"
#include "tree/tree_node.hpp"

#include <nlohmann/json.hpp>

#include <stop_token>
#include <string>

namespace aml::tree {

/// A resource as a document to read.
struct ResourceDetails {
    /// A name for the document, e.g. "cpu-cluster".
    std::string title;
    /// Indented JSON without secrets and without empty members.
    std::string content;
};

/// Reads what Azure knows about the thing behind a row. `client` must outlive the call.
/// Throws: NotFound (no such thing, or a row that is none), Forbidden, and what the operation
/// throws.
asio::awaitable<ResourceDetails> read_details(azure::Client& client,
                                              TreeAddress address,
                                              std::stop_token stop);

/// The calls that the table of kinds names: each returns what Azure says of the thing that
/// `address` names. `client` must outlive the call. Throws: NotFound, Forbidden, and what the
/// operation throws.
namespace details {

asio::awaitable<nlohmann::json> subscription(azure::Client& client,
                                             TreeAddress address,
                                             std::stop_token stop);
/// A workspace, or a resource in it.
asio::awaitable<nlohmann::json> resource(azure::Client& client,
                                         TreeAddress address,
                                         std::stop_token stop);
/// A job is one resource in ARM and one in run history, which has its times and errors: both.
asio::awaitable<nlohmann::json> run(azure::Client& client,
                                    TreeAddress address,
                                    std::stop_token stop);
asio::awaitable<nlohmann::json> experiment(azure::Client& client,
                                           TreeAddress address,
                                           std::stop_token stop);

}  // namespace details

/// `json` without keys, tokens and passwords, without the signatures of addresses, and without
/// nulls.
nlohmann::ordered_json presentable(const nlohmann::json& json);

}  // namespace aml::tree
