// The cores of this computer.
#pragma once

namespace coppice {

// Cores that this process may use, each counted once however many threads it runs, of a hybrid processor only those of the fastest
// kind; 0 if the system doesn't say.
int fast_cores();

}  // namespace coppice
