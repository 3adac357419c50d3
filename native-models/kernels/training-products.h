// The products of training-loops.cpp: in f32, and of int8 matrices with rows of one or two int8 numbers per activation.
#pragma once

#include <cstring>

#include "maths.h"
#include "training.h"

namespace coppice {

namespace {

#if defined(__AVX512F__)
#define NUMBERS "f32 in vectors of 16"
constexpr size_t WIDTH = 16;
constexpr int TILE_ROWS = 8, TILE_VECTORS = 3;
#elif defined(__AVX2__)
#define NUMBERS "f32 in vectors of 8"
constexpr size_t WIDTH = 8;
constexpr int TILE_ROWS = 4, TILE_VECTORS = 3;
#else
#define NUMBERS "f32 in vectors of 4"
constexpr size_t WIDTH = 4;
constexpr int TILE_ROWS = 2, TILE_VECTORS = 4;
#endif

typedef float Vector __attribute__((vector_size(WIDTH * sizeof(float))));

inline Vector load(const float* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

inline void store(const Vector& v, float* to) { std::memcpy(to, &v, sizeof v); }

// Element (i, k) is at[i · row + k · column].
struct Strided {
  const float* at;
  size_t row, column;
};

template <int ROWS_, int VECTORS>
inline void product_tile(const Strided& a, size_t depth, const float* b, size_t b_stride, float* c, size_t c_stride, bool adds) {
  Vector sums[ROWS_][VECTORS];
  for (int r = 0; r < ROWS_; r++)
    for (int v = 0; v < VECTORS; v++) sums[r][v] = adds ? load(c + r * c_stride + v * WIDTH) : Vector{};
  for (size_t k = 0; k < depth; k++) {
    Vector of_b[VECTORS];
    for (int v = 0; v < VECTORS; v++) of_b[v] = load(b + k * b_stride + v * WIDTH);
    for (int r = 0; r < ROWS_; r++) {
      const float x = a.at[r * a.row + k * a.column];
      for (int v = 0; v < VECTORS; v++) sums[r][v] += x * of_b[v];
    }
  }
  for (int r = 0; r < ROWS_; r++)
    for (int v = 0; v < VECTORS; v++) store(sums[r][v], c + r * c_stride + v * WIDTH);
}

template <int VECTORS>
void product_columns(Strided a, size_t rows, size_t depth, const float* b, size_t b_stride, float* c, size_t c_stride, bool adds) {
  size_t r = 0;
  for (; r + TILE_ROWS <= rows; r += TILE_ROWS, a.at += TILE_ROWS * a.row)
    product_tile<TILE_ROWS, VECTORS>(a, depth, b, b_stride, c + r * c_stride, c_stride, adds);
  for (; r < rows; r++, a.at += a.row) product_tile<1, VECTORS>(a, depth, b, b_stride, c + r * c_stride, c_stride, adds);
}

// c = a·b, or c += a·b: a [rows, depth], b [depth, columns], columns in whole lanes. An element is one sum in the order of k.
void product(const Strided& a, size_t rows, size_t depth, const float* b, size_t b_stride, size_t columns, float* c, size_t c_stride,
             bool adds) {
  constexpr size_t WIDE = TILE_VECTORS * WIDTH;
  size_t column = 0;
  for (; column + WIDE <= columns; column += WIDE)
    product_columns<TILE_VECTORS>(a, rows, depth, b + column, b_stride, c + column, c_stride, adds);
  for (; column < columns; column += WIDTH) product_columns<1>(a, rows, depth, b + column, b_stride, c + column, c_stride, adds);
}

// y = x·M, or y += x·M, with the panels of M [depth, columns].
void multiply_panels(const float* x, size_t stride, size_t tokens, size_t depth, const float* panels, size_t columns, float* y, bool adds) {
  for (size_t first = 0; first < columns; first += PANEL) {
    const size_t width = least(PANEL, columns - first);
    product({x, stride, 1}, tokens, depth, panels + first * depth, width, width, y + first, columns, adds);
  }
}

// Rows in int8: (codes + further codes / 254) · scale. Padded with zeros to whole ROWS and to `depth`.
struct RoundedRows {
  size_t tokens, depth;
  int terms;
  int8_t* codes;    // [terms][padded tokens][depth]
  float* scales;    // [padded tokens]
  int32_t* starts;  // [terms][padded tokens]: −128 · Σ codes, since a matrix's codes are unsigned

  size_t padded_tokens() const { return padded(tokens, ROWS); }
};

constexpr float FINER = 254;  // the rounding error is at most half a unit

#if defined(__AVX512F__)

// Rounds 16 numbers to the nearest and returns what is left.
inline __m512 round_sixteen(__m512 units, int8_t* codes, __m512i& sum) {
  const __m512i whole = _mm512_cvtps_epi32(units);
  sum = _mm512_add_epi32(sum, whole);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(codes), _mm512_cvtsepi32_epi8(whole));
  return _mm512_sub_ps(units, _mm512_cvtepi32_ps(whole));
}

void round_row(const float* x, size_t size, float inverse, int terms, int8_t* codes, int8_t* further, int32_t* sums) {
  __m512i all[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
  for (size_t i = 0; i < size; i += 16) {
    const __m512 rest = round_sixteen(_mm512_mul_ps(_mm512_loadu_ps(x + i), _mm512_set1_ps(inverse)), codes + i, all[0]);
    if (terms == 2) round_sixteen(_mm512_mul_ps(rest, _mm512_set1_ps(FINER)), further + i, all[1]);
  }
  for (int term = 0; term < 2; term++) sums[term] = _mm512_reduce_add_epi32(all[term]);
}

#else

void round_row(const float* x, size_t size, float inverse, int terms, int8_t* codes, int8_t* further, int32_t* sums) {
  int32_t first = 0, second = 0;
  for (size_t i = 0; i < size; i++) {
    const float units = x[i] * inverse, whole = std::nearbyint(units);
    codes[i] = int8_t(int32_t(whole));
    first += int32_t(whole);
    if (terms == 1) continue;
    const int32_t finer = int32_t(std::nearbyint((units - whole) * FINER));
    further[i] = int8_t(finer);
    second += finer;
  }
  sums[0] = first;
  sums[1] = second;
}

#endif

// x [tokens, stride], of which `width` numbers count and the rest up to the lanes' end is zero.
RoundedRows round_rows(const float* x, size_t stride, size_t tokens, size_t width, int terms, Scratch& scratch) {
  RoundedRows to{tokens, padded(width, DEPTH), terms, nullptr, nullptr, nullptr};
  const size_t rows = to.padded_tokens(), size = padded(width);
  to.codes = scratch.take<int8_t>(terms * rows * to.depth);
  to.scales = scratch.take<float>(rows);
  to.starts = scratch.take<int32_t>(2 * rows);
  for (size_t t = 0; t < rows; t++) {
    int8_t *codes = to.codes + t * to.depth, *further = to.codes + (rows + t) * to.depth;
    to.scales[t] = 0;
    int32_t sums[2] = {0, 0};
    size_t written = 0;
    if (t < tokens) {
      const float* row = x + t * stride;
      const Vector zero = {};
      Vector most_of = {};
      for (size_t i = 0; i < size; i += WIDTH) {
        const Vector v = load(row + i), magnitude = v < zero ? -v : v;
        most_of = magnitude > most_of ? magnitude : most_of;
      }
      float largest = 1e-30f;
      for (size_t i = 0; i < WIDTH; i++) largest = most(most_of[i], largest);
      round_row(row, size, 127 / largest, terms, codes, further, sums);
      to.scales[t] = largest / 127;
      written = size;
    }
    std::memset(codes + written, 0, to.depth - written);
    if (terms == 2) std::memset(further + written, 0, to.depth - written);
    for (int term = 0; term < 2; term++) to.starts[term * rows + t] = -128 * sums[term];
  }
  return to;
}

// y [16 outputs of a group] of one token, from its sums of products with each term.
inline void finish_sums(const RoundedRows& x, size_t token, const Int8Matrix& m, size_t group, const int32_t* sums, const int32_t* finer,
                        float* y, bool adds) {
  const float* scales = m.scales + group * LANES;
#if defined(__AVX512F__)
  const __m512 scale = _mm512_loadu_ps(scales);
  __m512 whole = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_loadu_si512(sums)), scale);
  if (finer) whole = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_loadu_si512(finer)), _mm512_mul_ps(scale, _mm512_set1_ps(1 / FINER)), whole);
  const __m512 row = _mm512_set1_ps(x.scales[token]);
  _mm512_storeu_ps(y, adds ? _mm512_fmadd_ps(whole, row, _mm512_loadu_ps(y)) : _mm512_mul_ps(whole, row));
