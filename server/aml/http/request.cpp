#include "http/request.hpp"

namespace aml::http {

std::string_view to_string(Method method) {
    switch (method) {
        case Method::Get:
            return "GET";
        case Method::Head:
            return "HEAD";
        case Method::Put:
            return "PUT";
        case Method::Post:
            return "POST";
        case Method::Patch:
            return "PATCH";
        case Method::Delete:
            return "DELETE";
    }
    return "GET";
}

void accept_json(Request& request) {
    request.headers.set("Accept", "application/json");
    request.headers.set("Accept-Encoding", "gzip");
}

bool succeeded(const Response& response) {
    return response.status >= 200 && response.status < 300;
}

}  // namespace aml::http
