// The cores of this computer.
#pragma once

namespace coppice {

// The number of cores that this process may use, each counted once however many hardware threads it has; on a hybrid processor, only
// cores of the fastest kind. 0 if the system does not report it.
int fast_cores();

}  // namespace coppice
