// Attention over some rows of a cache. A part of kernels.cpp: compiled once for each set of instructions.
#pragma once

#include <cmath>
#include <cstring>

#include "kernels.h"
#include "maths.h"

namespace coppice {

namespace {

// Scores of a query → e^(score − largest), with their sum.
void shares_of(const Attended& a, size_t g) {
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
void attend_any(const Attended& a) {
  for (size_t g = 0; g < a.group; g++) {
    float *scores = a.scores + g * a.rows, *mixed = a.mixed + g * a.width;
    const float* query = a.queries + g * a.width;
    for (size_t row = 0; row < a.rows; row++) {
      const float* key = a.keys + row * a.width;
      float score = 0;
      for (size_t i = 0; i < a.width; i++) score += query[i] * key[i];
      scores[row] = score;
    }
    shares_of(a, g);
    std::memset(mixed, 0, a.width * sizeof(float));
    for (size_t row = 0; row < a.rows; row++)
      for (size_t i = 0; i < a.width; i++) mixed[i] += scores[row] * a.values[row * a.width + i];
  }
}

#if defined(__AVX2__)

// The sums of four registers.
inline __m128 sums_of(const __m256 (&of)[4]) {
  const __m256 both = _mm256_hadd_ps(_mm256_hadd_ps(of[0], of[1]), _mm256_hadd_ps(of[2], of[3]));
  return _mm_add_ps(_mm256_castps256_ps128(both), _mm256_extractf128_ps(both, 1));
}

// Keys that follow in the cache, and the values of four rows, which are mixed when all are scored.
inline void ask_for_rows(const Attended& a, size_t row) {
  const float *keys = a.keys + row * a.width, *values = a.values + row * a.width;
  for (size_t i = 0; i < 4 * a.width; i += 16) {
    ask_for(keys + i + AHEAD / sizeof(float));
    ask_for(values + i);
  }
}

// Products of some queries with four rows at a time; fewer at the end repeat the last.
template <int QUERIES>
void score(const Attended& a, size_t first) {
  const float* queries = a.queries + first * a.width;
  for (size_t row = 0; row < a.rows; row += 4) {
    if (first == 0) ask_for_rows(a, row);
    const float* keys[4];
    for (size_t r = 0; r < 4; r++) keys[r] = a.keys + least(row + r, a.rows - 1) * a.width;
    __m256 sums[QUERIES][4];
    for (int g = 0; g < QUERIES; g++)
      for (int r = 0; r < 4; r++) sums[g][r] = _mm256_setzero_ps();
    for (size_t i = 0; i < a.width; i += 8) {
      __m256 parts[QUERIES];
      for (int g = 0; g < QUERIES; g++) parts[g] = _mm256_loadu_ps(queries + g * a.width + i);
      for (int r = 0; r < 4; r++) {
        const __m256 key = _mm256_loadu_ps(keys[r] + i);
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

// Columns from `first` on, 8 · REGISTERS of them, of what a query mixes.
template <int REGISTERS>
void mix(const Attended& a, const float* shares, size_t first, float* mixed) {
  __m256 sums[REGISTERS];
  for (int i = 0; i < REGISTERS; i++) sums[i] = _mm256_setzero_ps();
  const float* value = a.values + first;
  for (size_t row = 0; row < a.rows; row++, value += a.width) {
    const __m256 share = _mm256_broadcast_ss(shares + row);
    for (int i = 0; i < REGISTERS; i++) sums[i] = _mm256_fmadd_ps(share, _mm256_loadu_ps(value + 8 * i), sums[i]);
  }
  for (int i = 0; i < REGISTERS; i++) _mm256_storeu_ps(mixed + first + 8 * i, sums[i]);
}

void attend(const Attended& a) {
  if (a.width % 8 != 0) return attend_any(a);
  size_t scored = 0;
  for (; scored + 3 <= a.group; scored += 3) score<3>(a, scored);
  for (; scored < a.group; scored++) score<1>(a, scored);
  for (size_t g = 0; g < a.group; g++) {
    float *scores = a.scores + g * a.rows, *mixed = a.mixed + g * a.width;
    shares_of(a, g);
    size_t first = 0;
    for (; first + 64 <= a.width; first += 64) mix<8>(a, scores, first, mixed);
    for (; first < a.width; first += 8) mix<1>(a, scores, first, mixed);
  }
}

#else

void attend(const Attended& a) { attend_any(a); }

#endif

}  // namespace

}  // namespace coppice
