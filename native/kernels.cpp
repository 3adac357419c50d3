// Compiled once for each set of instructions, by build/native.ts; COPPICE_KERNELS names the result.
#include "kernels.h"

#include <cmath>
#include <cstring>

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

inline float most(float a, float b) { return a > b ? a : b; }

void quantise(const float* x, size_t columns, const Quantised& to) {
  for (size_t block = 0; block * BLOCK < columns; block++) {
    const float* from = x + block * BLOCK;
    const size_t count = least<size_t>(BLOCK, columns - block * BLOCK);
    float largest = 0;
    for (size_t i = 0; i < count; i++) largest = most(largest, std::fabs(from[i]));
    const float inverse = largest > 0 ? 127 / largest : 0;
    int8_t* codes = to.codes + block * BLOCK;
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
      codes[i] = int8_t(std::nearbyint(from[i] * inverse));
      sum += codes[i];
    }
    std::memset(codes + count, 0, BLOCK - count);
    to.scales[block] = largest / 127;
    to.sums[block] = sum;
  }
}


#if defined(__AVX512VNNI__)

int four_at(const int8_t* x) {
  int value;
  std::memcpy(&value, x, sizeof value);
  return value;
}

// GROUPS groups at a time, whose chains of sums overlap.
template <int BITS, int GROUPS>
void multiply_groups_avx512(const Matrix& m, const Quantised& x, size_t group, float* y) {
  const size_t piece = BLOCK * GROUP * BITS / 8;
  const uint8_t* codes[GROUPS];
  const float* scales[GROUPS];
  __m512 sums[GROUPS];
  for (int g = 0; g < GROUPS; g++) {
    codes[g] = m.codes + (group + g) * m.blocks * piece;
    scales[g] = m.scales + (group + g) * m.blocks * GROUP;
    sums[g] = _mm512_setzero_ps();
  }
  const __m512i low = _mm512_set1_epi8(15);
  for (size_t block = 0; block < m.blocks; block++) {
    const int8_t* input = x.codes + block * BLOCK;
    const __m512i start = _mm512_set1_epi32(-(BITS == 4 ? 8 : 128) * x.sums[block]);
    __m512i products[GROUPS];
    for (int g = 0; g < GROUPS; g++) products[g] = start;
    if constexpr (BITS == 4) {
      for (int j = 0; j < 4; j++) {
        const __m512i a = _mm512_set1_epi32(four_at(input + 8 * j)), b = _mm512_set1_epi32(four_at(input + 8 * j + 4));
        for (int g = 0; g < GROUPS; g++) {
          const __m512i both = _mm512_loadu_si512(codes[g] + block * piece + 64 * j);
          products[g] = _mm512_dpbusd_epi32(products[g], _mm512_and_si512(both, low), a);
          products[g] = _mm512_dpbusd_epi32(products[g], _mm512_and_si512(_mm512_srli_epi16(both, 4), low), b);
        }
      }
    } else {
      for (int j = 0; j < 8; j++) {
        const __m512i a = _mm512_set1_epi32(four_at(input + 4 * j));
        for (int g = 0; g < GROUPS; g++)
          products[g] = _mm512_dpbusd_epi32(products[g], _mm512_loadu_si512(codes[g] + block * piece + 64 * j), a);
      }
    }
    const __m512 scale = _mm512_set1_ps(x.scales[block]);
    for (int g = 0; g < GROUPS; g++)
      sums[g] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[g]),
                                _mm512_mul_ps(_mm512_loadu_ps(scales[g] + block * GROUP), scale), sums[g]);
  }
  for (int g = 0; g < GROUPS; g++) {
    const size_t row = (group + g) * GROUP;
    const size_t rows = least<size_t>(GROUP, m.rows - row);
    _mm512_mask_storeu_ps(y + row, __mmask16((1u << rows) - 1), sums[g]);
  }
}

template <int BITS>
void multiply_avx512(const Matrix& m, const Quantised& x, size_t first, size_t end, float* y) {
  size_t group = first;
  for (; group + 4 <= end; group += 4) multiply_groups_avx512<BITS, 4>(m, x, group, y);
  for (; group < end; group++) multiply_groups_avx512<BITS, 1>(m, x, group, y);
}


#elif defined(__AVX2__)

int four_at(const int8_t* x) {
  int value;
  std::memcpy(&value, x, sizeof value);
  return value;
}

