#include "snapshot/inspection.hpp"

#include "snapshot/read_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace aml::snapshot {
namespace {

struct KnownName {
    std::string_view name;
    Concern concern;
};

/// Folders that programs keep secrets in, wherever they lie.
constexpr std::array secret_folders{
    KnownName{".ssh", Concern::PrivateKey},
    KnownName{".gnupg", Concern::PrivateKey},
    KnownName{".aws", Concern::Credentials},
    KnownName{".azure", Concern::Credentials},
    KnownName{".password-store", Concern::Credentials},
};

/// Files in folders that may also hold other things.
constexpr std::array secret_paths{
    KnownName{".docker/config.json", Concern::Credentials},
    KnownName{".kube/config", Concern::Credentials},
    KnownName{".config/gh/hosts.yml", Concern::Credentials},
    KnownName{".config/gcloud/access_tokens.db", Concern::Credentials},
    KnownName{".config/gcloud/credentials.db", Concern::Credentials},
    KnownName{".cache/huggingface/token", Concern::Credentials},
    KnownName{".huggingface/token", Concern::Credentials},
};

/// Names of files, in lower case.
constexpr std::array secret_files{
    KnownName{"id_rsa", Concern::PrivateKey},
    KnownName{"id_dsa", Concern::PrivateKey},
    KnownName{"id_ecdsa", Concern::PrivateKey},
    KnownName{"id_ecdsa_sk", Concern::PrivateKey},
    KnownName{"id_ed25519", Concern::PrivateKey},
    KnownName{"id_ed25519_sk", Concern::PrivateKey},
    KnownName{".netrc", Concern::Credentials},
    KnownName{"_netrc", Concern::Credentials},
    KnownName{".pgpass", Concern::Credentials},
    KnownName{".my.cnf", Concern::Credentials},
    KnownName{".pypirc", Concern::Credentials},
    KnownName{".git-credentials", Concern::Credentials},
    KnownName{".dockercfg", Concern::Credentials},
    KnownName{".dockerconfigjson", Concern::Credentials},
    KnownName{".htpasswd", Concern::Credentials},
    KnownName{".boto", Concern::Credentials},
    KnownName{".s3cfg", Concern::Credentials},
    KnownName{".databrickscfg", Concern::Credentials},
    KnownName{".vault-token", Concern::Credentials},
    KnownName{"kubeconfig", Concern::Credentials},
    KnownName{"kaggle.json", Concern::Credentials},
    KnownName{"credentials", Concern::Credentials},
    KnownName{"credentials.json", Concern::Credentials},
    KnownName{"credentials.yaml", Concern::Credentials},
    KnownName{"credentials.yml", Concern::Credentials},
    KnownName{"client_secret.json", Concern::Credentials},
    KnownName{"service_account.json", Concern::Credentials},
    KnownName{"application_default_credentials.json", Concern::Credentials},
    KnownName{"msal_token_cache.json", Concern::Credentials},
    KnownName{"msal_token_cache.bin", Concern::Credentials},
    KnownName{"accesstokens.json", Concern::Credentials},
    KnownName{"local.settings.json", Concern::Credentials},
    KnownName{"token.json", Concern::Credentials},
    KnownName{"token.pickle", Concern::Credentials},
    KnownName{"secrets.json", Concern::Credentials},
    KnownName{"secrets.toml", Concern::Credentials},
    KnownName{"secrets.yaml", Concern::Credentials},
    KnownName{"secrets.yml", Concern::Credentials},
    KnownName{"terraform.tfstate", Concern::Credentials},
    KnownName{".env", Concern::SecretSettings},
    KnownName{".envrc", Concern::SecretSettings},
    KnownName{".bash_history", Concern::History},
    KnownName{".zsh_history", Concern::History},
    KnownName{".sh_history", Concern::History},
    KnownName{".python_history", Concern::History},
    KnownName{".node_repl_history", Concern::History},
    KnownName{".psql_history", Concern::History},
    KnownName{".mysql_history", Concern::History},
    KnownName{".sqlite_history", Concern::History},
};

/// Endings of names, in lower case, of files that hold keys in a form that has no readable lines.
constexpr std::array secret_endings{
    KnownName{".p12", Concern::PrivateKey},
    KnownName{".pfx", Concern::PrivateKey},
    KnownName{".jks", Concern::PrivateKey},
    KnownName{".keystore", Concern::PrivateKey},
    KnownName{".ppk", Concern::PrivateKey},
    KnownName{".kdbx", Concern::Credentials},
    KnownName{".publishsettings", Concern::Credentials},
    KnownName{".env", Concern::SecretSettings},
};

/// `.env.example` shows which settings there are, and has none.
constexpr std::array<std::string_view, 5> example_endings{
    ".example", ".sample", ".template", ".dist", ".defaults"};

/// What the first lines of a file with secrets have in them.
constexpr std::array secret_words{
    KnownName{"PRIVATE KEY-----", Concern::PrivateKey},
    KnownName{"PRIVATE KEY BLOCK-----", Concern::PrivateKey},
    KnownName{"PuTTY-User-Key-File-", Concern::PrivateKey},
    KnownName{"\"private_key\":", Concern::Credentials},
    KnownName{"\"refresh_token\":", Concern::Credentials},
    KnownName{"\"client_secret\":", Concern::Credentials},
    KnownName{"aws_secret_access_key", Concern::Credentials},
    KnownName{":_authToken=", Concern::Credentials},
    KnownName{"AccountKey=", Concern::Credentials},
    KnownName{"SharedAccessKey=", Concern::Credentials},
};

/// Code, prose, tables and pictures: many, and their first lines are about other things.
constexpr std::array<std::string_view, 30> plain_endings{
    ".py",  ".pyi",  ".pyc", ".so",  ".c",   ".h",   ".cpp", ".hpp",  ".cu",    ".js",
    ".ts",  ".html", ".css", ".r",   ".md",  ".rst", ".csv", ".tsv",  ".jsonl", ".parquet",
    ".npy", ".npz",  ".pt",  ".pkl", ".bin", ".png", ".jpg", ".jpeg", ".gif",   ".svg"};

// Keys, tokens and the files of settings that hold them are small.
constexpr std::uint64_t largest_with_secrets = 64 * 1024;
constexpr std::uint64_t first_lines = 4096;
constexpr std::uint64_t largest_notebook_read = 64 * 1024 * 1024;
// What Azure ML once allowed the code of a run to have.
constexpr std::uint64_t large_data = 300'000'000;

template <typename Names>
std::optional<Concern> concern_of(const Names& names, std::string_view name) {
    const auto found = std::find_if(
        names.begin(), names.end(), [&](const KnownName& known) { return known.name == name; });
    return found == names.end() ? std::nullopt : std::optional(found->concern);
}

template <typename Endings>
bool ends_with_any(const Endings& endings, std::string_view name) {
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
        return name.ends_with(ending);
    });
}

