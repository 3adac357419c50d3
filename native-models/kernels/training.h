// A step of training through half a block with frozen weights in int8 or f32, and adapters: attention, or a gated MLP. All passes over some tokens are done
// while these are in the cache. training-loops.cpp is compiled once for each instruction set; training.cpp shares the work among threads.
#pragma once

#include <cstddef>
#include <cstdint>

namespace coppice {

// Widths are padded to this many numbers, with zeros.
constexpr size_t LANES = 16;
// Inputs of an int8 product are padded to this many, and tokens to ROWS: one tile of AMX.
constexpr size_t DEPTH = 64, ROWS = 32;

static inline size_t padded(size_t size, size_t to = LANES) { return (size + to - 1) / to * to; }

// A matrix in int8, one scale per output: groups of 16 outputs, each [depth / 4][16 outputs][4 inputs]; codes are unsigned, around 128.
struct Int8Matrix {
  size_t inputs = 0, outputs = 0;
  uint8_t* codes = nullptr;
  float* scales = nullptr;  // [padded outputs]

  size_t depth() const { return padded(inputs, DEPTH); }
  size_t groups() const { return padded(outputs) / LANES; }
};

// Columns of a matrix in f32 that are multiplied together: [panels][rows][PANEL], the last panel with the padded columns that are left.
constexpr size_t PANEL = 48;

// A frozen matrix [outputs, inputs] with its adapter: y = x·Wᵀ + bias + x·Aᵀ·Bᵀ, where B contains the factor alpha / rank.
struct Projection {
  Int8Matrix forward, backward;  // x·Wᵀ and dy·W
  // In f32: the panels of Wᵀ, and those of W for one call.
  float *panels = nullptr, *transposed = nullptr;
  const float* bias = nullptr;   // [outputs]
  size_t rank = 0;               // of the adapter; 0: none
  // Padded copies of the adapter for one call.
  float* b = nullptr;            // [padded outputs][padded rank]
  float* b_transposed = nullptr; // [padded rank][padded outputs]

  size_t inputs() const { return forward.inputs; }
  size_t outputs() const { return forward.outputs; }
};

// Projections of the same numbers.
struct Group {
  Projection of[3];
  size_t count = 0;
  int terms = 1;           // int8 numbers per activation: 2 if there are outliers
  bool is_int8 = true;
  bool is_adapted = false; // whether this call uses the adapters
  bool is_trained = false; // and wants their gradients
  float* a = nullptr;            // [inner][padded inputs]: all A below one another
  float* a_transposed = nullptr; // [padded inputs][inner]

  size_t inputs() const { return of[0].inputs(); }
  // The padded ranks of all adapters together.
  size_t inner() const {
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += padded(of[i].rank);
    return sum;
  }
  // The size of its gradients: A [inner][padded inputs], then for each projection B transposed [padded rank][padded outputs].
  size_t gradients() const {
    size_t sum = inner() * padded(inputs());
    for (size_t i = 0; i < count; i++) sum += padded(of[i].rank) * padded(of[i].outputs());
    return sum;
  }
};

// Root mean square normalisation; none if `weight` is null.
struct RmsNorm {
  const float* weight = nullptr;  // padded
  float epsilon = 0;
};

enum Activation { SILU, GELU_TANH };

struct HalfBlock {
  bool is_attention;
  size_t width;  // D
  RmsNorm before, after, queries, keys;
  float branch_scale = 1;
  Group in, out;  // q, k, v or gate, up; o or down
  // Of attention.
  size_t heads, kv_heads, head_width, pairs;
  float score_scale;
  size_t window;  // 0: none
  // Of an MLP.
  size_t inside;
  Activation activation;

  size_t queries_width() const { return heads * head_width; }
  size_t keys_width() const { return kv_heads * head_width; }
  size_t projected() const { return queries_width() + 2 * keys_width(); }
};

// What the forward pass leaves to the backward pass, for N tokens.
struct Kept {
  float* projected;   // attention: q, k and v before norms and rotation [N, projected]
  float* mixed;       // attention [N, queries_width]
  float* statistics;  // attention: the largest score, and 1 / Σ exp(score − largest) [N, heads, 2]
  uint16_t* inside;   // MLP with int8 weights: gate and up in bf16 [N, 2 · inside]
  float* inside_f32;  // others
  float *inner_in, *inner_out;  // x·Aᵀ of the groups [N, inner]
  float* branch;      // before the norm after it, if there is one [N, D]
};

// Memory that a task takes from, and gives back when it ends.
class Scratch {
 public:
  Scratch(uint8_t* memory) : memory(memory) {}

  template <typename Number>
  Number* take(size_t count) {
    Number* taken = reinterpret_cast<Number*>(memory + used);
    used += padded(count * sizeof(Number), 64);
    return taken;
  }
  size_t taken() const { return used; }

 private:
  uint8_t* memory;
  size_t used = 0;
};

struct Call {
  const HalfBlock* half;
  size_t tokens, tile;          // N, and how many tokens a tile has
  const int32_t* row_starts;    // [rows + 1]
  size_t rows, longest;
  const float *cos, *sin;       // [longest, pairs]
  const float* growth;          // of rotated queries [longest], or null
  const float* x;               // [N, D]
  float* y;                     // [N, D]
  const float* dy;
  float* dx;
  Kept kept;
  float *mixed_gradient, *projected_gradient;  // [N, queries_width], [N, projected]

  size_t tiles() const { return (tokens + tile - 1) / tile; }
};

// Passes over a tile of tokens, or over the tokens of a row and a key head. `gradients`: sums of the group's gradients.
struct TrainingLoops {
  const char* name;
  const char* numbers;  // sets of the same name here give the same bits
  void (*project)(const Call&, size_t tile, Scratch);
  void (*attend)(const Call&, size_t row, size_t kv_head, Scratch);
  void (*finish)(const Call&, size_t tile, Scratch);  // attention's output, or the whole MLP
  void (*finish_back)(const Call&, size_t tile, float* gradients, float* more, Scratch);
  void (*attend_back)(const Call&, size_t row, size_t kv_head, Scratch);
  void (*project_back)(const Call&, size_t tile, float* gradients, Scratch);
  // to += the sum of `count` arrays one after another.
  void (*add_all)(const float* from, size_t count, size_t stride, size_t size, float* to);
};

// The loops by name, "amx", "avx512", "avxvnni", "portable"; null if this processor lacks them, or the system
// does not allow them.
const TrainingLoops* training_loops_named(const char* name);

}  // namespace coppice
