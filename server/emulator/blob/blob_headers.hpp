#pragma once

#include "blob/blob_store.hpp"
#include "web/message.hpp"

namespace aml::emulator {

/// Fields that every read of a blob carries.
void add_blob_headers(Reply& reply, const Blob& blob);

/// 201 of a write: ETag, Last-Modified and the confirmation of encryption.
Reply written_reply(const Blob& blob);

/// Checks If-Match and If-None-Match. Throws: Refused with 412 ConditionNotMet, or 304 for a read.
void check_conditions(const Request& request, const Blob& blob);

/// `x-ms-meta-*` of a request as lower-case names and values.
json metadata_of(const Request& request);

}  // namespace aml::emulator