std::optional<Concern> concern_of_name(std::string_view name) {
    if (const auto concern = concern_of(secret_files, name)) return concern;
    for (const auto& [ending, concern] : secret_endings) {
        if (name.ends_with(ending)) return concern;
    }
    if (name.starts_with(".env.") && !ends_with_any(example_endings, name))
        return Concern::SecretSettings;
    return std::nullopt;
}

/// The folder of the path that programs keep secrets in, ending in '/', and why.
std::optional<std::pair<std::string, Concern>> secret_folder(std::string_view path) {
    std::size_t start = 0;
    for (auto slash = path.find('/'); slash != std::string_view::npos;
         start = slash + 1, slash = path.find('/', start)) {
        if (const auto concern = concern_of(secret_folders, path.substr(start, slash - start)))
            return std::pair(std::string(path.substr(0, slash + 1)), *concern);
    }
    return std::nullopt;
}

std::optional<Concern> concern_of_path(std::string_view path) {
    for (const auto& [known, concern] : secret_paths) {
        if (!path.ends_with(known)) continue;
        if (path.size() == known.size() || path[path.size() - known.size() - 1] == '/')
            return concern;
    }
    return std::nullopt;
}

class Inspection final {
public:
    Inspection(const Listing& listing, Contents contents, std::stop_token stop)
        : listing_(listing),
          contents_(contents),
          stop_(std::move(stop)) {}

