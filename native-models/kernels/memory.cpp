#include "memory.h"

#include <algorithm>
#include <new>

#if defined(_WIN32)
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace coppice {

namespace {

constexpr size_t ALIGNMENT = 64, LARGE_PAGE = size_t(1) << 21, PIECE = size_t(1) << 25;

size_t up_to(size_t size, size_t whole) { return (size + whole - 1) / whole * whole; }

}  // namespace

uint8_t* Memory::zeroed(size_t bytes) {
  const size_t needed = up_to(bytes, ALIGNMENT);
  if (needed > free_bytes) {
    const size_t size = up_to(std::max(needed, PIECE), LARGE_PAGE) + LARGE_PAGE;
#if defined(_WIN32)
    void* made = VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!made) throw std::bad_alloc();
#else
    void* made = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) throw std::bad_alloc();
#endif
    pieces.push_back({static_cast<uint8_t*>(made), size});
    free_from = reinterpret_cast<uint8_t*>(up_to(reinterpret_cast<uintptr_t>(made), LARGE_PAGE));
    free_bytes = size - LARGE_PAGE;
#if defined(__linux__)
    madvise(free_from, free_bytes, MADV_HUGEPAGE);
#endif
  }
  uint8_t* given = free_from;
  free_from += needed;
  free_bytes -= needed;
  return given;
}

Memory::~Memory() {
  for (const Piece& piece : pieces) {
#if defined(_WIN32)
    VirtualFree(piece.bytes, 0, MEM_RELEASE);
#else
    munmap(piece.bytes, piece.size);
#endif
  }
}

}  // namespace coppice
