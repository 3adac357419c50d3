// Attention over some rows of a cache. Part of kernels.cpp: compiled once for each instruction set.
#pragma once

#include <cmath>
#include <cstring>

#include "halves.h"
#include "kernels.h"
#include "maths.h"

namespace coppice {

namespace {

// Scores of a query → e^(score − largest), with their sum.
template <typename Number>
void shares_of(const Attended<Number>& a, size_t g) {
  float* scores = a.scores + g * a.rows;
  if (a.cap > 0) soft_cap(scores, a.cap, a.rows, scores);
  float largest = -1e30f, sum = 0;
  for (size_t row = 0; row < a.rows; row++) largest = most(largest, scores[row]);
  for (size_t row = 0; row < a.rows; row++) {
    scores[row] = exponential(scores[row] - largest);
    sum += scores[row];
  }
  a.largest[g] = largest;
  a.sums[g] = sum;
}

// Heads of any width.
template <typename Number>
void score_any(const Attended<Number>& a) {
  for (size_t g = 0; g < a.group; g++)
    for (size_t row = 0; row < a.rows; row++) {
      const float* query = a.queries + g * a.width;
      const Number* key = a.keys + row * a.width;
      float score = 0;
      for (size_t i = 0; i < a.width; i++) score += query[i] * number(key[i]);
      a.scores[g * a.rows + row] = score;
    }
}

template <typename Number>
void mix_any(const Attended<Number>& a) {
  std::memset(a.mixed, 0, a.group * a.width * sizeof(float));
  for (size_t g = 0; g < a.group; g++)
    for (size_t row = 0; row < a.rows; row++)
      for (size_t i = 0; i < a.width; i++) a.mixed[g * a.width + i] += a.scores[g * a.rows + row] * number(a.values[row * a.width + i]);
}

#if defined(__AVX2__)

constexpr size_t LINE = 64;  // bytes of a cache line

// The sums of four registers.
inline __m128 sums_of(const __m256 (&of)[4]) {
  const __m256 both = _mm256_hadd_ps(_mm256_hadd_ps(of[0], of[1]), _mm256_hadd_ps(of[2], of[3]));
  return _mm_add_ps(_mm256_castps256_ps128(both), _mm256_extractf128_ps(both, 1));
}

// Prefetches the keys further on in the cache, and the values of four rows, which are mixed once all rows are scored.
template <typename Number>
void ask_for_rows(const Attended<Number>& a, size_t row) {
  const Number *keys = a.keys + row * a.width, *values = a.values + row * a.width;
  for (size_t i = 0; i < 4 * a.width; i += LINE / sizeof(Number)) {
    prefetch(keys + i);
    ask_for(values + i);
  }
}

// Products of some queries with four rows at a time; if fewer are left at the end, the last one is repeated.
template <int QUERIES, typename Number>
void score_some(const Attended<Number>& a, size_t first) {
  const float* queries = a.queries + first * a.width;
  for (size_t row = 0; row < a.rows; row += 4) {
    if (a.is_new && first == 0) ask_for_rows(a, row);
    const Number* keys[4];
    for (size_t r = 0; r < 4; r++) keys[r] = a.keys + least(row + r, a.rows - 1) * a.width;
    __m256 sums[QUERIES][4];
    for (int g = 0; g < QUERIES; g++)
      for (int r = 0; r < 4; r++) sums[g][r] = _mm256_setzero_ps();
    for (size_t i = 0; i < a.width; i += 8) {
      __m256 parts[QUERIES];
      for (int g = 0; g < QUERIES; g++) parts[g] = _mm256_loadu_ps(queries + g * a.width + i);
      for (int r = 0; r < 4; r++) {
        const __m256 key = eight(keys[r] + i);
        for (int g = 0; g < QUERIES; g++) sums[g][r] = _mm256_fmadd_ps(parts[g], key, sums[g][r]);
      }
    }
    for (int g = 0; g < QUERIES; g++) {
      float* scores = a.scores + (first + g) * a.rows + row;
      const __m128 four = sums_of(sums[g]);
      if (row + 4 <= a.rows) {
        _mm_storeu_ps(scores, four);
      } else {
        float some[4];
        _mm_storeu_ps(some, four);
        std::memcpy(scores, some, (a.rows - row) * sizeof(float));
      }
    }
  }
}

// Mixes 8 · REGISTERS columns, from `column` on, for some queries.
template <int QUERIES, int REGISTERS, typename Number>
void mix_columns(const Attended<Number>& a, size_t first, size_t column) {
  const float* shares = a.scores + first * a.rows;
  __m256 sums[QUERIES][REGISTERS];
  for (int g = 0; g < QUERIES; g++)
    for (int i = 0; i < REGISTERS; i++) sums[g][i] = _mm256_setzero_ps();
  const Number* values = a.values + column;
  for (size_t row = 0; row < a.rows; row++, values += a.width) {
    __m256 share[QUERIES];
    for (int g = 0; g < QUERIES; g++) share[g] = _mm256_broadcast_ss(shares + g * a.rows + row);
    for (int i = 0; i < REGISTERS; i++) {
      const __m256 value = eight(values + 8 * i);
      for (int g = 0; g < QUERIES; g++) sums[g][i] = _mm256_fmadd_ps(share[g], value, sums[g][i]);
    }
  }
#pragma GCC unroll 3  // otherwise the sums would be kept in memory
  for (int g = 0; g < QUERIES; g++)
#pragma GCC unroll 8
    for (int i = 0; i < REGISTERS; i++) _mm256_storeu_ps(a.mixed + (first + g) * a.width + column + 8 * i, sums[g][i]);
}

template <int QUERIES, typename Number>
void mix_some(const Attended<Number>& a, size_t first) {
  constexpr int REGISTERS = QUERIES == 1 ? 8 : 4;
  size_t column = 0;
  for (; column + 8 * REGISTERS <= a.width; column += 8 * REGISTERS) mix_columns<QUERIES, REGISTERS>(a, first, column);
  for (; column < a.width; column += 8) mix_columns<QUERIES, 1>(a, first, column);
}

bool takes_halves(size_t width) { return width % 8 == 0; }

template <typename Number>
void score(const Attended<Number>& a) {
  size_t first = 0;
  if (a.width % 8 == 0) {
    for (; first + 3 <= a.group; first += 3) score_some<3>(a, first);
    for (; first < a.group; first++) score_some<1>(a, first);
  } else {
    score_any(a);
  }
  for (size_t g = 0; g < a.group; g++) shares_of(a, g);
}

template <typename Number>
void mix(const Attended<Number>& a) {
  if (a.width % 8 != 0) return mix_any(a);
  size_t first = 0;
  for (; first + 3 <= a.group; first += 3) mix_some<3>(a, first);
  for (; first < a.group; first++) mix_some<1>(a, first);
}

#else

bool takes_halves(size_t) { return false; }

template <typename Number>
void score(const Attended<Number>& a) {
  score_any(a);
  for (size_t g = 0; g < a.group; g++) shares_of(a, g);
}

template <typename Number>
void mix(const Attended<Number>& a) {
  mix_any(a);
}

#endif

}  // namespace

}  // namespace coppice