    std::vector<Finding> run() {
        for (const auto& file : listing_.files) look_at(file);
        if (contents_ == Contents::Code) look_for_large_data();
        std::vector<Finding> findings;
        for (auto& [path, finding] : findings_) findings.push_back(std::move(finding));
        std::sort(findings.begin(), findings.end(), [](const auto& left, const auto& right) {
            return std::tie(left.concern, left.path) < std::tie(right.concern, right.path);
        });
        return findings;
    }

private:
    void look_at(const File& file) {
        if (stop_.stop_requested()) throw cancelled();
        if (is_kept(file.path)) return;
        if (auto folder = secret_folder(file.path)) {
            add(folder->second, std::move(folder->first), file);
            return;
        }
        const auto name = lower(file.path.substr(file.path.rfind('/') + 1));
        auto concern = concern_of_path(file.path);
        if (!concern) concern = concern_of_name(name);
        if (!concern && name.ends_with(".ipynb")) {
            if (contents_ == Contents::Code && has_outputs(file))
                concern = Concern::NotebookOutputs;
        } else if (!concern && !ends_with_any(plain_endings, name)) {
            concern = concern_of_lines(file);
        }
        if (concern) add(*concern, file.path, file);
    }

    bool is_kept(const std::string& path) const {
        const auto& kept = listing_.kept;
        if (kept.empty() || kept.contains(path)) return !kept.empty();
        for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
            if (kept.contains(path.substr(0, end + 1))) return true;
        }
        return false;
    }

    std::optional<Concern> concern_of_lines(const File& file) const {
        const auto size = file.stamp.size;
        if (size == 0 || size > largest_with_secrets) return std::nullopt;
        const auto text = read(file, std::min(size, first_lines));
        for (const auto& [words, concern] : secret_words) {
            if (text.find(words) != std::string::npos) return concern;
        }
        return std::nullopt;
    }

    bool has_outputs(const File& file) const {
        if (file.stamp.size > largest_notebook_read) return true;
        return read(file, file.stamp.size).find("\"output_type\"") != std::string::npos;
    }

    /// Nothing where it cannot be read: whoever reads all of it says why.
    std::string read(const File& file, std::uint64_t count) const {
        std::string text(count, '\0');
        try {
            const SnapshotFile input(listing_, file);
            input.read(0, text.data(), text.size());
        } catch (const Error&) {
            text.clear();
        }
        return text;
    }

    void add(Concern concern, std::string path, const File& file) {
        auto& finding = findings_[path];
        finding.concern = concern;
        finding.path = std::move(path);
        ++finding.files;
        finding.bytes += file.stamp.size;
    }

    /// Names the deepest folders that are large without one of their parts being so.
    void look_for_large_data() {
        if (listing_.bytes < large_data) return;
        std::map<std::string, Finding> sizes;
        for (const auto& file : listing_.files) {
            for (auto end = file.path.find('/'); end != std::string::npos;
                 end = file.path.find('/', end + 1)) {
                count(sizes, file.path.substr(0, end + 1), file);
            }
            if (file.stamp.size >= large_data) count(sizes, file.path, file);
        }
        std::erase_if(sizes, [](const auto& entry) { return entry.second.bytes < large_data; });
        for (auto entry = sizes.begin(); entry != sizes.end(); ++entry) {
            // What lies in a folder follows it in the order of the paths.
            const auto next = std::next(entry);
            if (next != sizes.end() && next->first.starts_with(entry->first)) continue;
            if (!is_kept(entry->first)) findings_.try_emplace(entry->first, entry->second);
        }
    }

    static void count(std::map<std::string, Finding>& sizes, std::string path, const File& file) {
        auto& finding = sizes[path];
        finding.concern = Concern::LargeData;
        finding.path = std::move(path);
        ++finding.files;
        finding.bytes += file.stamp.size;
    }

    const Listing& listing_;
    Contents contents_;
    std::stop_token stop_;
    std::map<std::string, Finding> findings_;
};

}  // namespace

std::vector<Finding> inspect(const Listing& listing, Contents contents, std::stop_token stop) {
    return Inspection(listing, contents, std::move(stop)).run();
}

Listing without(const Listing& listing, const std::vector<std::string>& paths) {
    auto rest = listing;
    std::erase_if(rest.files, [&](const File& file) {
        return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
            return path.ends_with('/') ? file.path.starts_with(path) : file.path == path;
        });
    });
    rest.bytes = 0;
    for (const auto& file : rest.files) rest.bytes += file.stamp.size;
    return rest;
}

}  // namespace aml::snapshot
