// Blocks of stored numbers → f32, the same bits as native-models/formats/storage.ts gives: products of a block's half-precision scale, a
// group's scale and a code are exact in f32, so that only a sum with a minimum is rounded. Part of rounding.cpp: compiled once for each
// instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coppice {

namespace {

inline float of_bits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline float of_half(uint32_t half) {
  const uint32_t size = half & 0x7fff, sign = (half & 0x8000) << 16;
  const float finite = of_bits(size << 13) * 0x1p112f;  // exact, also for denormals
  uint32_t bits;
  std::memcpy(&bits, &finite, sizeof bits);
  return of_bits((size < 0x7c00 ? bits : size << 13 | 0x7f800000) | sign);
}

inline uint32_t word(const uint8_t* bytes) { return bytes[0] | uint32_t(bytes[1]) << 8; }
inline float half_at(const uint8_t* bytes) { return of_half(word(bytes)); }

// How each type of a block is decoded; docs of the layouts: native-models/weights.ts.

void f32(const uint8_t* from, float* to) { std::memcpy(to, from, sizeof(float)); }
void f16(const uint8_t* from, float* to) { *to = half_at(from); }
void bf16(const uint8_t* from, float* to) { *to = of_bits(word(from) << 16); }

void q8_0(const uint8_t* from, float* to) {
  const float scale = half_at(from);
  for (int i = 0; i < 32; i++) to[i] = scale * float(int8_t(from[2 + i]));
}

// Codes of 4 bits from `codes` on, the low halves of 16 bytes first; a fifth bit of each in `fifths`.
void fours(const uint8_t* codes, uint32_t fifths, float scale, float minimum, int middle, float* to) {
  for (int i = 0; i < 16; i++) {
    to[i] = scale * float(int((codes[i] & 15) | (fifths >> i & 1) << 4) - middle) + minimum;
    to[16 + i] = scale * float(int((codes[i] >> 4) | (fifths >> (16 + i) & 1) << 4) - middle) + minimum;
  }
}

void q4_0(const uint8_t* from, float* to) { fours(from + 2, 0, half_at(from), 0, 8, to); }
void q4_1(const uint8_t* from, float* to) { fours(from + 4, 0, half_at(from), half_at(from + 2), 0, to); }
void q5_0(const uint8_t* from, float* to) { fours(from + 6, word(from + 2) | word(from + 4) << 16, half_at(from), 0, 16, to); }
void q5_1(const uint8_t* from, float* to) {
  fours(from + 8, word(from + 4) | word(from + 6) << 16, half_at(from), half_at(from + 2), 0, to);
}

// The types with 2 bits of a code packed together: a run of 16 bytes has codes of four groups of 16, every second one from this on.
inline int first_group(int run) { return (run >> 1) * 8 + (run & 1); }

void q2_k(const uint8_t* from, float* to) {
  const float scale = half_at(from + 80), minimum = half_at(from + 82);
  for (int run = 0; run < 4; run++)
    for (int j = 0; j < 4; j++) {
      const int group = first_group(run) + 2 * j;
      const float step = scale * float(from[group] & 15), least = minimum * float(from[group] >> 4);
      for (int i = 0; i < 16; i++) to[16 * group + i] = step * float(from[16 + 16 * run + i] >> (2 * j) & 3) - least;
    }
}

void q3_k(const uint8_t* from, float* to) {
  const float scale = half_at(from + 108);
  const uint8_t* packed = from + 96;  // of 6-bit scales: low halves, then two high bits each
  for (int run = 0; run < 4; run++)
    for (int j = 0; j < 4; j++) {
      const int group = first_group(run) + 2 * j;
      const int low = packed[group & 7] >> (group >> 3 << 2) & 15, high = packed[8 + (group & 3)] >> (group >> 2 << 1) & 3;
      const float step = scale * float((low | high << 4) - 32);
      for (int i = 0; i < 16; i++) {
        const int third = from[16 * (run & 1) + i] >> (4 * (run >> 1) + j) & 1;
        to[16 * group + i] = step * float(((from[32 + 16 * run + i] >> (2 * j) & 3) | third << 2) - 4);
      }
    }
}

// The steps and minimums of the eight groups of q4_k and q5_k.
struct Groups {
  float steps[8], leasts[8];

