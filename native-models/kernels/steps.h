// A model as a list of steps over the rows of a piece of text, one row per token.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels.h"

namespace coppice {

// What a step does for each row; native-models/inference/steps.ts writes the same numbers. Letters: the fields of `Step`.
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
  CONVOLVE = 13,   // x [n] and the m − 1 inputs before it, in state k, each channel by its m taps in vector w (+ vector y, if not negative) → out
  DELTA = 14,      // delta rule w of queries x, keys y, values z, decays k and betas l → out
};

// out, x, y and z are places in a row, or, from LOGITS on, in its logits, which only steps of the head may use.
struct Step {
  int64_t operation, out, x, y, z, w, n, m, k, l;
  float f;
};

constexpr int64_t LOGITS = int64_t(1) << 31;

// One attention over the caches 2 · index (keys) and 2 · index + 1 (values).
struct AttentionSizes {
  int64_t heads, kv_heads, width;
  float scale, cap;
  int64_t window;    // 0: none
  int64_t rotation;  // −1: none
};

// A gated delta rule. `rate` (A_log) and `bias` (dt_bias): vectors with a number per head; `state`: the index of S [heads][key_width][value_width].
struct DeltaSizes {
  int64_t heads, key_heads, key_width, value_width, rate, bias, state;
};

// Whether a step uses rows other than its own, through caches or a state that later tokens use, too.
inline bool mixes_tokens(const Step& step) {
  return step.operation == ATTEND || step.operation == CONVOLVE || step.operation == DELTA;
}

// The number of steps up to the last one that mixes tokens: after it, only tokens whose logits are wanted are computed.
size_t mixing_end(const std::vector<Step>& steps);

// The number of steps before the head: up to the last norm, or to the last step that mixes tokens if no norm follows it.
size_t head_start(const std::vector<Step>& steps);

// What steps may use.
struct Parts {
  const std::vector<Matrix>& matrices;
  const std::vector<std::vector<float>>& vectors;
  const std::vector<AttentionSizes>& attentions;
  const std::vector<DeltaSizes>& deltas;
  int64_t row_size, logits_size;
};

// How many numbers each state has, in the order in which steps use the states.
std::vector<int64_t> state_sizes(const std::vector<Step>& steps, const std::vector<DeltaSizes>& deltas);

// What is wrong with the steps, or nothing.
std::string validate(const std::vector<Step>& steps, const Parts& parts);

}  // namespace coppice