#else
  for (size_t i = 0; i < LANES; i++) {
    float whole = float(sums[i]) * scales[i];
    if (finer) whole += float(finer[i]) * (scales[i] * (1 / FINER));
    y[i] = (adds ? y[i] : 0) + whole * x.scales[token];
  }
#endif
}

#if defined(__AMX_INT8__)

struct alignas(64) TileShapes {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// Tiles 0 to 3: sums of 16 rows and 16 outputs each; 4 and 5: rows; 6 and 7: two groups of outputs. With two terms, the second rows are the
// further codes of the first.
void multiply_groups(const RoundedRows& x, const Int8Matrix& m, size_t group, bool is_pair, float* y, size_t stride, bool adds) {
  const size_t depth = x.depth, rows = x.padded_tokens(), step = x.terms == 2 ? 16 : 32;
  const uint8_t *codes = m.codes + group * depth * LANES, *next = is_pair ? codes + depth * LANES : codes;
  alignas(64) int32_t sums[4][16][LANES];
  for (size_t first = 0; first < x.tokens; first += step) {
    const int8_t *above = x.codes + first * depth, *below = above + (x.terms == 2 ? rows : 16) * depth;
    const int32_t *starts_above = x.starts + first, *starts_below = starts_above + (x.terms == 2 ? rows : 16);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (size_t k = 0; k < depth; k += 64) {
      _tile_loadd(4, above + k, depth);
      _tile_loadd(6, codes + k * LANES, 64);
      _tile_dpbsud(0, 4, 6);
      _tile_loadd(5, below + k, depth);
      _tile_dpbsud(2, 5, 6);
      _tile_loadd(7, next + k * LANES, 64);
      _tile_dpbsud(1, 4, 7);
      _tile_dpbsud(3, 5, 7);
    }
    _tile_stored(0, sums[0], 64);
    _tile_stored(1, sums[1], 64);
    _tile_stored(2, sums[2], 64);
    _tile_stored(3, sums[3], 64);
    const auto started = [](int32_t* from, int32_t start) {
      _mm512_store_si512(from, _mm512_add_epi32(_mm512_load_si512(from), _mm512_set1_epi32(start)));
      return from;
    };
    for (size_t g = 0; g < (is_pair ? 2 : 1); g++)
      for (size_t t = 0; t < least<size_t>(step, x.tokens - first); t++) {
        float* to = y + (first + t) * stride + (group + g) * LANES;
        if (x.terms == 2) {
          const int32_t* own = started(sums[g][t], starts_above[t]);
          finish_sums(x, first + t, m, group + g, own, started(sums[2 + g][t], starts_below[t]), to, adds);
        } else {
          finish_sums(x, first + t, m, group + g, started(sums[t / 16 * 2 + g][t % 16], starts_above[t]), nullptr, to, adds);
        }
      }
  }
}

void multiply(const RoundedRows& x, const Int8Matrix& m, float* y, size_t stride, bool adds) {
  static const TileShapes shapes;
  _tile_loadconfig(&shapes);
  size_t group = 0;
  for (; group + 2 <= m.groups(); group += 2) multiply_groups(x, m, group, true, y, stride, adds);
  if (group < m.groups()) multiply_groups(x, m, group, false, y, stride, adds);
  _tile_release();
}

#elif defined(__AVX512VNNI__) || defined(__AVXVNNI__)

#if defined(__AVX512VNNI__)
typedef __m512i Codes;
typedef int32_t Sums __attribute__((vector_size(64)));
constexpr int TILE_TOKENS = 8, TILE_GROUPS = 3;
inline Codes codes_at(const uint8_t* from) { return _mm512_loadu_si512(from); }
inline Codes everywhere(int32_t value) { return _mm512_set1_epi32(value); }
inline Sums add_products(Sums sum, Codes unsigned_codes, Codes signed_codes) {
  return Sums(_mm512_dpbusd_epi32(Codes(sum), unsigned_codes, signed_codes));
}
#else
typedef __m256i Codes;
typedef int32_t Sums __attribute__((vector_size(32)));
constexpr int TILE_TOKENS = 4, TILE_GROUPS = 1;
inline Codes codes_at(const uint8_t* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
inline Codes everywhere(int32_t value) { return _mm256_set1_epi32(value); }
inline Sums add_products(Sums sum, Codes unsigned_codes, Codes signed_codes) {
  return Sums(_mm256_dpbusd_avx_epi32(Codes(sum), unsigned_codes, signed_codes));
}
#endif
constexpr int PARTS = 64 / sizeof(Codes);  // of a group

// TERMS · TOKENS rows by GROUPS groups.
template <int TERMS, int TOKENS, int GROUPS>
void multiply_tile(const RoundedRows& x, size_t first, const Int8Matrix& m, size_t group, float* y, size_t stride, bool adds) {
  const size_t depth = x.depth, rows = x.padded_tokens();
  const int8_t* from = x.codes + first * depth;
  const uint8_t* codes = m.codes + group * depth * LANES;
  constexpr int ALL = TERMS * TOKENS, VECTORS = GROUPS * PARTS;
  Sums sums[ALL][VECTORS];
#pragma GCC unroll 8  // otherwise the sums would be kept in memory
  for (int r = 0; r < ALL; r++)
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; v++) sums[r][v] = Sums{} + x.starts[r / TOKENS * rows + first + r % TOKENS];
  for (size_t k = 0; k < depth; k += 4) {
    Codes of_group[VECTORS];
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; v++) of_group[v] = codes_at(codes + (v / PARTS * depth + k) * LANES + v % PARTS * sizeof(Codes));
#pragma GCC unroll 8
    for (int r = 0; r < ALL; r++) {
      int32_t four;
      std::memcpy(&four, from + (r / TOKENS * rows + r % TOKENS) * depth + k, sizeof four);
      const Codes numbers = everywhere(four);
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) sums[r][v] = add_products(sums[r][v], of_group[v], numbers);
    }
  }
  alignas(64) int32_t stored[2][LANES];
