// Halves of blocks that are trained with int8 weights and adapters, and the memory of their steps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "memory.h"
#include "pool.h"
#include "training.h"

namespace coppice {

// Memory that is reused, and grows when more is needed.
class Growing {
 public:
  // Aligned for every vector register. Throws std::bad_alloc.
  uint8_t* of(size_t bytes);

 private:
  std::unique_ptr<uint8_t[]> memory;
  size_t size = 0;
};

// The sizes of a half, as JavaScript gives them; 0: none, of norms: a negative epsilon.
struct HalfSizes {
  int64_t is_attention, width, heads, kv_heads, head_width, pairs, window, inside, activation, rank;
  double score_scale, branch_scale, alpha, before, after, queries, keys;
};

struct Rows {
  const int32_t* starts;
  size_t count;
  const float *cos, *sin, *growth;
};

class Trainer {
 public:
  // Throws std::system_error.
  Trainer(int threads, const TrainingLoops& loops) : pool(threads), loops(loops) {}

  const char* loops_name() const { return loops.name; }
  // Returns the half's index; −1 if its sizes are impossible.
  int64_t add(const HalfSizes& sizes);
  // Of projection `index`: 0 to 2 for q, k and v or gate and up, then the output. Codes and scales as in Int8Columns of
  // native-models/int8-matrices.ts. What is wrong, or an empty string; so are the following.
  std::string set_projection(int64_t half, int64_t index, const int8_t* forward, const float* forward_scales, const int8_t* backward,
                             const float* backward_scales, const float* bias);
  // The same in f32: weights [outputs, inputs].
  void set_projection(int64_t half, int64_t index, const float* weights, const float* bias);
  // 0: before, 1: after, 2: of queries, 3: of keys.
  std::string set_norm(int64_t half, int64_t index, const float* weight, size_t size);
  // Whether the half has projection `index`, and its outputs and inputs.
  bool has_projection(int64_t half, int64_t index) const;
  size_t outputs(int64_t half, int64_t index) const;
  size_t inputs(int64_t half, int64_t index) const;
  size_t width(int64_t half) const { return halves[half]->half.width; }
  size_t pairs(int64_t half) const { return halves[half]->half.pairs; }
  // Numbers in the half's adapters: A [rank, inputs], B [outputs, rank] of each projection in order.
  size_t adapter_size(int64_t half) const;
  bool has(int64_t half) const { return half >= 0 && half < int64_t(halves.size()); }

  // x → y, with the adapters' values or null; what the backward pass needs is left in `slot`. N is the last of the rows' starts.
  void forward(int64_t half, size_t slot, const Rows& rows, const float* x, const float* adapters, float* y);
  // dy → dx, after `forward` with the same slot; adds to the adapters' gradients unless null.
  void backward(int64_t half, size_t slot, const Rows& rows, const float* x, const float* adapters, const float* dy, float* dx,
                float* gradients);

 private:
  struct Stored {
    HalfBlock half;
    double alpha;
  };

  Call call_of(const HalfBlock& half, size_t slot, const Rows& rows);
  Projection& projection(int64_t half, int64_t index) const;
  void set_bias(Projection& p, const float* bias);
  // The panels of a half's weights in f32 for a pass backward.
  void transpose(HalfBlock& half);
  void adapt(Stored& stored, const float* adapters, bool is_trained);
  void adapt_group(Group& group, const float* adapters, size_t& at, float factor, uint8_t*& memory);
  template <typename Task>
  void each_tile(const Call& call, const Task& task);
  template <typename Task>
  void each_head(const Call& call, const Task& task);
  template <typename Task>
  const float* each_share(const Call& call, size_t size, size_t more, const Task& task);
  void add_gradients(const Group& group, const float* shares, size_t stride, float factor, float* to);
  size_t scratch_bytes(const Call& call) const;
  uint8_t* scratch_of(int thread) { return scratch_memory + size_t(thread) * scratch_size; }

  Memory memory;
  Pool pool;
  const TrainingLoops& loops;
  std::vector<std::unique_ptr<Stored>> halves;
  std::vector<std::unique_ptr<Growing>> slots;
  Growing scratch, streams, sums, gradients_between, adapters_memory, transposed_memory;
  uint8_t* scratch_memory = nullptr;
  size_t scratch_size = 0;
};

}  // namespace coppice
