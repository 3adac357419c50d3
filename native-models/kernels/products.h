// Products of matrices with int8 vectors. Part of kernels.cpp: compiled once for each instruction set.
//
// Several vectors are multiplied at a time, so that codes are unpacked once for all of them. However that is done, the sums of a block
// are exact integers, and blocks are added one after another: a product has the same bits whatever the number of vectors.
#pragma once

#include <cstring>
#include <type_traits>

#include "kernels.h"
#include "maths.h"

namespace coppice {

namespace {

// The value at which a block's sum of products with 4-bit codes starts; `early`: the sum of the codes of columns 0 and 1 of each four,
// `late`: that of the others.
inline int32_t start_of(int early, int late) {
#if defined(__AVX2__) && !defined(__AVX512VNNI__)
  return int32_t(uint32_t(-8 * late) << 16 | uint16_t(-8 * early));  // lanes of 16 bits
#else
  return -8 * (early + late);
#endif
}

// A block of up to 32 numbers.
void quantise_part(const float* x, size_t count, size_t block, const Quantised& to) {
  float largest = 0;
  for (size_t i = 0; i < count; i++) largest = most(largest, std::fabs(x[i]));
  const float inverse = largest > 0 ? 127 / largest : 0;
  int8_t* codes = to.codes + block * BLOCK;
  int sums[2] = {0, 0};
  for (size_t i = 0; i < count; i++) {
    codes[i] = int8_t(std::nearbyint(x[i] * inverse));
    sums[i / 2 % 2] += codes[i];
  }
  std::memset(codes + count, 0, BLOCK - count);
  for (int i = 0; to.wide && i < BLOCK; i++) to.wide[block * BLOCK + i] = codes[i];
  to.scales[block] = largest / 127;
  to.starts[block] = start_of(sums[0], sums[1]);
}

#if defined(__AVX2__)

// The same of 32 numbers.
void quantise_whole(const float* x, size_t block, const Quantised& to) {
  const __m256 size = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
  __m256 numbers[4];
  for (int i = 0; i < 4; i++) numbers[i] = _mm256_loadu_ps(x + 8 * i);
  const auto larger = [&](int i) { return _mm256_max_ps(_mm256_and_ps(numbers[i], size), _mm256_and_ps(numbers[i + 1], size)); };
  const __m256 of_eight = _mm256_max_ps(larger(0), larger(2));
  __m128 of_few = _mm_max_ps(_mm256_castps256_ps128(of_eight), _mm256_extractf128_ps(of_eight, 1));
  of_few = _mm_max_ps(of_few, _mm_movehl_ps(of_few, of_few));
  const float largest = _mm_cvtss_f32(_mm_max_ss(of_few, _mm_movehdup_ps(of_few)));
  const __m256 inverse = _mm256_set1_ps(largest > 0 ? 127 / largest : 0);
  const auto rounded = [&](int i) { return _mm256_cvtps_epi32(_mm256_mul_ps(numbers[i], inverse)); };
  // Packing works on halves of registers, which are put in order afterwards.
  const auto packed = [&](int i) { return _mm256_permute4x64_epi64(_mm256_packs_epi32(rounded(i), rounded(i + 1)), 0xd8); };
  const __m256i first = packed(0), second = packed(2);
  if (to.wide) {
    __m256i* wide = reinterpret_cast<__m256i*>(to.wide + block * BLOCK);
    _mm256_storeu_si256(wide, first);
    _mm256_storeu_si256(wide + 1, second);
  }
  const __m256i codes = _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0xd8);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to.codes + block * BLOCK), codes);
  const __m256i sums = _mm256_madd_epi16(_mm256_add_epi16(first, second), _mm256_set1_epi16(1));
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
  to.starts[block] = start_of(_mm_cvtsi128_si32(sum), _mm_extract_epi32(sum, 1));
  to.scales[block] = largest / 127;
}

#else

void quantise_whole(const float* x, size_t block, const Quantised& to) { quantise_part(x, BLOCK, block, to); }

#endif

void quantise(const float* x, size_t columns, const Quantised& to) {
  const size_t whole = columns / BLOCK;
  for (size_t block = 0; block < whole; block++) quantise_whole(x + block * BLOCK, block, to);
  if (columns % BLOCK > 0) quantise_part(x + whole * BLOCK, columns % BLOCK, whole, to);
}

#if defined(__AVX2__)

// Four bytes.
inline int four_at(const void* x) {
  int value;
  std::memcpy(&value, x, sizeof value);
  return value;
}

