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

// The largest of a block's numbers and 0, or of their negatives: positive numbers are in the order of their bits, which compilers vectorise.
float largest_of(const float* x, uint32_t sign) {
  int32_t largest = 0;
  for (int i = 0; i < BLOCK; i++) {
    uint32_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    const int32_t signed_bits = int32_t(bits ^ sign);
    largest = signed_bits > largest ? signed_bits : largest;
  }
  return of_bits(uint32_t(largest));
}

// A block's codes to its lane of the matrix's pieces.
void place(const uint8_t* codes, float scale, size_t row, size_t block, const Matrix& to, bool has_scale) {
  const size_t at = row / GROUP * to.blocks + block, lane = row % GROUP;
  uint8_t* piece = to.codes + at * to.piece_bytes() + lane * 4;
  if (has_scale) to.scales[at * GROUP + lane] = scale;
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

void round_block(const float* x, size_t row, size_t block, const Matrix& to) {
  const float most = largest_of(x, 0), least = largest_of(x, NEGATIVE), largest = most > least ? most : least;
  const int middle = middle_of(to.bits);
  double scale = double(largest) / (middle - 1);
  if (to.bits == 4) {
    int first = 0;  // of the numbers of this magnitude
    while (std::fabs(x[first]) != largest) first++;
    scale = (largest == 0 ? 0.0 : double(x[first])) / -middle;
  }
  const double inverse = scale == 0 ? 0 : 1 / scale;
  uint8_t codes[BLOCK];
  for (int i = 0; i < BLOCK; i++) codes[i] = uint8_t(within(nearest(x[i] * inverse) + middle, 0, 2 * middle - 1));
  place(codes, float(scale), row, block, to, true);
}

// In two planes, 16 · high + low.
void round_in_planes(const float* x, size_t row, size_t block, const Matrix& high, const Matrix& low) {
  constexpr int LEAST = -8 * 16 - 8, MOST = 7 * 16 + 7;
  const double most = largest_of(x, 0), least = -double(largest_of(x, NEGATIVE));
  const double extreme = most > -least ? most : least, opposite = most > -least ? least : most;
  double inverse = extreme == 0 ? 0 : -127 / extreme;
  if (nearest(opposite * inverse) > MOST) inverse = MOST / opposite;
  const float scale = float(inverse == 0 ? 0 : 1 / inverse);
  uint8_t upper[BLOCK], lower[BLOCK];
  for (int i = 0; i < BLOCK; i++) {
    const int number = within(nearest(x[i] * inverse), LEAST, MOST) - LEAST;
    upper[i] = uint8_t(number >> 4);
    lower[i] = uint8_t(number & 15);
  }
  place(upper, scale, row, block, high, true);
  place(lower, scale, row, block, low, false);
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
    for (size_t first = 0; first < count; first += BLOCK) {
      if (low) round_in_planes(x + first, row, (column + first) / BLOCK, to, *low);
      else round_block(x + first, row, (column + first) / BLOCK, to);
    }
  }
  return true;
}

}  // namespace coppice
