#include "cores.h"

#if defined(_WIN32)
#include <windows.h>

#include <algorithm>
#include <cstdint>
#include <vector>
#elif defined(__linux__)
#include <sched.h>

#include <fstream>
#include <set>
#include <string>
#include <utility>
#endif

namespace coppice {

#if defined(_WIN32)

int fast_cores() {
  using Core = SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;
  DWORD size = 0;
  GetLogicalProcessorInformationEx(RelationProcessorCore, nullptr, &size);
  std::vector<uint8_t> bytes(size);
  GROUP_AFFINITY own;
  if (size == 0 || !GetThreadGroupAffinity(GetCurrentThread(), &own) ||
      !GetLogicalProcessorInformationEx(RelationProcessorCore, reinterpret_cast<Core*>(bytes.data()), &size))
    return 0;
  int best = 0, count = 0;
  for (DWORD at = 0; at < size;) {
    const Core* core = reinterpret_cast<const Core*>(bytes.data() + at);
    at += core->Size;
    const GROUP_AFFINITY& place = core->Processor.GroupMask[0];  // a core is in one group
    if (place.Group != own.Group || (place.Mask & own.Mask) == 0) continue;
    // EfficiencyClass, the higher the faster: its second byte, which older headers of MinGW-w64 call reserved.
    const int kind = reinterpret_cast<const uint8_t*>(&core->Processor)[1];
    if (kind > best) count = 0;
    best = std::max(best, kind);
    count += kind == best;
  }
  return count;
}

#elif defined(__linux__)

namespace {

// A list such as "0-7,16"; empty without the file.
std::set<int> processors_in(const char* path) {
  std::ifstream file(path);
  std::set<int> all;
  int from;
  for (char next = ','; next == ',' && file >> from; next = char(file.get())) {
    int to = from;
    if (file.peek() == '-') file.get(), file >> to;
    for (int processor = from; processor <= to && processor < CPU_SETSIZE; processor++) all.insert(processor);
  }
  return all;
}

// A number from a processor's topology; −1 if it is unknown.
int place_of(int processor, const char* what) {
  std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(processor) + "/topology/" + what);
  int place;
  return file >> place ? place : -1;
}

}  // namespace

int fast_cores() {
  cpu_set_t own;
  CPU_ZERO(&own);
  if (sched_getaffinity(0, sizeof own, &own) != 0) return 0;
  const std::set<int> fast = processors_in("/sys/devices/cpu_core/cpus");  // of Intel's hybrid processors
  std::set<std::pair<int, int>> all, best;
  for (int processor = 0; processor < CPU_SETSIZE; processor++) {
    if (!CPU_ISSET(processor, &own)) continue;
    const std::pair<int, int> core{place_of(processor, "physical_package_id"), place_of(processor, "core_id")};
    if (core.second < 0) return 0;
    all.insert(core);
    if (fast.count(processor) > 0) best.insert(core);
  }
  return int(best.empty() ? all.size() : best.size());
}

#else

int fast_cores() { return 0; }

#endif

}  // namespace coppice
