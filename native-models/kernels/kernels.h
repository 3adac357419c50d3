// The loops in which decoding spends its time. kernels.cpp is compiled once for each instruction set; `kernels_named` finds the best one
// that this processor supports.
#pragma once

#include <cstddef>
#include <cstdint>

namespace coppice {

constexpr int BLOCK = 32;
constexpr int GROUP = 16;

// A matrix in blocks of 32 numbers, stored in groups of 16 rows, so that the lanes of a vector register are rows and nothing is summed
// across lanes. For each block of columns a group has 8 (8 bits) or 4 (4 bits) pieces of 64 bytes. Lane r of piece j holds columns of
// row r: with 8 bits, 4j to 4j + 3; with 4 bits, 8j to 8j + 3 in the low halves of its bytes and the next four in the high halves. Codes
// are unsigned, around the middle (8 or 128). Each group and block has 16 scales.
struct Matrix {
  int bits;  // 4 or 8
  size_t rows;
  size_t columns;
  size_t blocks;  // of a row
  size_t groups;
  uint8_t* codes;  // [groups][blocks][piece_bytes()]
  float* scales;   // [groups][blocks][16]

  size_t piece_bytes() const { return size_t(BLOCK) * GROUP * bits / 8; }
};

// The code of 0.
static inline int middle_of(int bits) { return bits == 4 ? 8 : 128; }

// The code of column i of a block, 0 to 31, in a lane of the block's pieces. Each file has its own copy, as instruction sets differ.
static inline int code_in(const uint8_t* pieces, int bits, size_t lane, size_t i) {
  if (bits == 8) return pieces[i / 4 * 64 + lane * 4 + i % 4];
  return (pieces[i / 8 * 64 + lane * 4 + i % 4] >> (i % 8 < 4 ? 0 : 4)) & 15;
}

// Vectors in int8, one after another: for each block, codes from -127 to 127, their scale, and the value at which sums of their products
// with 4-bit codes start, since those are unsigned: -8 · the codes' sum, in the form that the kernels add to (products.h).
struct Quantised {
  int8_t* codes;    // [vectors][blocks · 32]
  int16_t* wide;    // the same in 16 bits, for products with 8-bit codes; or null
  float* scales;    // [vectors][blocks]
  int32_t* starts;  // [vectors][blocks]

  Quantised from(size_t vector, size_t blocks) const {
    const size_t codes_before = vector * blocks * BLOCK;
    return {codes + codes_before, wide ? wide + codes_before : nullptr, scales + vector * blocks, starts + vector * blocks};
  }
};

// A number in half precision (IEEE 754), by its bits.
struct Half {
  uint16_t bits;
};

// The scores of one key/value head's queries over some rows of its cache, and the mixed values.
template <typename Number>
struct Attended {
  const float* queries;  // [group][width], scaled and rotated
  size_t group;          // queries that share a head
  size_t width;          // of a head
  const Number* keys;    // [rows][width]
  const Number* values;  // [rows][width]
  size_t rows;
  float cap;      // of scores; 0: none
  bool is_new;    // whether the rows come from memory, and the following rows are read next
  float* scores;   // [group][rows]: exp(score − largest)
  float* largest;  // [group]
  float* sums;     // [group]: of scores
  float* mixed;    // [group][width]: Σ exp(score − largest) · value
};

// A token in one head of the gated delta rule (arXiv 2412.06464): S ← decay · S, then S ← S + key ⊗ beta (value − Sᵀ key), out = Sᵀ query.
struct Delta {
  const float *query, *key;  // [key_width], normalised
  const float* value;        // [value_width]
  float decay, beta;
  size_t key_width, value_width;
  float* state;    // S [key_width][value_width]
  float* written;  // [value_width], scratch
  float* out;      // [value_width]
};

struct Kernels {
  const char* name;
  // x [columns] → one vector in int8.
  void (*quantise)(const float* x, size_t columns, const Quantised& to);
  // The products of `count` vectors with the rows of groups `first` up to `end`: y [count][rows], `stride` numbers from one to the next. A
  // vector's products have the same bits whichever other vectors there are.
  void (*multiply)(const Matrix& matrix, const Quantised& x, size_t count, size_t first, size_t end, float* y, size_t stride);
  // Whether `score` and `mix` take rows of this width as they are stored; they give the same bits as `score_read` and `mix_read`.
  bool (*takes_halves)(size_t width);
  // Keys → scores, their largest and their sums.
  void (*score)(const Attended<Half>& attended);
  void (*score_read)(const Attended<float>& attended);
  // Scores and values → mixed.
  void (*mix)(const Attended<Half>& attended);
  void (*mix_read)(const Attended<float>& attended);
  // Rounds to the nearest half; numbers beyond the largest half become that.
  void (*to_halves)(const float* x, size_t size, Half* y);
  void (*from_halves)(const Half* x, size_t size, float* y);
  // y = x / √(mean(x²) + epsilon) · weight. [size]
  void (*norm)(const float* x, const float* weight, float epsilon, size_t size, float* y);
  void (*add)(const float* a, const float* b, size_t size, float* y);
  void (*multiply_each)(const float* a, const float* b, size_t size, float* y);
  // y += a ⊙ b
  void (*multiply_add)(const float* a, const float* b, size_t size, float* y);
  void (*delta)(const Delta& delta);
  void (*scale)(const float* x, float factor, size_t size, float* y);
  // 0: silu, 1: gelu by tanh, 2: sigmoid.
  void (*activate)(int activation, const float* x, size_t size, float* y);
  // cap · tanh(x / cap)
  void (*soft_cap)(const float* x, float cap, size_t size, float* y);
  // A matrix's row times x, which is not quantised.
  float (*row_product)(const Matrix& matrix, size_t row, const float* x);
  // A row of `to` from its stored numbers, which are of one of STORED_TYPES; with `low`, in two planes. False if one is NaN or infinite.
  // Denormals must count.
  bool (*round_row)(int type, const uint8_t* stored, size_t row, const Matrix& to, const Matrix* low);
};

// A type of stored numbers: how many are in a block, and its bytes.
struct StoredType {
  size_t block, bytes;
};

// f32, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1, q2_k, q3_k, q4_k, q5_k, q6_k, iq4_nl, iq4_xs (native-models/weights.ts)
constexpr StoredType STORED_TYPES[] = {
    {1, 4},   {1, 2},    {1, 2},     {32, 34},   {32, 18},   {32, 20},  {32, 22},   {32, 24},
    {256, 84}, {256, 110}, {256, 144}, {256, 176}, {256, 210}, {32, 18}, {256, 136},
};
constexpr int STORED_TYPE_COUNT = sizeof STORED_TYPES / sizeof *STORED_TYPES;

// The kernels by name: "avx512", "avx2", "portable"; null: the best. Null if this processor, or this build, lacks them.
const Kernels* kernels_named(const char* name);

// A row of a matrix, dequantised; 16 · matrix + low if it is in two planes. f32 [columns]
void read_row(const Matrix& matrix, const Matrix* low, size_t row, float* to);

// Stores rows `first` up to `end` in the layout of `Matrix`, from that of MatMulNBits: codes [rows][blocks][32 · bits / 8], scales
// [rows][blocks], both from row `first` on; scales may be null. The memory of `to` must be zeroed.
void pack(const uint8_t* codes, const float* scales, size_t first, size_t end, Matrix& to);

}  // namespace coppice
