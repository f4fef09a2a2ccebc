#pragma once

#include "web/message.hpp"
#include "web/router.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// ARM front door: `{"error":{"code","message"}}` with `x-ms-failure-cause: gateway`.
Refused arm_error(int status, std::string_view code, std::string_view message);

/// Common-types v3 form used by compute and workspace calls:
/// `{"error":{code,message,target,details,additionalInfo}}`.
Refused provider_error(int status,
                       std::string_view code,
                       std::string_view message,
                       json details = json::array());

/// ML resource provider (jobs, assets, datastores): `UserError` with the additionalInfo chain.
/// `inner` is the chain from outermost to innermost code, e.g. {"NotFound", "NotFoundError"}.
Refused ml_error(const Request& request,
                 int status,
                 std::string_view code,
                 std::string_view message,
                 const std::vector<std::string>& inner,
                 json details = json::array());

/// Data plane (run history, metrics, artifacts). `component` is e.g. `run-history`.
Refused data_error(const Request& request,
                   int status,
                   std::string_view code,
                   std::string_view message,
                   const std::vector<std::string>& inner,
                   std::string_view component);

/// Blob service: XML body and `x-ms-error-code`.
Refused blob_error(const Request& request,
                   int status,
                   std::string_view code,
                   std::string_view message);

/// Plain failure in the shape of the route's surface; used where no handler is involved.
Refused surface_error(const Request& request,
                      Surface surface,
                      int status,
                      std::string_view code,
                      std::string_view message);

}  // namespace aml::emulator
