#include "runs/file_source.hpp"

#include "azure/assets.hpp"
#include "azure/blobs.hpp"
#include "http/url.hpp"
#include "runs/run_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aml::runs {

namespace {

/// Behind `begin`, in whatever case that stands; absent when it stands nowhere.
std::optional<std::string_view> behind(std::string_view text, std::string_view begin) {
    const auto at = lower(text).find(begin);
    if (at == std::string::npos) return std::nullopt;
    return text.substr(at + begin.size());
}

/// What stands before the next slash; it and the slash are cut off.
std::string_view cut_segment(std::string_view& rest) {
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
    return segment;
}

std::string path_text(std::string_view path) {
    if (path.starts_with("paths/")) path.remove_prefix(std::string_view("paths/").size());
    while (path.ends_with('/')) path.remove_suffix(1);
    return http::percent_decode(path);
}

}  // namespace

std::optional<FilePlace> place_of_uri(const azure::ResourceId& workspace, std::string_view uri) {
    if (!uri.starts_with("azureml://")) return std::nullopt;
    if (auto of_job = behind(uri, "azureml://jobs/")) {
        const auto job = cut_segment(*of_job);
        const auto rest = behind(*of_job, "outputs/artifacts/");
        if (!rest) return std::nullopt;
        return FilePlace{.job = workspace.child("jobs", std::string(job)),
                         .path = path_text(*rest)};
    }
    auto rest = behind(uri, "/datastores/");
    if (!rest) return std::nullopt;
    FilePlace place{.datastore = std::string(cut_segment(*rest)), .path = path_text(*rest)};
    constexpr std::string_view runs_folder = "ExperimentRun/dcid.";
    if (place.datastore != "workspaceartifactstore" || !place.path.starts_with(runs_folder))
        return place;
    std::string_view below = place.path;
    below.remove_prefix(runs_folder.size());
    const auto job = cut_segment(below);
    return FilePlace{.job = workspace.child("jobs", std::string(job)), .path = std::string(below)};
}

std::vector<std::string> entries_of(const std::vector<std::string>& files,
                                    std::string_view folder) {
    std::set<std::string> folders;
    std::set<std::string> single;
    for (const auto& file : files) {
        std::string_view rest = file;
        if (!folder.empty()) {
            if (!rest.starts_with(folder) || rest.size() <= folder.size() ||
                rest[folder.size()] != '/')
                continue;
            rest.remove_prefix(folder.size() + 1);
        }
        const auto slash = rest.find('/');
        if (slash == std::string_view::npos) {
            single.emplace(rest);
        } else {
            folders.emplace(rest.substr(0, slash + 1));
        }
    }
    std::vector<std::string> entries(folders.begin(), folders.end());
    entries.insert(entries.end(), single.begin(), single.end());
    return entries;
}

FileSource::FileSource(azure::Client& client, azure::ResourceId workspace, FilePlace place)
    : client_(&client),
      workspace_(std::move(workspace)),
      place_(std::move(place)) {}

FileSource FileSource::of_run(azure::Client& client, azure::ResourceId job) {
    auto workspace = job.workspace();
    return {client, std::move(workspace), FilePlace{.job = std::move(job)}};
}

asio::awaitable<FileSource> FileSource::of_model(azure::Client& client,
                                                 azure::ResourceId version,
                                                 std::stop_token stop) {
    auto workspace = version.workspace();
    const auto name = version.name_of("models");
    const auto model =
        co_await azure::models::find(client, workspace, name, version.name_of("versions"), stop);
    if (!model) {
        throw Error(ErrorKind::NotFound,
                    localize("There is no model {}:{}.", name, version.name_of("versions")));
    }
    auto place = place_of_uri(workspace, model->uri);
    if (!place) {
        throw Error(ErrorKind::Rejected,
                    localize("The files of the model are at {}, which cannot be read from here.",
                             model->uri));
    }
    co_return FileSource(client, std::move(workspace), std::move(*place));
}

std::string FileSource::base() const {
    return place_.path.substr(0, place_.path.rfind('/') + 1);
}

asio::awaitable<std::vector<std::string>> FileSource::files(std::string folder,
                                                            std::stop_token stop) {
    const auto prefix = folder.empty() ? place_.path : base() + folder;
    auto all = co_await list(prefix, std::move(stop));
    std::vector<std::string> paths;
    for (const auto& path : all) {
        // Azure also lists "model2" for "model".
        const bool is_below = prefix.empty() || path == prefix || path.starts_with(prefix + "/");
        if (is_below) paths.push_back(path.substr(base().size()));
    }
    std::sort(paths.begin(), paths.end());
    co_return paths;
}

asio::awaitable<azure::BlobAddress> FileSource::address(std::string path, std::stop_token stop) {
    auto file = base() + path;
    if (!place_.job.empty())
        co_return co_await file_address(*client_, place_.job, std::move(file), std::move(stop));
    co_await open_datastore(std::move(stop));
    co_return azure::blobs::address(container_, file);
}

asio::awaitable<std::vector<std::string>> FileSource::list(std::string prefix,
                                                           std::stop_token stop) {
    if (!place_.job.empty())
        co_return co_await run_files(*client_, place_.job, std::move(prefix), std::move(stop));
    co_await open_datastore(stop);
    auto first = co_await azure::blobs::list(*client_, container_, std::move(prefix), stop);
    const auto blobs = co_await azure::collect(std::move(first), std::move(stop));
    std::vector<std::string> paths;
    for (const auto& blob : blobs) paths.push_back(blob.name);
    co_return paths;
}

asio::awaitable<void> FileSource::open_datastore(std::stop_token stop) {
    if (!container_.url.empty()) co_return;
    auto datastore = co_await azure::datastores::get(*client_, workspace_, place_.datastore, stop);
    auto container =
        co_await azure::datastores::container(*client_, std::move(datastore), std::move(stop));
    container_ = std::move(container);
}

}  // namespace aml::runs
