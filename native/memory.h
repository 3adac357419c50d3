// Memory for weights, in large pages where the system has them: a token's answer reads all weights, and small pages take longer to find.
// From the system itself, since Electron's allocator has no alignment of that size.
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

  // Zeros, aligned for every register, as long as this object exists. Throws std::bad_alloc.
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
