// Products of matrices with vectors of 8 bits. A part of kernels.cpp: compiled once for each set of instructions.
//
// A tile has the rows of some groups and a few vectors, so that codes are taken apart once for all of them. Whatever its shape, the sums
// of a block are exact integers, and blocks are added one after another: a product has the same bits in every tile.
#pragma once

#include <cstring>

#include "kernels.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace coppice {

namespace {

// Not std::min and std::max: a linker would keep one copy of those, which may be that for instructions that a processor lacks.
template <typename T>
inline T least(T a, T b) {
  return a < b ? a : b;
}

#if defined(__AVX2__)

inline int four_at(const int8_t* x) {
  int value;
  std::memcpy(&value, x, sizeof value);
  return value;
}

#endif

#if defined(__AVX512VNNI__)

template <int BITS, int GROUPS, int VECTORS>
void multiply_tile(const Matrix& m, const Quantised& x, size_t group, float* y, size_t apart) {
  const size_t piece = BLOCK * GROUP * BITS / 8, length = m.blocks * BLOCK;
  const uint8_t* codes[GROUPS];
  const float* scales[GROUPS];
  __m512 sums[GROUPS][VECTORS];
  for (int g = 0; g < GROUPS; g++) {
    codes[g] = m.codes + (group + g) * m.blocks * piece;
    scales[g] = m.scales + (group + g) * m.blocks * GROUP;
    for (int v = 0; v < VECTORS; v++) sums[g][v] = _mm512_setzero_ps();
  }
  const __m512i low = _mm512_set1_epi8(15);
  for (size_t block = 0; block < m.blocks; block++) {
    const int8_t* input = x.codes + block * BLOCK;
    __m512i products[GROUPS][VECTORS];
    for (int v = 0; v < VECTORS; v++) {
      const __m512i start = _mm512_set1_epi32(-(BITS == 4 ? 8 : 128) * x.sums[v * m.blocks + block]);
      for (int g = 0; g < GROUPS; g++) products[g][v] = start;
    }
    for (int j = 0; j < BITS; j++)
      for (int g = 0; g < GROUPS; g++) {
        const __m512i loaded = _mm512_loadu_si512(codes[g] + block * piece + 64 * j);
        const __m512i first = BITS == 4 ? _mm512_and_si512(loaded, low) : loaded;
        const __m512i second = BITS == 4 ? _mm512_and_si512(_mm512_srli_epi16(loaded, 4), low) : loaded;
        for (int v = 0; v < VECTORS; v++) {
          const int8_t* at = input + v * length + (BITS == 4 ? 8 : 4) * j;
          products[g][v] = _mm512_dpbusd_epi32(products[g][v], first, _mm512_set1_epi32(four_at(at)));
          if (BITS == 4) products[g][v] = _mm512_dpbusd_epi32(products[g][v], second, _mm512_set1_epi32(four_at(at + 4)));
        }
      }
    for (int v = 0; v < VECTORS; v++) {
      const __m512 scale = _mm512_set1_ps(x.scales[v * m.blocks + block]);
      for (int g = 0; g < GROUPS; g++)
        sums[g][v] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[g][v]),
                                     _mm512_mul_ps(_mm512_loadu_ps(scales[g] + block * GROUP), scale), sums[g][v]);
    }
  }
  for (int g = 0; g < GROUPS; g++) {
    const size_t row = (group + g) * GROUP, rows = least<size_t>(GROUP, m.rows - row);
    for (int v = 0; v < VECTORS; v++) _mm512_mask_storeu_ps(y + v * apart + row, __mmask16((1u << rows) - 1), sums[g][v]);
  }
}

// One vector meets four groups at a time, whose chains of sums overlap.
constexpr int LONE_GROUPS = 4, TILE_VECTORS = 8;

#elif defined(__AVX2__)

// Keeps a value in its register: compilers would else sum in trees, for which there are too few registers.
inline void keep(__m256i& value) { asm("" : "+x"(value)); }

