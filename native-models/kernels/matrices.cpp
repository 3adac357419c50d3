// The layout of matrices, and the choice of kernels.
#include <cstring>

#include "kernels.h"

namespace coppice {

extern const Kernels kernels_portable;
#ifdef COPPICE_X64
extern const Kernels kernels_avx2;
extern const Kernels kernels_avx512;
#endif

const Kernels* kernels_named(const char* name) {
#ifdef COPPICE_X64
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (has_avx512 && (!name || std::strcmp(name, kernels_avx512.name) == 0)) return &kernels_avx512;
  if (has_avx2 && (!name || std::strcmp(name, kernels_avx2.name) == 0)) return &kernels_avx2;
#endif
  return !name || std::strcmp(name, kernels_portable.name) == 0 ? &kernels_portable : nullptr;
}

void read_row(const Matrix& m, const Matrix* low, size_t row, float* to) {
  const size_t lane = row % GROUP;
  for (size_t column = 0; column < m.columns; column++) {
    const size_t at = row / GROUP * m.blocks + column / BLOCK, i = column % BLOCK;
    const auto number = [&](const Matrix& of) {
      return of.scales[at * GROUP + lane] * float(code_in(of.codes + at * of.piece_bytes(), of.bits, lane, i) - middle_of(of.bits));
    };
    to[column] = low ? 16 * number(m) + number(*low) : number(m);
  }
}

void pack(const uint8_t* codes, const float* scales, size_t first, size_t end, Matrix& to) {
  const size_t block_bytes = BLOCK * to.bits / 8;
  for (size_t row = first; row < end; row++)
    for (size_t block = 0; block < to.blocks; block++) {
      const size_t at = row / GROUP * to.blocks + block, lane = row % GROUP;
      const size_t given = (row - first) * to.blocks + block;
      const uint8_t* from = codes + given * block_bytes;
      uint8_t* piece = to.codes + at * to.piece_bytes() + lane * 4;
      if (scales) to.scales[at * GROUP + lane] = scales[given];
      if (to.bits == 8) {
        for (int j = 0; j < 8; j++) std::memcpy(piece + 64 * j, from + 4 * j, 4);
        continue;
      }
      for (int j = 0; j < 4; j++) {  // MatMulNBits stores neighbours in one byte, the earlier one in the low half
        const uint8_t *s = from + 4 * j, packed[4] = {
            uint8_t((s[0] & 15) | (s[2] << 4)), uint8_t((s[0] >> 4) | (s[2] & 0xf0)),
            uint8_t((s[1] & 15) | (s[3] << 4)), uint8_t((s[1] >> 4) | (s[3] & 0xf0))};
        std::memcpy(piece + 64 * j, packed, 4);
      }
    }
}

}  // namespace coppice
