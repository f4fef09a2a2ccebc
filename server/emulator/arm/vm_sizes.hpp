#pragma once

#include "arm/site.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// One entry of the region's list of virtual machine sizes.
struct VmSize {
    std::string_view name;
    /// As in quotas: `standardDSv2Family`.
    std::string_view family;
    int vcpus;
    int gpus;
    double memory_gb;
    int disk_mb;
    /// US dollars per hour, Linux, dedicated.
    double price;
};

const std::vector<VmSize>& vm_sizes();
/// Found without regard to case; null when there is none.
const VmSize* find_vm_size(std::string_view name);

/// A quota on cores of one family, or on all of them (`family` empty).
struct Quota {
    std::string_view family;
    /// `Standard DSv2 Family Cluster Dedicated vCPUs`.
    std::string_view display_name;
    int limit;
};

const std::vector<Quota>& quotas();
const Quota* find_quota(std::string_view family);

/// Cores in use by family: nodes that clusters of the location hold now, and instances that are not
/// stopped. `clusters` has the number of computes.
std::map<std::string, int> cores_in_use(Site& site,
                                        std::string_view subscription,
                                        std::string_view location);

/// Sizes, usages and quotas of a location. Source: VirtualMachineSizes, Usages, Quotas, 2025-12-01
/// and 2024-04-01.
class Capacity final {
public:
    explicit Capacity(Site& site)
        : site_(site) {}

    void add_routes();

private:
    Reply sizes(const Request& request);
    Reply usages(const Request& request);
    Reply list_quotas(const Request& request);

    Site& site_;
};

}  // namespace aml::emulator
