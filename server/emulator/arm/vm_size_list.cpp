#include "arm/vm_sizes.hpp"
#include "core/text.hpp"

namespace aml::emulator {

// Sizes and list prices (East US, pay as you go) as the service showed them; prices are for show.
const std::vector<VmSize>& vm_sizes() {
    static const std::vector<VmSize> all{
        {"Standard_DS1_v2", "standardDSv2Family", 1, 0, 3.5, 7168, 0.073},
        {"Standard_DS2_v2", "standardDSv2Family", 2, 0, 7, 14336, 0.146},
        {"Standard_DS3_v2", "standardDSv2Family", 4, 0, 14, 28672, 0.293},
        {"Standard_DS4_v2", "standardDSv2Family", 8, 0, 28, 57344, 0.585},
        {"Standard_DS5_v2", "standardDSv2Family", 16, 0, 56, 114688, 1.17},
        {"Standard_DS11_v2", "standardDSv2Family", 2, 0, 14, 28672, 0.185},
        {"Standard_DS12_v2", "standardDSv2Family", 4, 0, 28, 57344, 0.371},
        {"Standard_DS13_v2", "standardDSv2Family", 8, 0, 56, 114688, 0.741},
        {"Standard_DS14_v2", "standardDSv2Family", 16, 0, 112, 229376, 1.482},
        {"Standard_D2_v2", "standardDv2Family", 2, 0, 7, 102400, 0.146},
        {"Standard_D3_v2", "standardDv2Family", 4, 0, 14, 204800, 0.293},
        {"Standard_D4_v2", "standardDv2Family", 8, 0, 28, 409600, 0.585},
        {"Standard_D2s_v3", "standardDSv3Family", 2, 0, 8, 16384, 0.096},
        {"Standard_D4s_v3", "standardDSv3Family", 4, 0, 16, 32768, 0.192},
        {"Standard_D8s_v3", "standardDSv3Family", 8, 0, 32, 65536, 0.384},
        {"Standard_D16s_v3", "standardDSv3Family", 16, 0, 64, 131072, 0.768},
        {"Standard_D32s_v3", "standardDSv3Family", 32, 0, 128, 262144, 1.536},
        {"Standard_E4s_v3", "standardESv3Family", 4, 0, 32, 65536, 0.252},
        {"Standard_E8s_v3", "standardESv3Family", 8, 0, 64, 131072, 0.504},
        {"Standard_E16s_v3", "standardESv3Family", 16, 0, 128, 262144, 1.008},
        {"Standard_E32s_v3", "standardESv3Family", 32, 0, 256, 524288, 2.016},
        {"Standard_F2s_v2", "standardFSv2Family", 2, 0, 4, 16384, 0.0846},
        {"Standard_F4s_v2", "standardFSv2Family", 4, 0, 8, 32768, 0.169},
        {"Standard_F8s_v2", "standardFSv2Family", 8, 0, 16, 65536, 0.338},
        {"Standard_F16s_v2", "standardFSv2Family", 16, 0, 32, 131072, 0.677},
        {"Standard_F32s_v2", "standardFSv2Family", 32, 0, 64, 262144, 1.353},
        {"Standard_F64s_v2", "standardFSv2Family", 64, 0, 128, 524288, 2.706},
        {"Standard_F72s_v2", "standardFSv2Family", 72, 0, 144, 589824, 3.045},
        {"Standard_NC4as_T4_v3", "standardNCASv3_T4Family", 4, 1, 28, 180224, 0.526},
        {"Standard_NC8as_T4_v3", "standardNCASv3_T4Family", 8, 1, 56, 368640, 0.752},
        {"Standard_NC16as_T4_v3", "standardNCASv3_T4Family", 16, 1, 110, 368640, 1.204},
        {"Standard_NC64as_T4_v3", "standardNCASv3_T4Family", 64, 4, 440, 2883584, 4.352},
        {"Standard_NC24ads_A100_v4", "StandardNCADSA100v4Family", 24, 1, 220, 65536, 3.673},
        {"Standard_NC48ads_A100_v4", "StandardNCADSA100v4Family", 48, 2, 440, 131072, 7.346},
        {"Standard_NC96ads_A100_v4", "StandardNCADSA100v4Family", 96, 4, 880, 262144, 14.692},
        {"Standard_ND40rs_v2", "standardNDSv2Family", 40, 8, 672, 2969600, 22.032},
        {"Standard_ND96asr_v4", "standardNDASv4_A100Family", 96, 8, 900, 6144000, 27.197},
        {"Standard_ND96amsr_A100_v4", "standardNDAMSv4_A100Family", 96, 8, 1900, 6553600, 32.77},
    };
    return all;
}

const VmSize* find_vm_size(std::string_view name) {
    for (const auto& size : vm_sizes()) {
        if (same_text(size.name, name)) return &size;
    }
    return nullptr;
}

// A pay-as-you-go subscription's defaults: plenty of general cores, few T4, no big GPUs until one
// asks for them.
const std::vector<Quota>& quotas() {
    static const std::vector<Quota> all{
        {"standardDSv2Family", "Standard DSv2 Family Cluster Dedicated vCPUs", 100},
        {"standardDv2Family", "Standard Dv2 Family Cluster Dedicated vCPUs", 100},
        {"standardDSv3Family", "Standard DSv3 Family Cluster Dedicated vCPUs", 100},
        {"standardESv3Family", "Standard ESv3 Family Cluster Dedicated vCPUs", 100},
        {"standardFSv2Family", "Standard FSv2 Family Cluster Dedicated vCPUs", 100},
        {"standardNCASv3_T4Family", "Standard NCASv3_T4 Family Cluster Dedicated vCPUs", 64},
        {"StandardNCADSA100v4Family", "Standard NCADSA100v4 Family Cluster Dedicated vCPUs", 0},
        {"standardNDSv2Family", "Standard NDSv2 Family Cluster Dedicated vCPUs", 0},
        {"standardNDASv4_A100Family", "Standard NDASv4_A100 Family Cluster Dedicated vCPUs", 0},
        {"standardNDAMSv4_A100Family", "Standard NDAMSv4_A100Family Cluster Dedicated vCPUs", 0},
    };
    return all;
}

const Quota* find_quota(std::string_view family) {
    for (const auto& quota : quotas()) {
        if (same_text(quota.family, family)) return &quota;
    }
    return nullptr;
}

}  // namespace aml::emulator
