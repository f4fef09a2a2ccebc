#include "runs/model_registration.hpp"

#include "azure/assets.hpp"
#include "http/url.hpp"
#include "runs/file_source.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace aml::runs {

namespace {

constexpr std::size_t longest_model_name = 255;

bool is_letter_or_digit(char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z');
}

bool may_be_in_model_name(char letter) {
    return is_letter_or_digit(letter) || letter == '-' || letter == '_';
}

}  // namespace

std::optional<std::string> model_name_problem(std::string_view name) {
    const bool is_good = !name.empty() && name.size() <= longest_model_name &&
                         is_letter_or_digit(name.front()) &&
                         std::all_of(name.begin(), name.end(), may_be_in_model_name);
    if (is_good) return std::nullopt;
    return localize(
        "A model's name has 1 to 255 letters, digits, hyphens and underscores, and "
        "begins with a letter or digit.");
}

std::string proposed_model_name(std::string_view path) {
    auto name = std::string(path.substr(path.rfind('/') + 1));
    name = name.substr(0, name.rfind('.'));
    for (auto& letter : name) {
        if (!may_be_in_model_name(letter)) letter = '_';
    }
    if (name.empty() || !is_letter_or_digit(name.front())) name.insert(0, "model");
    return name;
}

asio::awaitable<RegisteredModel> register_model(azure::Client& client,
                                                azure::ResourceId job,
                                                std::string path,
                                                std::string name,
                                                std::stop_token stop) {
    if (auto problem = model_name_problem(name))
        throw Error(ErrorKind::Rejected, std::move(*problem));
    auto source = FileSource::of_run(client, job);
    const auto files = co_await source.files(path, stop);
    if (files.empty()) {
        throw Error(ErrorKind::NotFound, localize("The run {} has no file {}.", job.name(), path));
    }
    const bool is_mlflow = std::ranges::find(files, path + "/MLmodel") != files.end();
    const auto known = co_await azure::models::find_container(client, job.workspace(), name, stop);
    RegisteredModel model{.name = std::move(name), .version = "1"};
    if (known && !known->next_version.empty()) model.version = known->next_version;
    model.type = is_mlflow ? "mlflow_model" : "custom_model";
    azure::ModelSpec spec{.uri = fmt::format("azureml://jobs/{}/outputs/artifacts/paths/{}",
                                             job.name(),
                                             http::percent_encode_path(path))};
    spec.type = model.type;
    spec.job_name = job.name();
    co_await azure::models::create_or_update(
        client, job.workspace(), model.name, model.version, std::move(spec), std::move(stop));
    co_return model;
}

}  // namespace aml::runs
