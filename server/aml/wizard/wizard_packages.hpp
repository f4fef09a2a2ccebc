#pragma once

#include "runconfig/package_files.hpp"
#include "ui/prompter.hpp"
#include "wizard/wizard_step.hpp"

#include <string>
#include <vector>

namespace aml::wizard {

/// The packages of an environment while the user edits them. Rows that were taken out stay,
/// unchecked.
class PackageChoice final {
public:
    enum class Source { Pip, Conda };

    struct Row {
        std::string text;
        Source source = Source::Pip;
        bool wanted = true;

        bool operator==(const Row&) const = default;
    };

    PackageChoice() = default;
    explicit PackageChoice(const runconfig::PackageList& list);

    const std::vector<Row>& rows() const { return rows_; }

    /// Keeps exactly the rows with these indices.
    void want(const std::vector<std::size_t>& indices);
    /// Adds a pip package; one of the same name that was taken out is replaced.
    void add(std::string text);
    void change(std::size_t index, std::string text);

    /// What is wrong with `text` as a new pip package, or as the new text of row `index`; nothing
    /// when it is fine.
    std::optional<std::string> check_new(const std::string& text) const;
    std::optional<std::string> check_change(std::size_t index, const std::string& text) const;

    /// The list it was made of.
    const runconfig::PackageList& original() const { return original_; }

    /// True when the list is no longer the one it was made of.
    bool edited() const;
    /// The wanted packages, with pip itself whenever something is to be installed by it.
    runconfig::PackageList list() const;

    bool operator==(const PackageChoice&) const = default;

private:
    runconfig::PackageList original_;
    std::vector<Row> rows_;
};

/// Lets the user confirm the packages: take some out, add one, change a version. Ends with Next
/// once they are confirmed. `choice` keeps what was done, however the step ends; it must outlive
/// the call. Throws what the prompter throws.
asio::awaitable<StepEnd> confirm_packages(ui::Prompter& prompter,
                                          PackageChoice& choice,
                                          StepPlace place,
                                          std::stop_token stop);

}  // namespace aml::wizard