#endif

#if defined(__AVX512VNNI__)

template <int BITS, int GROUPS, int VECTORS>
void multiply_tile(const Matrix& m, const Quantised& x, size_t group, float* y, size_t stride) {
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
      const __m512i start = _mm512_set1_epi32((BITS == 4 ? 1 : 16) * x.starts[v * m.blocks + block]);
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
    for (int v = 0; v < VECTORS; v++) _mm512_mask_storeu_ps(y + v * stride + row, __mmask16((1u << rows) - 1), sums[g][v]);
  }
}

template <int BITS>
void multiply_bits(const Matrix& m, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t stride) {
  size_t group = first;
  if (count == 1)  // four groups at a time, so that their chains of dependent sums overlap
    for (; group + 4 <= end; group += 4) multiply_tile<BITS, 4, 1>(m, x, group, y, stride);
  // A group's codes stay in the L1 cache meanwhile. With few vectors two groups at a time, so that there are enough chains.
  const size_t eights = count / 8 * 8, fours = count / 4 * 4, twos = count / 2 * 2;
  const auto multiply_some = [&](auto groups) {
    constexpr int GROUPS = decltype(groups)::value;
    size_t v = 0;
    for (; v < eights; v += 8)
      for (int g = 0; g < GROUPS; g++) multiply_tile<BITS, 1, 8>(m, x.from(v, m.blocks), group + g, y + v * stride, stride);
    for (; v < fours; v += 4) multiply_tile<BITS, GROUPS, 4>(m, x.from(v, m.blocks), group, y + v * stride, stride);
    for (; v < twos; v += 2) multiply_tile<BITS, GROUPS, 2>(m, x.from(v, m.blocks), group, y + v * stride, stride);
    for (; v < count; v++) multiply_tile<BITS, GROUPS, 1>(m, x.from(v, m.blocks), group, y + v * stride, stride);
  };
  for (; group + 2 <= end; group += 2) multiply_some(std::integral_constant<int, 2>());
  for (; group < end; group++) multiply_some(std::integral_constant<int, 1>());
}

#elif defined(__AVX2__)

// Keeps a value in its register: compilers would otherwise sum in trees, for which there are too few registers.
inline void keep(__m256i& value) { asm("" : "+x"(value)); }

inline __m256i load(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }

// Half a group has eight rows: one register. Products of 4-bit codes are added in 16 bits. Sums may wrap in between, but a lane's final sum
// of 16 products, including its start, is at most 16 · 8 · 127.

// Copies one number for each of a group's rows; the last group may have fewer rows.
inline void copy_group(const float* from, float* to, size_t rows) {
  if (rows < GROUP) return void(std::memcpy(to, from, rows * sizeof(float)));
  for (int half = 0; half < 2; half++) _mm256_storeu_ps(to + 8 * half, _mm256_loadu_ps(from + 8 * half));
}

// A single vector, for which reading a group takes longer than computing: codes and scales are each read in one stream, which a second
// group at the same time would disturb. 8-bit codes minus 128 take the vector's signs, so that the unsigned factor has 7 bits: sums of
// pairs are at most 2 · 127 · 128.
template <int BITS>
void multiply_lone(const Matrix& m, const Quantised& x, size_t group, float* y) {
  const size_t piece = BLOCK * GROUP * BITS / 8;
  const uint8_t* codes = m.codes + group * m.blocks * piece;
  const float* scales = m.scales + group * m.blocks * GROUP;
  const __m256i low = _mm256_set1_epi8(15), middle = _mm256_set1_epi8(char(128)), ones = _mm256_set1_epi16(1);
  __m256 sums[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  for (size_t block = 0; block < m.blocks; block++, codes += piece, scales += GROUP) {
    const int8_t* input = x.codes + block * BLOCK;
    const __m256i start = BITS == 4 ? _mm256_set1_epi32(x.starts[block]) : _mm256_setzero_si256();
    __m256i products[2] = {start, start};
    for (int j = 0; j < BITS; j++) {
      const __m256i a = _mm256_set1_epi32(four_at(input + (BITS == 4 ? 8 : 4) * j));
      const __m256i b = BITS == 4 ? _mm256_set1_epi32(four_at(input + 8 * j + 4)) : _mm256_abs_epi8(a);
      prefetch(codes + 64 * j);
      for (int half = 0; half < 2; half++) {
        const __m256i some = load(codes + 64 * j + 32 * half);
        if constexpr (BITS == 4) {
          products[half] = _mm256_add_epi16(products[half], _mm256_maddubs_epi16(_mm256_and_si256(some, low), a));
          products[half] =
              _mm256_add_epi16(products[half], _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(some, 4), low), b));
        } else {
          const __m256i pairs = _mm256_maddubs_epi16(b, _mm256_sign_epi8(_mm256_xor_si256(some, middle), a));
          products[half] = _mm256_add_epi32(products[half], _mm256_madd_epi16(pairs, ones));
        }
      }
    }
    prefetch(scales, AHEAD / piece * GROUP * sizeof(float));  // for the same block as the codes
    const __m256 scale = _mm256_set1_ps(x.scales[block]);
    for (int half = 0; half < 2; half++) {
      const __m256i whole = BITS == 4 ? _mm256_madd_epi16(products[half], ones) : products[half];
      sums[half] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole), _mm256_mul_ps(_mm256_loadu_ps(scales + 8 * half), scale), sums[half]);
    }
  }
  const size_t row = group * GROUP;
  alignas(32) float all[GROUP];
  for (int half = 0; half < 2; half++) _mm256_store_ps(all + 8 * half, sums[half]);
  copy_group(all, y + row, least<size_t>(GROUP, m.rows - row));
}

