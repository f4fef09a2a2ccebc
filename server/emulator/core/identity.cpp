#include "core/identity.hpp"

#include "core/digest.hpp"

namespace aml::emulator {

Identity load_identity(Store& store, Random& random) {
    Transaction transaction(store);
    const auto keep = [&](const char* name, std::string fresh) {
        if (auto known = store.fact(name)) return *known;
        store.set_fact(name, fresh);
        return fresh;
    };
    Identity identity;
    identity.tenant_id = keep("tenant_id", random.uuid());
    identity.client_id = keep("client_id", random.uuid());
    identity.client_secret = keep("client_secret", "emu~" + base64url_encode(random_bytes(27)));
    identity.application_object_id = keep("application_object_id", random.uuid());
    identity.user_object_id = keep("user_object_id", random.uuid());
    identity.user_principal_name = "demo@emulator.example";
    identity.subscription_id = keep("subscription_id", random.uuid());
    identity.resource_group = keep("resource_group", "demo-rg");
    identity.workspace = keep("workspace", "demo-workspace");
    identity.location = keep("location", "eastus2");
    transaction.commit();
    return identity;
}

}  // namespace aml::emulator
