// Numbers in half precision. Part of kernels.cpp: compiled once for each instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels.h"
#include "maths.h"

namespace coppice {

namespace {

constexpr float LARGEST_HALF = 65504;

inline float number(float x) { return x; }

inline float number(Half half) {
  const uint32_t sign = uint32_t(half.bits & 0x8000) << 16, size = half.bits & 0x7fff;
  const float smallest = 0x1p-24f * float(size);  // for denormals: numbers below 2^-14, in steps of 2^-24
  uint32_t bits = (size << 13) + (112u << 23);
  if (size < 0x400) std::memcpy(&bits, &smallest, sizeof bits);
  bits |= sign;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline Half nearest_half(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const uint16_t sign = bits >> 16 & 0x8000;
  float size = x < 0 ? -x : x;
  if (!(size < LARGEST_HALF)) return {uint16_t(sign | (size == size ? 0x7bff : 0x7e00))};
  if (size < 0x1p-14f) {  // adding 1/2, near which floats have steps of 2^-24, rounds it
    size += 0.5f;
    std::memcpy(&bits, &size, sizeof bits);
    return {uint16_t(sign | (bits - 0x3f000000))};
  }
  bits &= 0x7fffffff;
  return {uint16_t(sign | ((bits - (112u << 23) + 0xfff + (bits >> 13 & 1)) >> 13))};
}

#if defined(__AVX2__)

inline __m256 eight(const float* x) { return _mm256_loadu_ps(x); }
inline __m256 eight(const Half* x) { return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x))); }

inline void store(__m256 x, Half* y) {
  const __m256 within = _mm256_max_ps(_mm256_set1_ps(-LARGEST_HALF), _mm256_min_ps(_mm256_set1_ps(LARGEST_HALF), x));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(y), _mm256_cvtps_ph(within, _MM_FROUND_TO_NEAREST_INT));
}

#endif

void to_halves(const float* x, size_t size, Half* y) {
  size_t i = 0;
#if defined(__AVX2__)
  for (; i + 8 <= size; i += 8) store(eight(x + i), y + i);
#endif
  for (; i < size; i++) y[i] = nearest_half(x[i]);
}

void from_halves(const Half* x, size_t size, float* y) {
  size_t i = 0;
#if defined(__AVX2__)
  for (; i + 8 <= size; i += 8) _mm256_storeu_ps(y + i, eight(x + i));
#endif
  for (; i < size; i++) y[i] = number(x[i]);
}

}  // namespace

}  // namespace coppice