  explicit Groups(const uint8_t* from) {
    const float scale = half_at(from), minimum = half_at(from + 2);
    for (int g = 0; g < 4; g++) {
      const int first = from[4 + g], second = from[8 + g], both = from[12 + g];
      steps[g] = scale * float(first & 63);
      leasts[g] = minimum * float(second & 63);
      steps[g + 4] = scale * float((both & 15) | first >> 6 << 4);
      leasts[g + 4] = minimum * float(both >> 4 | second >> 6 << 4);
    }
  }
};

void q4_k(const uint8_t* from, float* to) {
  const Groups groups(from);
  for (int g = 0; g < 8; g++) {
    const uint8_t* codes = from + 16 + g / 2 * 32;
    for (int i = 0; i < 32; i++) to[32 * g + i] = groups.steps[g] * float(codes[i] >> (4 * (g & 1)) & 15) - groups.leasts[g];
  }
}

void q5_k(const uint8_t* from, float* to) {
  const Groups groups(from);
  for (int g = 0; g < 8; g++) {
    const uint8_t *fifths = from + 16, *codes = from + 48 + g / 2 * 32;
    for (int i = 0; i < 32; i++) {
      const int code = (codes[i] >> (4 * (g & 1)) & 15) | (fifths[i] >> g & 1) << 4;
      to[32 * g + i] = groups.steps[g] * float(code) - groups.leasts[g];
    }
  }
}

void q6_k(const uint8_t* from, float* to) {
  const float scale = half_at(from + 208);
  for (int run = 0; run < 4; run++)
    for (int j = 0; j < 4; j++) {
      const int group = first_group(run) + 2 * j;
      const float step = scale * float(int8_t(from[192 + group]));
      const uint8_t *codes = from + 64 * (run >> 1) + 16 * (run & 1) + 32 * (j & 1), *high = from + 128 + 16 * run;
      for (int i = 0; i < 16; i++)
        to[16 * group + i] = step * float(((codes[i] >> (2 * (j & 2)) & 15) | (high[i] >> (2 * j) & 3) << 4) - 32);
    }
}

constexpr int8_t UNEVEN[] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

void uneven(const uint8_t* codes, float scale, float* to) {
  for (int i = 0; i < 16; i++) {
    to[i] = scale * float(UNEVEN[codes[i] & 15]);
    to[16 + i] = scale * float(UNEVEN[codes[i] >> 4]);
  }
}

void iq4_nl(const uint8_t* from, float* to) { uneven(from + 2, half_at(from), to); }

void iq4_xs(const uint8_t* from, float* to) {
  const float scale = half_at(from);
  for (int group = 0; group < 8; group++) {
    const int low = from[4 + group / 2] >> (4 * (group & 1)) & 15, high = word(from + 2) >> (2 * group) & 3;
    uneven(from + 8 + 16 * group, scale * float((low | high << 4) - 32), to + 32 * group);
  }
}

using Decode = void (*)(const uint8_t* from, float* to, size_t blocks);

template <void (*Block)(const uint8_t*, float*), size_t bytes, size_t block>
void decode(const uint8_t* from, float* to, size_t blocks) {
  for (size_t b = 0; b < blocks; b++) Block(from + b * bytes, to + b * block);
}

// In the order of STORED_TYPES (kernels.h).
constexpr Decode DECODE[] = {
    decode<f32, 4, 1>,      decode<f16, 2, 1>,      decode<bf16, 2, 1>,     decode<q8_0, 34, 32>,   decode<q4_0, 18, 32>,
    decode<q4_1, 20, 32>,   decode<q5_0, 22, 32>,   decode<q5_1, 24, 32>,   decode<q2_k, 84, 256>,  decode<q3_k, 110, 256>,
    decode<q4_k, 144, 256>, decode<q5_k, 176, 256>, decode<q6_k, 210, 256>, decode<iq4_nl, 18, 32>, decode<iq4_xs, 136, 256>,
};

}  // namespace

}  // namespace coppice