// Some blocks of a group, unpacked for many vectors. A register holds eight rows: of 4-bit codes four columns, in 8 bits each; of 8-bit codes
// two columns, in 16 bits each, whose products cannot overflow.
constexpr size_t PANEL_BLOCKS = 18;
template <int BITS>
struct Panel {
  static constexpr int COLUMNS = BITS == 4 ? 4 : 2, REGISTERS = BLOCK / COLUMNS;  // of half a group and a block
  __m256i codes[PANEL_BLOCKS][REGISTERS][2];
  const float* scales;  // [blocks][16]
  size_t first, blocks;

  Panel(const Matrix& m, size_t group, size_t first, size_t blocks) : first(first), blocks(blocks) {
    const size_t piece = BLOCK * GROUP * BITS / 8, at = group * m.blocks + first;
    scales = m.scales + at * GROUP;
    const __m256i low = _mm256_set1_epi8(15), middle = _mm256_set1_epi8(char(128));
    // Moves two of the four bytes of each lane to the upper halves of 16-bit numbers.
    const __m256i one = _mm256_set_epi8(13, 0, 12, 0, 9, 0, 8, 0, 5, 0, 4, 0, 1, 0, 0, 0, 13, 0, 12, 0, 9, 0, 8, 0, 5, 0, 4, 0, 1, 0, 0, 0);
    const __m256i other = _mm256_add_epi8(one, _mm256_set1_epi16(0x0200));
    for (size_t block = 0; block < blocks; block++)
      for (int j = 0; j < BITS; j++)
        for (int half = 0; half < 2; half++) {
          const __m256i both = load(m.codes + (at + block) * piece + 64 * j + 32 * half);
          if constexpr (BITS == 4) {
            codes[block][2 * j][half] = _mm256_and_si256(both, low);
            codes[block][2 * j + 1][half] = _mm256_and_si256(_mm256_srli_epi16(both, 4), low);
          } else {
            const __m256i numbers = _mm256_xor_si256(both, middle);
            codes[block][2 * j][half] = _mm256_srai_epi16(_mm256_shuffle_epi8(numbers, one), 8);
            codes[block][2 * j + 1][half] = _mm256_srai_epi16(_mm256_shuffle_epi8(numbers, other), 8);
          }
        }
  }
};

