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

// The sums of eight registers.
inline __m256 sums_of(const __m256 (&of)[8]) {
  const __m256 a = _mm256_hadd_ps(_mm256_hadd_ps(of[0], of[1]), _mm256_hadd_ps(of[2], of[3]));
  const __m256 b = _mm256_hadd_ps(_mm256_hadd_ps(of[4], of[5]), _mm256_hadd_ps(of[6], of[7]));
  return _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
}

// Products of a query with eight rows at a time; fewer at the end repeat the last.
void score(const Attended& a, const float* query, float* scores) {
  for (size_t row = 0; row < a.rows; row += 8) {
    const float* keys[8];
    for (size_t r = 0; r < 8; r++) keys[r] = a.keys + least(row + r, a.rows - 1) * a.width;
    __m256 sums[8];
    for (int r = 0; r < 8; r++) sums[r] = _mm256_setzero_ps();
    for (size_t i = 0; i < a.width; i += 8) {
      const __m256 part = _mm256_loadu_ps(query + i);
      for (int r = 0; r < 8; r++) sums[r] = _mm256_fmadd_ps(part, _mm256_loadu_ps(keys[r] + i), sums[r]);
    }
    float some[8];
    _mm256_storeu_ps(some, sums_of(sums));
    std::memcpy(scores + row, some, least<size_t>(8, a.rows - row) * sizeof(float));
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
  for (size_t g = 0; g < a.group; g++) {
    float *scores = a.scores + g * a.rows, *mixed = a.mixed + g * a.width;
    score(a, a.queries + g * a.width, scores);
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