// The products of two groups of columns with four codes each are exact: unsigned times signed, in pairs of 16 bits. Pairs of 4-bit codes are
// 2 · 15 · 127 at most, so that those of a block also fit. 8-bit codes minus 128 take the vector's signs, so that the unsigned factor
// has 7 bits: 2 · 127 · 128 at most.
template <int BITS, int GROUPS, int VECTORS>
void multiply_tile(const Matrix& m, const Quantised& x, size_t group, float* y, size_t apart) {
  constexpr int HALVES = 2 * GROUPS;
  const size_t piece = BLOCK * GROUP * BITS / 8, length = m.blocks * BLOCK;
  alignas(32) float sums[VECTORS][HALVES][8] = {};
  const __m256i low = _mm256_set1_epi8(15), middle = _mm256_set1_epi8(char(128)), ones = _mm256_set1_epi16(1);
  for (size_t block = 0; block < m.blocks; block++) {
    const int8_t* input = x.codes + block * BLOCK;
    __m256i products[VECTORS][HALVES];
    for (int v = 0; v < VECTORS; v++)
      for (int h = 0; h < HALVES; h++) products[v][h] = _mm256_setzero_si256();
    for (int j = 0; j < BITS; j++) {
      __m256i first[HALVES], second[HALVES];
      for (int h = 0; h < HALVES; h++) {
        const uint8_t* codes = m.codes + ((group + h / 2) * m.blocks + block) * piece + 64 * j + 32 * (h % 2);
        const __m256i loaded = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
        first[h] = BITS == 4 ? _mm256_and_si256(loaded, low) : _mm256_xor_si256(loaded, middle);
        if (BITS == 4) second[h] = _mm256_and_si256(_mm256_srli_epi16(loaded, 4), low);
      }
      for (int v = 0; v < VECTORS; v++) {
        const int8_t* at = input + v * length + (BITS == 4 ? 8 : 4) * j;
        const __m256i a = _mm256_set1_epi32(four_at(at));
        if constexpr (BITS == 4) {
          const __m256i b = _mm256_set1_epi32(four_at(at + 4));
          for (int h = 0; h < HALVES; h++) {
            products[v][h] = _mm256_add_epi16(products[v][h], _mm256_maddubs_epi16(first[h], a));
            keep(products[v][h]);
            products[v][h] = _mm256_add_epi16(products[v][h], _mm256_maddubs_epi16(second[h], b));
            keep(products[v][h]);
          }
        } else {
          const __m256i size = _mm256_abs_epi8(a);
          for (int h = 0; h < HALVES; h++) {
            const __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(first[h], a));
            products[v][h] = _mm256_add_epi32(products[v][h], _mm256_madd_epi16(pairs, ones));
            keep(products[v][h]);
          }
        }
      }
    }
    for (int v = 0; v < VECTORS; v++) {
      const __m256 scale = _mm256_broadcast_ss(x.scales + v * m.blocks + block);
      const __m256i start = _mm256_set1_epi32(-8 * x.sums[v * m.blocks + block]);
      for (int h = 0; h < HALVES; h++) {
        const float* scales = m.scales + ((group + h / 2) * m.blocks + block) * GROUP + 8 * (h % 2);
        const __m256i whole = BITS == 4 ? _mm256_add_epi32(_mm256_madd_epi16(products[v][h], ones), start) : products[v][h];
        const __m256 sum = _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole), _mm256_mul_ps(_mm256_loadu_ps(scales), scale),
                                           _mm256_load_ps(sums[v][h]));
        _mm256_store_ps(sums[v][h], sum);
      }
    }
    asm volatile("" ::: "memory");  // sums stay in memory, and registers are left for products
  }
  for (int v = 0; v < VECTORS; v++)
    for (int g = 0; g < GROUPS; g++) {
      const size_t row = (group + g) * GROUP;
      std::memcpy(y + v * apart + row, sums[v][2 * g], least<size_t>(GROUP, m.rows - row) * sizeof(float));
    }
}

// One vector meets two groups at a time, whose chains of sums overlap.
constexpr int LONE_GROUPS = 2, TILE_VECTORS = 4;

#else

template <int BITS, int GROUPS, int VECTORS>
void multiply_tile(const Matrix& m, const Quantised& x, size_t first, float* y, size_t apart) {
  for (size_t group = first; group < first + GROUPS; group++)
    for (size_t v = 0; v < VECTORS; v++) {
      float sums[GROUP] = {};
      for (size_t block = 0; block < m.blocks; block++) {
        const size_t at = group * m.blocks + block, in = v * m.blocks + block;
        int32_t products[GROUP];
        for (int lane = 0; lane < GROUP; lane++) products[lane] = -middle_of(BITS) * x.sums[in];
        for (int i = 0; i < BLOCK; i++)
          for (int lane = 0; lane < GROUP; lane++)
            products[lane] += code_in(m.codes + at * m.piece_bytes(), BITS, lane, i) * x.codes[in * BLOCK + i];
        for (int lane = 0; lane < GROUP; lane++) sums[lane] += m.scales[at * GROUP + lane] * x.scales[in] * float(products[lane]);
      }
      std::memcpy(y + v * apart + group * GROUP, sums, least<size_t>(GROUP, m.rows - group * GROUP) * sizeof(float));
    }
}

constexpr int LONE_GROUPS = 1, TILE_VECTORS = 1;

#endif

template <int BITS>
void multiply_bits(const Matrix& m, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t apart) {
  size_t group = first;
  if (count == 1)
    for (; group + LONE_GROUPS <= end; group += LONE_GROUPS) multiply_tile<BITS, LONE_GROUPS, 1>(m, x, group, y, apart);
  for (; group < end; group++) {  // whose codes stay in the nearest cache meanwhile
    size_t v = 0;
    for (; v + TILE_VECTORS <= count; v += TILE_VECTORS)
      multiply_tile<BITS, 1, TILE_VECTORS>(m, x.from(v, m.blocks), group, y + v * apart, apart);
    for (; v < count; v++) multiply_tile<BITS, 1, 1>(m, x.from(v, m.blocks), group, y + v * apart, apart);
  }
}

void multiply(const Matrix& m, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t apart) {
  const auto by_bits = m.bits == 4 ? multiply_bits<4> : multiply_bits<8>;
  by_bits(m, x, count, first, end, y, apart);
}

}  // namespace

}  // namespace coppice
