// Memory for weights, in large pages if the system has them: every token reads all weights, and small pages cause more TLB misses.
// Allocated from the system itself, since Electron's allocator does not support alignments of that size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace coppice {

class Memory {
 public:
  Memory() = default;
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // Zeroed memory, aligned for every vector register, valid as long as this object exists. Throws std::bad_alloc.
  uint8_t* zeroed(size_t bytes);

 private:
  struct Piece {
    uint8_t* bytes;
    size_t size;
  };
  std::vector<Piece> pieces;
  uint8_t* free_from = nullptr;
  size_t free_bytes = 0;
};

}  // namespace coppice
