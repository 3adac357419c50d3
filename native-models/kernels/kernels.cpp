// Compiled once for each instruction set, by build/native.ts; COPPICE_KERNELS names the result.
#include "kernels.h"

#include <cmath>
#include <cstring>

#include "attend.h"
#include "maths.h"
#include "products.h"

namespace coppice {

namespace {

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

void multiply_add(const float* a, const float* b, size_t size, float* y) {
  for (size_t i = 0; i < size; i++) y[i] += a[i] * b[i];
}

void delta(const Delta& d) {
  const size_t width = d.value_width;
  float *__restrict written = d.written, *__restrict out = d.out;
  std::memset(written, 0, width * sizeof(float));
  for (size_t i = 0; i < d.key_width; i++) {
    float* __restrict row = d.state + i * width;
    for (size_t j = 0; j < width; j++) {
      row[j] *= d.decay;
      written[j] += d.key[i] * row[j];
    }
  }
  for (size_t j = 0; j < width; j++) written[j] = d.beta * (d.value[j] - written[j]);
  std::memset(out, 0, width * sizeof(float));
  for (size_t i = 0; i < d.key_width; i++) {
    float* __restrict row = d.state + i * width;
    for (size_t j = 0; j < width; j++) {
      row[j] += d.key[i] * written[j];
      out[j] += d.query[i] * row[j];
    }
  }
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
#define ROUND_ROW(name) JOINED(round_row_, name)
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

bool ROUND_ROW(COPPICE_KERNELS)(int type, const uint8_t* stored, size_t row, const Matrix& to, const Matrix* low);  // rounding.cpp

extern const Kernels KERNELS(COPPICE_KERNELS);
const Kernels KERNELS(COPPICE_KERNELS) = {
    TEXT(COPPICE_KERNELS), quantise, multiply, takes_halves, score<Half>, score<float>, mix<Half>, mix<float>, to_halves, from_halves,
    norm, add, multiply_each, multiply_add, delta, scale, activate, soft_cap, row_product,
    ROUND_ROW(COPPICE_KERNELS),
};

}  // namespace coppice
