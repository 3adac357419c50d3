// A model's answer to one token: a list of steps over a buffer of f32 numbers, matrices, vectors, and caches that the caller owns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels.h"
#include "memory.h"
#include "pool.h"

namespace coppice {

// What a step does; native-models/inference/steps.ts writes the same numbers. Letters: the fields of `Step`.
enum Operation {
  EMBED = 1,       // row `token` of matrix w (and of its low plane z, if not negative) → out
  NORM = 2,        // x [n · m], n rows of m, by vector w and epsilon f → out
  ADD = 3,         // x + y, n numbers → out
  SCALE = 4,       // x · f, n numbers → out
  PRODUCT = 5,     // matrix w · x (+ vector y, if not negative) → out
  GATED = 6,       // activation m of x, times y, n numbers → out
  ACTIVATE = 7,    // activation m of x, n numbers → out
  MULTIPLY = 8,    // x ⊙ y, n numbers → out
  ATTEND = 9,      // attention w of queries x, keys y and values z → out
  SOFT_CAP = 10,   // cap f of x, n numbers → out
  PICK = 11,       // columns from m on, k of them, of each of n rows of l columns of x → out
  CANDIDATES = 12, // adds the low plane w · x to the n largest of `out` [m]
};

struct Step {
  int64_t operation, out, x, y, z, w, n, m, k, l;
  float f;
};

// One attention over the caches 2 · index (keys) and 2 · index + 1 (values).
struct AttentionSizes {
  int64_t heads, kv_heads, width;
  float scale, cap;
  int64_t window;    // 0: none
  int64_t rotation;  // −1: none
};

// f32 [kv_heads][rows][width], owned by the caller.
struct Cache {
  float* numbers;
  int64_t rows;
};

// The rotary angles of the new token: [half] each; `growth` multiplies rotated queries.
struct Angles {
  const float* cos;
  const float* sin;
  int64_t half;
  float growth;
};

class Decoder {
 public:
  Decoder(int threads, const Kernels& kernels) : pool(threads), kernels(kernels) {}

  // A matrix of zeros; its number. `scales_of`: of an earlier matrix of the same sizes, whose scales it shares; negative: its own.
  int64_t add_matrix(int bits, int64_t rows, int64_t columns, int64_t scales_of);
  // Rows of a matrix from `first` on, whole groups except at its end, as `pack` takes them; no scales where they are shared. Returns what
  // is wrong with their numbers, or nothing.
  std::string fill_matrix(int64_t matrix, int64_t first, const uint8_t* codes, size_t code_count, const float* scales, size_t scale_count);
  int64_t add_vector(const float* numbers, int64_t size);
  // Checks every step against what it uses. Returns what is wrong with them, or nothing.
  std::string set_steps(std::vector<Step> steps, std::vector<AttentionSizes> attentions, int64_t buffer_size);
  // Reads a token at a position whose row in the caches is free. The logits are at `result` in the buffer; if `size` is 0, they are not
  // wanted. Returns what is wrong.
  std::string run(int64_t token, int64_t position, const std::vector<Cache>& caches, const std::vector<Angles>& angles,
                  int64_t result, float* logits, int64_t size);

  // Whether a cache of so many numbers has these rows.
  bool fits(size_t cache, int64_t rows, size_t numbers) const;

 private:
  void product(const Step& step);
  void attend(const Step& step, int64_t position, const std::vector<Cache>& caches, const std::vector<Angles>& angles);
  void candidates(const Step& step);
  void rotate(const float* from, float* to, int64_t heads, int64_t width, const Angles* angles, float scale);

  Pool pool;
  const Kernels& kernels;
  Memory memory;
  std::vector<Matrix> matrices;
  std::vector<bool> shares_scales;
  std::vector<std::vector<float>> vectors;
  std::vector<Step> steps;
  std::vector<AttentionSizes> attentions;
  std::vector<float> buffer;
  std::vector<int8_t> codes;
  std::vector<float> code_scales;
  std::vector<int32_t> code_sums;
  std::vector<float> queries, scores, partial;
};

}  // namespace coppice
