#include "blob/blob_service.hpp"

#include "blob/blob_routes.hpp"
#include "blob/signing.hpp"
#include "core/seeded_facts.hpp"
#include "core/text.hpp"
#include "core/tokens.hpp"

#include <fmt/format.h>

namespace aml::emulator {

namespace {

constexpr std::chrono::hours link_lifetime{8};
// Clocks of clients may be behind.
constexpr std::chrono::minutes link_head_start{5};

void note_signature(Store& store, std::string_view query) {
    const auto signature = query.substr(query.rfind("sig=") + 4);
    note_issued(store, signature);
    note_issued(store, percent_decode(signature));
}

}  // namespace

struct BlobService::Routes {
    Routes(Context& context, BlobService& service)
        : access(context, service),
          reading(service, access),
          writing(context, service, access),
          containers(service, access) {}

    BlobAccess access;
    BlobReading reading;
    BlobWriting writing;
    ContainerRoutes containers;
};

BlobService::BlobService(Context& context, Router& router)
    : context_(context),
      router_(router),
      store_(context),
      routes_(std::make_unique<Routes>(context, *this)) {}

BlobService::~BlobService() = default;

void BlobService::add_routes() {
    auto& routes = *routes_;
    const auto add = [&](std::string method, std::string pattern, auto handler) {
        Route route{std::move(method), std::move(pattern), Surface::Blob, Auth::None, nullptr, {}};
        route.handler = std::move(handler);
        router_.add(std::move(route));
    };
    const std::string container = "/{account}/{container}";
    const std::string blob = "/{account}/{container}/{blob*}";
    auto& containers = routes.containers;
    add("GET", "/{account}", SyncHandler([&](const Request& r) {
            return containers.list_containers(r);
        }));
    add("PUT", container, SyncHandler([&](const Request& r) { return containers.put(r); }));
    add("GET", container, SyncHandler([&](const Request& r) { return containers.get(r); }));
    add("DELETE", container, SyncHandler([&](const Request& r) { return containers.remove(r); }));
    add("GET", blob, SyncHandler([&](const Request& r) { return routes.reading.get(r); }));
    add("DELETE", blob, SyncHandler([&](const Request& r) { return routes.writing.remove(r); }));
    add("PUT", blob, StreamHandler([&](const Request& r, BodyReader& body) {
            return routes.writing.put(r, body);
        }));
}

std::string BlobService::account_url(std::string_view base_url, std::string_view account) const {
    return fmt::format("{}/{}", base_url, account);
}

void BlobService::ensure_container(std::string_view account, std::string_view container) {
    store_.create_container(account, container);
}

std::string BlobService::container_sas(std::string_view account,
                                       std::string_view container,
                                       std::string_view permissions,
                                       std::chrono::seconds lifetime) const {
    const auto now = context_.clock.now();
    const SharedAccess access{SharedAccessScope::Container,
                              std::string(permissions),
                              std::string(container),
                              "",
                              now - link_head_start,
                              now + lifetime};
    auto query = sign_shared_access(access, account, key_of(account));
    note_signature(context_.store, query);
    return query;
}

void BlobService::remove_account(std::string_view account) {
    store_.remove_account(account);
    keys_.erase(std::string(account));
}

std::string BlobService::blob_url(std::string_view base_url,
                                  const BlobKey& key,
                                  std::string_view permissions) const {
    const auto now = context_.clock.now();
    const SharedAccess access{SharedAccessScope::Blob,
                              std::string(permissions),
                              key.container,
                              key.name,
                              now - link_head_start,
                              now + link_lifetime};
    const auto query = sign_shared_access(access, key.account, key_of(key.account));
    note_signature(context_.store, query);
    return fmt::format("{}/{}/{}?{}",
                       account_url(base_url, key.account),
                       key.container,
                       percent_encode(key.name, "/"),
                       query);
}

bool BlobService::takes_keys(std::string_view account) const {
    return !context_.store.fact(keyless_fact(account));
}

const std::string& BlobService::key_of(std::string_view account) const {
    static const std::string none;
    if (const auto known = keys_.find(account); known != keys_.end()) return known->second;
    for (const auto& workspace : context_.resources.all_workspaces()) {
        keys_.insert_or_assign(workspace.storage_account, workspace.storage_key);
    }
    const auto known = keys_.find(account);
    return known == keys_.end() ? none : known->second;
}

}  // namespace aml::emulator
