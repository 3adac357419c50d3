// Elementary functions. Part of kernels.cpp: compiled once for each instruction set.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace coppice {

namespace {

// Not std::min and std::max: the linker keeps one copy of those, which may have been compiled for instructions that the processor lacks.
template <typename T>
inline T least(T a, T b) {
  return a < b ? a : b;
}

inline float most(float a, float b) { return a > b ? a : b; }

// e^x within 2 units in the last place: 2^n · 2^f with |f| at most a half, as a polynomial that compilers vectorise.
inline float exponential(float x) {
  x = least<float>(most(x, -87.0f), 88.0f);
  const float scaled = x * 1.44269504f;
  const float whole = std::nearbyint(scaled);
  const float f = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 5.0000001201e-1f;
  p = p * f * f + f + 1;
  int32_t bits = (int32_t(whole) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

inline float bent(float x) {
  const float e = exponential(2 * least<float>(most(x, -20.0f), 20.0f));
  return (e - 1) / (e + 1);
}

inline float sigmoid(float x) { return 1 / (1 + exponential(-x)); }

#if defined(__AVX2__)

// Memory that is read one vector after another is prefetched this many bytes ahead, into the L2 cache, which was faster than into L1: the
// hardware prefetcher stops at the end of each page.
constexpr size_t AHEAD = 8192;
inline void prefetch(const void* memory, size_t by = AHEAD) { _mm_prefetch(static_cast<const char*>(memory) + by, _MM_HINT_T1); }
// Prefetches memory that is read soon.
inline void ask_for(const void* memory) { _mm_prefetch(static_cast<const char*>(memory), _MM_HINT_T0); }

#endif

[[maybe_unused]] void soft_cap(const float* x, float cap, size_t size, float* y) {
  for (size_t i = 0; i < size; i++) y[i] = cap * bent(x[i] / cap);
}

}  // namespace

}  // namespace coppice