// a: unsigned, b: signed; the sums of four neighbours are added to `sums`. Pairs cannot overflow 16 bits: 2 · 127 · 128 at most.
inline __m256i add_products(__m256i sums, __m256i a, __m256i b) {
  return _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}

template <int BITS, int GROUPS>
void multiply_groups_avx2(const Matrix& m, const Quantised& x, size_t group, float* y) {
  const size_t piece = BLOCK * GROUP * BITS / 8;
  __m256 sums[GROUPS][2];
  for (int g = 0; g < GROUPS; g++) sums[g][0] = sums[g][1] = _mm256_setzero_ps();
  const __m256i low = _mm256_set1_epi8(15), middle = _mm256_set1_epi8(char(128));
  for (size_t block = 0; block < m.blocks; block++) {
    const int8_t* input = x.codes + block * BLOCK;
    __m256i products[GROUPS][2];
    for (int g = 0; g < GROUPS; g++)
      products[g][0] = products[g][1] = _mm256_set1_epi32(BITS == 4 ? -8 * x.sums[block] : 0);
    for (int j = 0; j < BITS; j++) {
      const __m256i a = _mm256_set1_epi32(four_at(input + (BITS == 4 ? 8 : 4) * j));
      const __m256i b = BITS == 4 ? _mm256_set1_epi32(four_at(input + 8 * j + 4)) : a;
      const __m256i size = _mm256_abs_epi8(a);
      for (int g = 0; g < GROUPS; g++) {
        const uint8_t* codes = m.codes + ((group + g) * m.blocks + block) * piece + 64 * j;
        for (int half = 0; half < 2; half++) {
          const __m256i loaded = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + 32 * half));
          __m256i& sum = products[g][half];
          if constexpr (BITS == 4) {
            sum = add_products(sum, _mm256_and_si256(loaded, low), a);
            sum = add_products(sum, _mm256_and_si256(_mm256_srli_epi16(loaded, 4), low), b);
          } else {
            // Codes minus 128, with the input's signs, so that the unsigned factor has 7 bits.
            sum = add_products(sum, size, _mm256_sign_epi8(_mm256_xor_si256(loaded, middle), a));
          }
        }
      }
    }
    const __m256 scale = _mm256_set1_ps(x.scales[block]);
    for (int g = 0; g < GROUPS; g++)
      for (int half = 0; half < 2; half++) {
        const float* scales = m.scales + ((group + g) * m.blocks + block) * GROUP + 8 * half;
        sums[g][half] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(products[g][half]),
                                        _mm256_mul_ps(_mm256_loadu_ps(scales), scale), sums[g][half]);
      }
  }
  for (int g = 0; g < GROUPS; g++) {
    float all[GROUP];
    _mm256_storeu_ps(all, sums[g][0]);
    _mm256_storeu_ps(all + 8, sums[g][1]);
    const size_t row = (group + g) * GROUP;
    std::memcpy(y + row, all, least<size_t>(GROUP, m.rows - row) * sizeof(float));
  }
}

template <int BITS>
void multiply_avx2(const Matrix& m, const Quantised& x, size_t first, size_t end, float* y) {
  size_t group = first;
  for (; group + 2 <= end; group += 2) multiply_groups_avx2<BITS, 2>(m, x, group, y);
  for (; group < end; group++) multiply_groups_avx2<BITS, 1>(m, x, group, y);
}


#endif

[[maybe_unused]] void multiply_portable(const Matrix& m, const Quantised& x, size_t first, size_t end, float* y) {
  for (size_t group = first; group < end; group++) {
    float sums[GROUP] = {};
    for (size_t block = 0; block < m.blocks; block++) {
      const uint8_t* codes = m.codes + (group * m.blocks + block) * m.piece_bytes();
      const float* scales = m.scales + (group * m.blocks + block) * GROUP;
      const int8_t* input = x.codes + block * BLOCK;
      int32_t products[GROUP];
      for (int lane = 0; lane < GROUP; lane++) products[lane] = -middle_of(m.bits) * x.sums[block];
      for (int i = 0; i < BLOCK; i++)
        for (int lane = 0; lane < GROUP; lane++) {
          products[lane] += code_in(codes, m.bits, lane, i) * input[i];
        }
      for (int lane = 0; lane < GROUP; lane++) sums[lane] += scales[lane] * x.scales[block] * float(products[lane]);
    }
    for (size_t lane = 0; lane < GROUP && group * GROUP + lane < m.rows; lane++) y[group * GROUP + lane] = sums[lane];
  }
}