// Adds a panel's products with a few vectors to y [VECTORS][rows], or starts them.
template <int BITS, int VECTORS>
void multiply_panel(const Panel<BITS>& panel, const Quantised& x, size_t length, size_t rows, float* y, size_t stride) {
  alignas(64) float sums[VECTORS][GROUP];
  for (int v = 0; v < VECTORS; v++)
    for (int half = 0; half < 2; half++) _mm256_store_ps(sums[v] + 8 * half, _mm256_setzero_ps());
  if (panel.first > 0)
    for (int v = 0; v < VECTORS; v++) copy_group(y + v * stride, sums[v], rows);
  const __m256i ones = _mm256_set1_epi16(1);
  for (size_t block = 0; block < panel.blocks; block++) {
    const size_t at = panel.first + block;
    __m256i products[VECTORS][2];
    for (int v = 0; v < VECTORS; v++)
      products[v][0] = products[v][1] = BITS == 4 ? _mm256_set1_epi32(x.starts[v * length + at]) : _mm256_setzero_si256();
#pragma GCC unroll 16
    for (int j = 0; j < Panel<BITS>::REGISTERS; j++) {
      __m256i codes[2] = {panel.codes[block][j][0], panel.codes[block][j][1]};
      keep(codes[0]);
      keep(codes[1]);
      for (int v = 0; v < VECTORS; v++) {
        const size_t column = (v * length + at) * BLOCK + j * Panel<BITS>::COLUMNS;
        const __m256i input = _mm256_set1_epi32(BITS == 4 ? four_at(x.codes + column) : four_at(x.wide + column));
        for (int half = 0; half < 2; half++) {
          if constexpr (BITS == 4)
            products[v][half] = _mm256_add_epi16(products[v][half], _mm256_maddubs_epi16(codes[half], input));
          else
            products[v][half] = _mm256_add_epi32(products[v][half], _mm256_madd_epi16(codes[half], input));
          keep(products[v][half]);
        }
      }
    }
    for (int v = 0; v < VECTORS; v++) {
      const __m256 scale = _mm256_broadcast_ss(x.scales + v * length + at);
      for (int half = 0; half < 2; half++) {
        const __m256 scales = _mm256_mul_ps(_mm256_loadu_ps(panel.scales + block * GROUP + 8 * half), scale);
        const __m256i whole = BITS == 4 ? _mm256_madd_epi16(products[v][half], ones) : products[v][half];
        float* sum = sums[v] + 8 * half;
        _mm256_store_ps(sum, _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole), scales, _mm256_load_ps(sum)));
      }
    }
    asm volatile("" ::: "memory");  // keeps the sums in memory, so that registers are left for products
  }
  for (int v = 0; v < VECTORS; v++) copy_group(sums[v], y + v * stride, rows);
}

template <int BITS>
void multiply_bits(const Matrix& m, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t stride) {
  if (count == 1) {
    for (size_t group = first; group < end; group++) multiply_lone<BITS>(m, x, group, y);
    return;
  }
  const size_t parts = (m.blocks + PANEL_BLOCKS - 1) / PANEL_BLOCKS;  // of about the same size
  for (size_t group = first; group < end; group++)
    for (size_t part = 0; part < parts; part++) {
      const size_t from = m.blocks * part / parts;
      const Panel<BITS> panel(m, group, from, m.blocks * (part + 1) / parts - from);
      const size_t row = group * GROUP, rows = least<size_t>(GROUP, m.rows - row);
      size_t v = 0;
      for (; v + 4 <= count; v += 4) multiply_panel<BITS, 4>(panel, x.from(v, m.blocks), m.blocks, rows, y + v * stride + row, stride);
      for (; v + 2 <= count; v += 2) multiply_panel<BITS, 2>(panel, x.from(v, m.blocks), m.blocks, rows, y + v * stride + row, stride);
      for (; v < count; v++) multiply_panel<BITS, 1>(panel, x.from(v, m.blocks), m.blocks, rows, y + v * stride + row, stride);
    }
}

#else

template <int BITS>
void multiply_bits(const Matrix& m, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t stride) {
  for (size_t group = first; group < end; group++)
    for (size_t v = 0; v < count; v++) {
      float sums[GROUP] = {};
      for (size_t block = 0; block < m.blocks; block++) {
        const size_t at = group * m.blocks + block, in = v * m.blocks + block;
        int32_t products[GROUP];
        for (int lane = 0; lane < GROUP; lane++) products[lane] = middle_of(BITS) / 8 * x.starts[in];
        for (int i = 0; i < BLOCK; i++)
          for (int lane = 0; lane < GROUP; lane++)
            products[lane] += code_in(m.codes + at * m.piece_bytes(), BITS, lane, i) * x.codes[in * BLOCK + i];
        for (int lane = 0; lane < GROUP; lane++) sums[lane] += m.scales[at * GROUP + lane] * x.scales[in] * float(products[lane]);
      }
      std::memcpy(y + v * stride + group * GROUP, sums, least<size_t>(GROUP, m.rows - group * GROUP) * sizeof(float));
    }
}

#endif

void multiply(const Matrix& m, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t stride) {
  const auto by_bits = m.bits == 4 ? multiply_bits<4> : multiply_bits<8>;
  by_bits(m, x, count, first, end, y, stride);
}

}  // namespace

}  // namespace coppice
