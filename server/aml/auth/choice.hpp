#pragma once

#include "auth/method.hpp"
#include "http/credential.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aml::auth {

/// Asks the ways to sign in, in order, until one works, and stays with that one.
class Choice final : public http::Credential {
public:
    struct Way {
        Method method;
        /// Why it cannot be used here; empty when it can.
        std::string unavailable{};
        std::unique_ptr<http::Credential> credential{};
        /// Forgets what the way itself keeps; may be empty.
        std::function<void()> sign_out{};
        /// Forgets why it failed the last time; may be empty.
        std::function<void()> ask_again{};
    };

    /// `method` other than Auto uses that way only.
    Choice(std::vector<Way> ways, Method method);

    /// Throws: NotSignedIn naming each way that was passed over and why; what the way in use
    /// throws. A way that fails for another reason than a missing sign-in is not passed over,
    /// except that neither the Azure CLI nor the machine's identity holds up the others.
    asio::awaitable<http::AccessToken> token(http::TokenRequest request,
                                             std::stop_token stop) override;

    void sign_out();

    /// The user wants to know it now: what has failed before is tried again.
    void ask_again();

    /// The way in use; empty before the first token.
    std::optional<Method> chosen() const;

    /// One sentence for each way that was tried or looked at before, in order.
    const std::vector<std::string>& passed_over() const { return passed_over_; }

private:
    bool considered(const Way& way) const {
        return method_ == Method::Auto || way.method == method_;
    }

    std::vector<Way> ways_;
    Method method_;
    // Index into ways_.
    std::optional<std::size_t> chosen_;
    std::vector<std::string> passed_over_;
    int sign_outs_ = 0;
};

}  // namespace aml::auth