void multiply(const Matrix& m, const Quantised& x, size_t first, size_t end, float* y) {
#if defined(__AVX512VNNI__)
  return m.bits == 4 ? multiply_avx512<4>(m, x, first, end, y) : multiply_avx512<8>(m, x, first, end, y);
#elif defined(__AVX2__)
  return m.bits == 4 ? multiply_avx2<4>(m, x, first, end, y) : multiply_avx2<8>(m, x, first, end, y);
#else
  multiply_portable(m, x, first, end, y);
#endif
}

// e^x within 2 units in the last place: 2^n · 2^f with |f| at most a half, in a polynomial that compilers turn into vector code.
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

void soft_cap(const float* x, float cap, size_t size, float* y) {
  for (size_t i = 0; i < size; i++) y[i] = cap * bent(x[i] / cap);
}

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

// Heads of WIDTH columns, whose sums stay in registers.
template <size_t WIDTH>
void attend_width(const Attended& a) {
  for (size_t g = 0; g < a.group; g++) {
    float* scores = a.scores + g * a.rows;
    float query[WIDTH];
    std::memcpy(query, a.queries + g * WIDTH, sizeof query);
    for (size_t row = 0; row < a.rows; row++) {
      const float* key = a.keys + row * WIDTH;
      float score = 0;
      for (size_t i = 0; i < WIDTH; i++) score += query[i] * key[i];
      scores[row] = score;
    }
    shares_of(a, g);
    float mixed[WIDTH] = {};
    for (size_t row = 0; row < a.rows; row++) {
      const float* value = a.values + row * WIDTH;
      const float share = scores[row];
      for (size_t i = 0; i < WIDTH; i++) mixed[i] += share * value[i];
    }
    std::memcpy(a.mixed + g * WIDTH, mixed, sizeof mixed);
  }
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

void attend(const Attended& a) {
  switch (a.width) {
    case 64: return attend_width<64>(a);
    case 96: return attend_width<96>(a);
    case 128: return attend_width<128>(a);
    case 256: return attend_width<256>(a);
    default: return attend_any(a);
  }
}

void norm(const float* x, const float* weight, float epsilon, size_t size, float* y) {
  float squares = 0;
  for (size_t i = 0; i < size; i++) squares += x[i] * x[i];
  const float factor = 1 / std::sqrt(squares / float(size) + epsilon);
  for (size_t i = 0; i < size; i++) y[i] = x[i] * factor * weight[i];
}

void add(const float* a, const float* b, size_t size, float* y) {
  for (size_t i = 0; i < size; i++) y[i] = a[i] + b[i];
}

void multiply_each(const float* a, const float* b, size_t size, float* y) {
  for (size_t i = 0; i < size; i++) y[i] = a[i] * b[i];
}

void scale(const float* x, float factor, size_t size, float* y) {
  for (size_t i = 0; i < size; i++) y[i] = x[i] * factor;
}

void activate(int activation, const float* x, size_t size, float* y) {
  if (activation == 0)
    for (size_t i = 0; i < size; i++) y[i] = x[i] * sigmoid(x[i]);
  else if (activation == 1)
    for (size_t i = 0; i < size; i++)
      y[i] = 0.5f * x[i] * (1 + bent(0.7978845608f * (x[i] + 0.044715f * x[i] * x[i] * x[i])));
  else
    for (size_t i = 0; i < size; i++) y[i] = sigmoid(x[i]);
}

float row_product(const Matrix& m, size_t row, const float* x) {
  float sum = 0;
  for (size_t block = 0; block < m.blocks; block++) {
    const size_t at = row / GROUP * m.blocks + block, lane = row % GROUP;
    const uint8_t* piece = m.codes + at * m.piece_bytes();
    float in_block = 0;
    for (size_t i = 0; i < BLOCK && block * BLOCK + i < m.columns; i++) {
      in_block += float(code_in(piece, m.bits, lane, i) - middle_of(m.bits)) * x[block * BLOCK + i];
    }
    sum += in_block * m.scales[at * GROUP + lane];
  }
  return sum;
}

}  // namespace

#define JOINED(a, b) a##b
#define KERNELS(name) JOINED(kernels_, name)
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

extern const Kernels KERNELS(COPPICE_KERNELS);
const Kernels KERNELS(COPPICE_KERNELS) = {
    TEXT(COPPICE_KERNELS), quantise, multiply, attend, norm, add, multiply_each, scale, activate, soft_cap, row_product,
};

}  // namespace coppice
