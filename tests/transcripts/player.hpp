#pragma once

#include "transcripts/script.hpp"
#include "transcripts/stage.hpp"
#include "transcripts/variables.hpp"

#include <optional>
#include <string>
#include <vector>

namespace aml::transcript {

/// Plays one transcript on a stage and compares what happens with what it says. The stage must
/// outlive it.
class Player final {
public:
    explicit Player(Stage& stage)
        : stage_(stage) {}

    /// Throws: Failure when a line makes no sense; a disagreement is told in `failure()`.
    void play(const std::vector<Line>& script);

    /// The transcript with what the server did in its place among the other lines, and variables
    /// for their values.
    const std::vector<Line>& actual() const { return actual_; }

    /// The first disagreement; empty if there is none.
    const std::string& failure() const { return failure_; }

    /// True if an included line disagrees: `actual()` written anew would not mend that.
    bool included_disagrees() const { return included_disagrees_; }

private:
    using Lines = std::vector<Line>::const_iterator;

    void move(const Line& line);
    void expect(const Line& line);
    /// Plays the block that begins there; returns where its `end` stands.
    Lines play_block(Lines begin);
    std::optional<Event> happened(const Line& line);
    /// The next thing that the server did and that was not taken yet; null when there is none.
    const Event* peek();
    std::optional<Event> take();
    void take_rest(const std::string& place);
    /// Throws: Failure, which names the place.
    std::string expand(const Line& line) const;
    /// What the server did, as it stands in the place of `expected`.
    Line as_line(const Event& event, const Line& expected) const;
    void fail(const Line& line, std::string text);

    Stage& stage_;
    Variables variables_;
    /// Got from the stage and not taken yet.
    std::optional<Event> next_;
    std::vector<Line> actual_;
    std::string failure_;
    bool included_disagrees_ = false;
};

}  // namespace aml::transcript
