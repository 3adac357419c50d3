// Stored numbers → packed codes, the same bits as native-models/inference/quantise.ts and `pack` make of them. Compiled once for each
// instruction set, by build/native.ts, and never with products and sums contracted.
#include <cmath>

#include "kernels.h"
#include "stored.h"

namespace coppice {

namespace {

// Whole blocks of every type.
constexpr size_t CHUNK = 256;

constexpr uint32_t NEGATIVE = 0x80000000;

// To the nearest integer, halves up, as JavaScript rounds; x is far within the range of int.
inline int nearest(double x) {
  const int whole = int(x);
  const double rest = x - whole;
  return whole + (rest >= 0.5) - (rest < -0.5);
}

inline int within(int x, int least, int most) { return x < least ? least : x > most ? most : x; }

// Positive numbers are in the order of their bits, whose maximum compilers vectorise.
float largest_of(const float* x, uint32_t kept, uint32_t flipped) {
  int32_t largest = 0;
  for (int i = 0; i < BLOCK; i++) {
    uint32_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    const int32_t changed = int32_t((bits & kept) ^ flipped);
    largest = changed > largest ? changed : largest;
  }
  return of_bits(uint32_t(largest));
}

// Of a block: the largest of its numbers and 0, of their negatives, of their magnitudes.
float most_of(const float* x) { return largest_of(x, ~0u, 0); }
float least_of(const float* x) { return largest_of(x, ~0u, NEGATIVE); }
float magnitude_of(const float* x) { return largest_of(x, ~NEGATIVE, 0); }

// A block's codes to its lane of the matrix's pieces.
void place(const uint8_t* codes, const float* scale, size_t row, size_t block, const Matrix& to) {
  const size_t at = row / GROUP * to.blocks + block, lane = row % GROUP;
  uint8_t* piece = to.codes + at * to.piece_bytes() + lane * 4;
  if (scale) to.scales[at * GROUP + lane] = *scale;
  for (size_t j = 0; j < BLOCK / 4; j++) {
    uint32_t four, next;
    std::memcpy(&four, codes + 4 * j, 4);
    if (to.bits == 4) {
      std::memcpy(&next, codes + 4 * ++j, 4);
      four |= next << 4;
    }
    std::memcpy(piece + 64 * (to.bits == 4 ? j / 2 : j), &four, 4);
  }
}

// What a block is divided by, and the inverse.
struct Scale {
  double inverse;
  float scale;
};

Scale scale_of(const float* x, int bits) {
  double scale = double(magnitude_of(x)) / (middle_of(bits) - 1);
  if (bits == 4) {
    const float most = most_of(x), least = least_of(x);
    double extreme = most > least ? most : -double(least);
    if (most == least) {
      int first = 0;
      while (std::fabs(x[first]) != most) first++;
      extreme = most == 0 ? 0 : x[first];
    }
    scale = extreme / -middle_of(bits);
  }
  return {scale == 0 ? 0 : 1 / scale, float(scale)};
}

constexpr int LEAST = -8 * 16 - 8, MOST = 7 * 16 + 7;  // of two planes, 16 · high + low

Scale scale_of_planes(const float* x) {
  const double most = most_of(x), least = -double(least_of(x));
  const double extreme = most > -least ? most : least, opposite = most > -least ? least : most;
  double inverse = extreme == 0 ? 0 : -127 / extreme;
  if (nearest(opposite * inverse) > MOST) inverse = MOST / opposite;
  return {inverse, float(inverse == 0 ? 0 : 1 / inverse)};
}

// Some blocks of a row, each step for all of them, so that a processor computes several at a time.
void round_blocks(const float* x, size_t blocks, size_t row, size_t first, const Matrix& to, const Matrix* low) {
  Scale scales[CHUNK / BLOCK];
  for (size_t b = 0; b < blocks; b++) scales[b] = low ? scale_of_planes(x + b * BLOCK) : scale_of(x + b * BLOCK, to.bits);
  int numbers[CHUNK];
  for (size_t b = 0; b < blocks; b++)
    for (int i = 0; i < BLOCK; i++) numbers[b * BLOCK + i] = nearest(x[b * BLOCK + i] * scales[b].inverse);
  uint8_t codes[CHUNK], lower[CHUNK];
  const int middle = low ? -LEAST : middle_of(to.bits), largest = low ? MOST - LEAST : 2 * middle - 1;
  for (size_t i = 0; i < blocks * BLOCK; i++) codes[i] = uint8_t(within(numbers[i] + middle, 0, largest));
  if (low)
    for (size_t i = 0; i < blocks * BLOCK; i++) {
      lower[i] = codes[i] & 15;
      codes[i] >>= 4;
    }
  for (size_t b = 0; b < blocks; b++) {
    place(codes + b * BLOCK, &scales[b].scale, row, first + b, to);
    if (low) place(lower + b * BLOCK, nullptr, row, first + b, *low);
  }
}

// NaN and infinity have all bits of the exponent: adding one to it carries into the sign.
bool all_finite(const float* x, size_t size) {
  int32_t carried = 0;
  for (size_t i = 0; i < size; i++) {
    uint32_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    carried |= int32_t((bits & 0x7fffffff) + 0x00800000);
  }
  return carried >= 0;
}

}  // namespace

#define JOINED(a, b) a##b
#define ROUND_ROW(name) JOINED(round_row_, name)

bool ROUND_ROW(COPPICE_KERNELS)(int type, const uint8_t* stored, size_t row, const Matrix& to, const Matrix* low) {
  const StoredType& its = STORED_TYPES[type];
  float x[CHUNK];
  for (size_t column = 0; column < to.columns; column += CHUNK) {
    const size_t count = to.columns - column < CHUNK ? to.columns - column : CHUNK;
    DECODE[type](stored + column / its.block * its.bytes, x, count / its.block);
    if (!all_finite(x, count)) return false;
    for (size_t i = count; i < CHUNK; i++) x[i] = 0;
    round_blocks(x, (count + BLOCK - 1) / BLOCK, row, column / BLOCK, to, low);
  }
  return true;
}

}  // namespace coppice