#pragma GCC unroll 8
  for (int t = 0; t < TOKENS; t++)
#pragma GCC unroll 8
    for (int g = 0; g < GROUPS; g++) {
#pragma GCC unroll 2
      for (int term = 0; term < TERMS; term++)
#pragma GCC unroll 2
        for (int part = 0; part < PARTS; part++)
          std::memcpy(stored[term] + part * LANES / PARTS, &sums[term * TOKENS + t][g * PARTS + part], sizeof(Sums));
      finish_sums(x, first + t, m, group + g, stored[0], TERMS == 2 ? stored[1] : nullptr, y + (first + t) * stride + (group + g) * LANES,
                  adds);
    }
}

template <int TERMS, int GROUPS>
void multiply_groups(const RoundedRows& x, const Int8Matrix& m, size_t group, float* y, size_t stride, bool adds) {
  constexpr int TOKENS = TILE_TOKENS / TERMS;
  size_t t = 0;
  for (; t + TOKENS <= x.tokens; t += TOKENS) multiply_tile<TERMS, TOKENS, GROUPS>(x, t, m, group, y, stride, adds);
  for (; t < x.tokens; t++) multiply_tile<TERMS, 1, GROUPS>(x, t, m, group, y, stride, adds);
}

void multiply(const RoundedRows& x, const Int8Matrix& m, float* y, size_t stride, bool adds) {
  size_t group = 0;
  for (; group + TILE_GROUPS <= m.groups(); group += TILE_GROUPS)
    (x.terms == 2 ? multiply_groups<2, TILE_GROUPS> : multiply_groups<1, TILE_GROUPS>)(x, m, group, y, stride, adds);
  for (; group < m.groups(); group++) (x.terms == 2 ? multiply_groups<2, 1> : multiply_groups<1, 1>)(x, m, group, y, stride, adds);
}

#else

void multiply(const RoundedRows& x, const Int8Matrix& m, float* y, size_t stride, bool adds) {
  const size_t rows = x.padded_tokens();
  for (size_t group = 0; group < m.groups(); group++)
    for (size_t t = 0; t < x.tokens; t++) {
      int32_t sums[2][LANES];
      for (int term = 0; term < x.terms; term++) {
        const int8_t* numbers = x.codes + (term * rows + t) * x.depth;
        const uint8_t* codes = m.codes + group * x.depth * LANES;
        for (size_t lane = 0; lane < LANES; lane++) sums[term][lane] = x.starts[term * rows + t];
        for (size_t k = 0; k < x.depth; k++)
          for (size_t lane = 0; lane < LANES; lane++) sums[term][lane] += int32_t(codes[k / 4 * 64 + lane * 4 + k % 4]) * numbers[k];
      }
      finish_sums(x, t, m, group, sums[0], x.terms == 2 ? sums[1] : nullptr, y + t * stride + group * LANES, adds);
    }
}

#endif

}  // namespace

}  // namespace coppice
