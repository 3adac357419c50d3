// Compiled once for each set of instructions, by build/native.ts; COPPICE_KERNELS names the result.
#include "kernels.h"

#include <cmath>
#include <cstring>

#include "products.h"

namespace coppice {

namespace {

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
