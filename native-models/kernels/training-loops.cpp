// Compiled once for each instruction set, by build/native.ts; COPPICE_KERNELS names the result. Sums have the same order whatever the number
// of threads, and int8 sums are exact.
#include "training.h"

#include <cmath>
#include <cstring>

#include "maths.h"
#include "training-products.h"

namespace coppice {

namespace {

float sum_of(Vector v) {
  float sum = 0;
  for (size_t i = 0; i < WIDTH; i++) sum += v[i];
  return sum;
}

// Of x[first] to x[end − 1], which lie in padded memory.
float largest_of(const float* x, size_t first, size_t end) {
  float largest = x[first];
  size_t i = first + 1;
  for (; i < end && i % WIDTH != 0; i++) largest = most(x[i], largest);
  Vector all = Vector{} + largest;
  for (; i + WIDTH <= end; i += WIDTH) {
    const Vector v = load(x + i);
    all = v > all ? v : all;
  }
  for (; i < end; i++) largest = most(x[i], largest);
  for (size_t lane = 0; lane < WIDTH; lane++) largest = most(all[lane], largest);
  return largest;
}

// Σ a·b of padded numbers.
float dot(const float* a, const float* b, size_t size) {
  Vector sums[2] = {};
  for (size_t i = 0; i < size; i += 16)
    for (size_t part = 0; part < 16; part += WIDTH) sums[part / WIDTH % 2] += load(a + i + part) * load(b + i + part);
  return sum_of(sums[0] + sums[1]);
}

// Some rows copied to memory with padded rows.
float* padded_rows(const float* from, size_t stride, size_t rows, size_t width, Scratch& scratch) {
  const size_t to_stride = padded(width);
  float* to = scratch.take<float>(rows * to_stride);
  for (size_t row = 0; row < rows; row++) {
    std::memcpy(to + row * to_stride, from + row * stride, width * sizeof(float));
    std::memset(to + row * to_stride + width, 0, (to_stride - width) * sizeof(float));
  }
  return to;
}

// The same without a copy where they are so already.
const float* rows_of(const float* from, size_t stride, size_t rows, size_t width, Scratch& scratch) {
  return width % LANES == 0 && stride == width ? from : padded_rows(from, stride, rows, width, scratch);
}

void store_rows(const float* from, size_t rows, size_t width, float* to, size_t stride) {
  for (size_t row = 0; row < rows; row++) std::memcpy(to + row * stride, from + row * padded(width), width * sizeof(float));
}

float inverse_of(const RmsNorm& norm, const float* x, size_t width) {
  return 1 / std::sqrt(dot(x, x, padded(width)) / float(width) + norm.epsilon);
}

// y = x / rms ⊙ weight; may be in place. One row, padded.
void norm_row(const RmsNorm& norm, const float* x, size_t width, float* y) {
  const float inverse = inverse_of(norm, x, width);
  for (size_t i = 0; i < padded(width); i++) y[i] = x[i] * inverse * norm.weight[i];
}

// dy → dx in place: u = dy ⊙ weight, dx = (u − x̂·mean(u ⊙ x̂)) / rms
void norm_row_back(const RmsNorm& norm, const float* x, size_t width, float* d) {
  const size_t size = padded(width);
  const float inverse = inverse_of(norm, x, width);
  for (size_t i = 0; i < size; i++) d[i] *= norm.weight[i];
  const float along = dot(d, x, size) * inverse / float(width) * inverse;
  for (size_t i = 0; i < size; i++) d[i] = (d[i] - x[i] * along) * inverse;
}

void norm_rows(const RmsNorm& norm, const float* x, size_t rows, size_t width, float* y) {
  for (size_t row = 0; row < rows; row++) norm_row(norm, x + row * padded(width), width, y + row * padded(width));
}

void norm_rows_back(const RmsNorm& norm, const float* x, size_t rows, size_t width, float* d) {
  for (size_t row = 0; row < rows; row++) norm_row_back(norm, x + row * padded(width), width, d + row * padded(width));
}

// x [tokens, padded inputs] → y[i] [tokens, padded outputs] for each projection; `inner` [tokens, inner] is set if there are adapters.
void project_group(const Group& group, const float* x, size_t tokens, float* const* y, float* inner, Scratch scratch) {
  const size_t width = padded(group.inputs());
  RoundedRows rounded;
  if (group.is_int8) rounded = round_rows(x, width, tokens, group.inputs(), group.terms, scratch);
  const size_t inners = group.inner();
  if (group.is_adapted) product({x, width, 1}, tokens, width, group.a_transposed, inners, inners, inner, inners, false);
  for (size_t i = 0, first = 0; i < group.count; first += padded(group.of[i].rank), i++) {
    const Projection& p = group.of[i];
    const size_t outputs = padded(p.outputs());
    if (group.is_int8)
      multiply(rounded, p.forward, y[i], outputs, false);
    else
      multiply_panels(x, width, tokens, p.inputs(), p.panels, outputs, y[i], false);
    if (p.bias)
      for (size_t t = 0; t < tokens; t++)
        for (size_t o = 0; o < p.outputs(); o++) y[i][t * outputs + o] += p.bias[o];
    if (group.is_adapted && p.rank > 0)
      product({inner + first, inners, 1}, tokens, padded(p.rank), p.b_transposed, outputs, outputs, y[i], outputs, true);
  }
}

// dy[i] → dx [tokens, padded inputs], and the gradients of the adapters, of which x and x·Aᵀ are the inputs.
void project_group_back(const Group& group, const float* const* dy, const float* x, const float* inner, size_t tokens, float* dx,
                        float* gradients, Scratch scratch) {
  const size_t width = padded(group.inputs()), inners = group.inner();
  float* d_inner = group.is_adapted ? scratch.take<float>(tokens * inners) : nullptr;
  float* of_b = gradients + inners * width;
  for (size_t i = 0, first = 0; i < group.count; first += padded(group.of[i].rank), i++) {
    const Projection& p = group.of[i];
    const size_t outputs = padded(p.outputs()), rank = padded(p.rank);
    if (group.is_adapted && p.rank > 0) {
      product({dy[i], outputs, 1}, tokens, outputs, p.b, rank, rank, d_inner + first, inners, false);
      if (group.is_trained) product({inner + first, 1, inners}, rank, tokens, dy[i], outputs, outputs, of_b, outputs, true);
      of_b += rank * outputs;
    }
    if (group.is_int8) {
      Scratch own = scratch;
      multiply(round_rows(dy[i], outputs, tokens, p.outputs(), 1, own), p.backward, dx, width, i > 0);
    } else {
      multiply_panels(dy[i], outputs, tokens, p.outputs(), p.transposed, width, dx, i > 0);
    }
  }
  if (!group.is_adapted) return;
  product({d_inner, inners, 1}, tokens, inners, group.a, width, width, dx, width, true);
  if (group.is_trained) product({d_inner, 1, inners}, inners, tokens, x, width, width, gradients, width, true);
}

// A tile's tokens.
struct Tile {
  size_t first, tokens;
  Tile(const Call& call, size_t index) : first(index * call.tile), tokens(least(call.tile, call.tokens - first)) {}
};

// The input of the group `in`: x, normed if there is a norm. [tokens, padded D]
const float* normed_input(const Call& call, const Tile& tile, Scratch& scratch) {
  const HalfBlock& half = *call.half;
  const float* x = rows_of(call.x + tile.first * half.width, half.width, tile.tokens, half.width, scratch);
  if (!half.before.weight) return x;
  float* normed = scratch.take<float>(tile.tokens * padded(half.width));
  norm_rows(half.before, x, tile.tokens, half.width, normed);
  return normed;
}

void project(const Call& call, size_t index, Scratch scratch) {
  const Tile tile(call, index);
  const HalfBlock& half = *call.half;
  const float* x = normed_input(call, tile, scratch);
  float* results[3];
  for (size_t i = 0; i < 3; i++) results[i] = scratch.take<float>(tile.tokens * padded(half.in.of[i].outputs()));
  project_group(half.in, x, tile.tokens, results, call.kept.inner_in + tile.first * half.in.inner(), scratch);
  float* to = call.kept.projected + tile.first * half.projected();
  for (size_t i = 0; i < 3; to += half.in.of[i].outputs(), i++)
    store_rows(results[i], tile.tokens, half.in.of[i].outputs(), to, half.projected());
}

// act(g)
inline float activated(Activation activation, float g) {
  if (activation == SILU) return g * sigmoid(g);
  return 0.5f * g * (1 + bent(0.7978845608f * (g + 0.044715f * g * g * g)));
}

// act(g) ⊙ u
void gate(Activation activation, const float* g, const float* u, size_t size, float* h) {
  if (activation == SILU)
    for (size_t i = 0; i < size; i++) h[i] = activated(SILU, g[i]) * u[i];
  else
    for (size_t i = 0; i < size; i++) h[i] = activated(GELU_TANH, g[i]) * u[i];
}

// dh → dg, du, in place of g and u.
void gate_back(Activation activation, const float* dh, float* g, float* u, size_t size) {
  if (activation == SILU)
    for (size_t i = 0; i < size; i++) {
      const float s = sigmoid(g[i]), value = g[i] * s;
      g[i] = dh[i] * u[i] * (s + value * (1 - s));
      u[i] = dh[i] * value;
    }
  else
    for (size_t i = 0; i < size; i++) {
      const float x = g[i], b = bent(0.7978845608f * (x + 0.044715f * x * x * x));
      const float slope = 0.5f * (1 + b) + 0.5f * x * (1 - b * b) * 0.7978845608f * (1 + 0.134145f * x * x);
      g[i] = dh[i] * u[i] * slope;
      u[i] = dh[i] * 0.5f * x * (1 + b);
    }
}

// A row in bf16, rounded to the nearest, ties to even; NaN stays NaN.
void to_bf16(const float* from, size_t size, uint16_t* to) {
  for (size_t i = 0; i < size; i++) {
    uint32_t bits;
    std::memcpy(&bits, from + i, sizeof bits);
    const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    to[i] = uint16_t((bits & 0x7fffffff) > 0x7f800000 ? (bits >> 16 | 64) : rounded);
  }
}

float* from_bf16(const uint16_t* from, size_t stride, size_t rows, size_t width, Scratch& scratch) {
  float* to = scratch.take<float>(rows * padded(width));
  for (size_t row = 0; row < rows; row++) {
    float* own = to + row * padded(width);
    for (size_t i = 0; i < width; i++) {
      const uint32_t bits = uint32_t(from[row * stride + i]) << 16;
      std::memcpy(own + i, &bits, sizeof bits);
    }
    std::memset(own + width, 0, (padded(width) - width) * sizeof(float));
  }
  return to;
}

// The output projection of `inside`, added to the stream.
void finish_branch(const Call& call, const Tile& tile, const float* inside, Scratch scratch) {
  const HalfBlock& half = *call.half;
  const size_t width = half.width, stride = padded(width);
  float* branch = scratch.take<float>(tile.tokens * stride);
  project_group(half.out, inside, tile.tokens, &branch, call.kept.inner_out + tile.first * half.out.inner(), scratch);
  if (half.after.weight) {
    store_rows(branch, tile.tokens, width, call.kept.branch + tile.first * width, width);
    norm_rows(half.after, branch, tile.tokens, width, branch);
  }
  for (size_t t = 0; t < tile.tokens; t++) {
    const float *x = call.x + (tile.first + t) * width, *b = branch + t * stride;
    float* y = call.y + (tile.first + t) * width;
    for (size_t i = 0; i < width; i++) y[i] = x[i] + half.branch_scale * b[i];
  }
}

void finish(const Call& call, size_t index, Scratch scratch) {
  const Tile tile(call, index);
  const HalfBlock& half = *call.half;
  if (half.is_attention) {
    const size_t width = half.queries_width();
    return finish_branch(call, tile, rows_of(call.kept.mixed + tile.first * width, width, tile.tokens, width, scratch), scratch);
  }
  const float* x = normed_input(call, tile, scratch);
  const size_t stride = padded(half.inside);
  float* gate_up[2];
  for (float*& result : gate_up) result = scratch.take<float>(tile.tokens * stride);
  project_group(half.in, x, tile.tokens, gate_up, call.kept.inner_in + tile.first * half.in.inner(), scratch);
  for (size_t i = 0; i < 2; i++) {
    const size_t at = (2 * tile.first + i) * half.inside;
    if (half.in.is_int8)
      for (size_t t = 0; t < tile.tokens; t++)
        to_bf16(gate_up[i] + t * stride, half.inside, call.kept.inside + at + 2 * t * half.inside);
    else
      store_rows(gate_up[i], tile.tokens, half.inside, call.kept.inside_f32 + at, 2 * half.inside);
  }
  gate(half.activation, gate_up[0], gate_up[1], tile.tokens * stride, gate_up[0]);
  finish_branch(call, tile, gate_up[0], scratch);
}

// The gradient towards the branch, before the norm after it. [tokens, padded D]
const float* branch_gradient(const Call& call, const Tile& tile, Scratch& scratch) {
  const HalfBlock& half = *call.half;
  const size_t width = half.width;
  if (half.branch_scale == 1 && !half.after.weight) return rows_of(call.dy + tile.first * width, width, tile.tokens, width, scratch);
  float* d = padded_rows(call.dy + tile.first * width, width, tile.tokens, width, scratch);
  if (half.branch_scale != 1)
    for (size_t i = 0; i < tile.tokens * padded(width); i++) d[i] *= half.branch_scale;
  if (half.after.weight) {
    Scratch own = scratch;
    const float* branch = rows_of(call.kept.branch + tile.first * width, width, tile.tokens, width, own);
    norm_rows_back(half.after, branch, tile.tokens, width, d);
  }
  return d;
}

// dx = dy + the gradient through the group `in`.
void input_back(const Call& call, const Tile& tile, const float* const* d, float* gradients, Scratch scratch) {
  const HalfBlock& half = *call.half;
  const size_t width = half.width, stride = padded(width);
  const float* x = rows_of(call.x + tile.first * width, width, tile.tokens, width, scratch);
  const float* normed = normed_input(call, tile, scratch);
  float* dx = scratch.take<float>(tile.tokens * stride);
  project_group_back(half.in, d, normed, call.kept.inner_in + tile.first * half.in.inner(), tile.tokens, dx, gradients, scratch);
  if (half.before.weight) norm_rows_back(half.before, x, tile.tokens, width, dx);
  for (size_t t = 0; t < tile.tokens; t++) {
    const float *above = call.dy + (tile.first + t) * width, *own = dx + t * stride;
    float* below = call.dx + (tile.first + t) * width;
    for (size_t i = 0; i < width; i++) below[i] = above[i] + own[i];
  }
}

void finish_back(const Call& call, size_t index, float* gradients, float* more, Scratch scratch) {
  const Tile tile(call, index);
  const HalfBlock& half = *call.half;
  const float* d = branch_gradient(call, tile, scratch);
  const float* inner = call.kept.inner_out + tile.first * half.out.inner();
  if (half.is_attention) {
    const size_t width = half.queries_width();
    const float* mixed = rows_of(call.kept.mixed + tile.first * width, width, tile.tokens, width, scratch);
    float* result = scratch.take<float>(tile.tokens * padded(width));
    project_group_back(half.out, &d, mixed, inner, tile.tokens, result, gradients, scratch);
    return store_rows(result, tile.tokens, width, call.mixed_gradient + tile.first * width, width);
  }
  const size_t size = tile.tokens * padded(half.inside);
  float* gate_up[2];
  for (size_t i = 0; i < 2; i++) {
    const size_t at = (2 * tile.first + i) * half.inside, row = 2 * half.inside;
    gate_up[i] = half.in.is_int8 ? from_bf16(call.kept.inside + at, row, tile.tokens, half.inside, scratch)
                                 : padded_rows(call.kept.inside_f32 + at, row, tile.tokens, half.inside, scratch);
  }
  float* dh = scratch.take<float>(size);
  {
    Scratch own = scratch;
    float* h = own.take<float>(size);
    gate(half.activation, gate_up[0], gate_up[1], size, h);
    project_group_back(half.out, &d, h, inner, tile.tokens, dh, gradients, own);
  }
  gate_back(half.activation, dh, gate_up[0], gate_up[1], size);
  input_back(call, tile, gate_up, more, scratch);
}

void project_back(const Call& call, size_t index, float* gradients, Scratch scratch) {
  const Tile tile(call, index);
  const HalfBlock& half = *call.half;
  const float *from = call.projected_gradient + tile.first * half.projected(), *d[3];
  for (size_t i = 0; i < 3; from += half.in.of[i].outputs(), i++)
    d[i] = padded_rows(from, half.projected(), tile.tokens, half.in.of[i].outputs(), scratch);
  input_back(call, tile, d, gradients, scratch);
}

// Attention: a row's tokens, for the query heads of one key head.

constexpr size_t QUERIES = 32;  // at a time

struct Head {
  const Call& call;
  const HalfBlock& half;
  size_t start, length, width, stride;  // the row's first token; of a head, and padded

  Head(const Call& call, size_t row)
      : call(call), half(*call.half), start(call.row_starts[row]), length(call.row_starts[row + 1] - start), width(half.head_width),
        stride(padded(width)) {}

  // The columns of its keys in `projected`; values follow after all keys.
  size_t keys_at(size_t kv_head) const { return half.queries_width() + kv_head * width; }

  const float* projected(size_t token, size_t column) const {
    return call.kept.projected + (start + token) * half.projected() + column;
  }

  // Rotates by a position's angles, or back. The first half of the rotated numbers is paired with the second.
  void rotate(float* x, size_t position, float direction) const {
    const float *cos = call.cos + position * half.pairs, *sin = call.sin + position * half.pairs;
    for (size_t i = 0; i < half.pairs; i++) {
      const float a = x[i], b = x[half.pairs + i], s = direction * sin[i];
      x[i] = a * cos[i] - b * s;
      x[half.pairs + i] = b * cos[i] + a * s;
    }
  }

  // Queries or keys after their norm and rotation. [count, stride]
  float* prepared(const RmsNorm& norm, size_t column, size_t first, size_t count, bool grows, Scratch& scratch) const {
    float* to = padded_rows(projected(first, column), half.projected(), count, width, scratch);
    for (size_t i = 0; i < count; i++) {
      float* x = to + i * stride;
      if (norm.weight) norm_row(norm, x, width, x);
      if (half.pairs > 0) rotate(x, first + i, 1);
      if (grows && call.growth)
        for (size_t j = 0; j < width; j++) x[j] *= call.growth[first + i];
    }
    return to;
  }

  // The gradient towards prepared numbers becomes that towards projected ones, in `projected_gradient`.
  void unprepare(const RmsNorm& norm, size_t column, size_t first, size_t count, bool grows, float* d, Scratch scratch) const {
    const float* raw = norm.weight ? padded_rows(projected(first, column), half.projected(), count, width, scratch) : nullptr;
    for (size_t i = 0; i < count; i++) {
      float* own = d + i * stride;
      if (grows && call.growth)
        for (size_t j = 0; j < width; j++) own[j] *= call.growth[first + i];
      if (half.pairs > 0) rotate(own, first + i, -1);
      if (norm.weight) norm_row_back(norm, raw + i * stride, width, own);
    }
    store_rows(d, count, width, call.projected_gradient + (start + first) * half.projected() + column, half.projected());
  }

  // Rows [count, stride] → [stride, padded length], zero where there is no token.
  float* transposed(const float* rows, Scratch& scratch) const {
    const size_t columns = padded(length);
    float* to = scratch.take<float>(stride * columns);
    std::memset(to, 0, stride * columns * sizeof(float));
    for (size_t t = 0; t < length; t++)
      for (size_t i = 0; i < width; i++) to[i * columns + t] = rows[t * stride + i];
    return to;
  }

  // The first token that a query sees.
  size_t first_seen(size_t query) const { return half.window > 0 && query >= half.window ? query + 1 - half.window : 0; }

  // A query's scores become exp(score · scale − largest); those that it does not see, up to `end`, become 0.
  void exponentials(float* scores, size_t query, float largest, size_t end) const {
    const size_t first = first_seen(query);
    for (size_t j = first; j <= query; j++) scores[j] = exponential(scores[j] * half.score_scale - largest);
    std::memset(scores, 0, first * sizeof(float));
    std::memset(scores + query + 1, 0, (end - query - 1) * sizeof(float));
  }
};

// Where a tile of queries starts to look, in whole lanes.
size_t first_column(const Head& head, size_t first) { return head.first_seen(first) / LANES * LANES; }

void attend(const Call& call, size_t row, size_t kv_head, Scratch scratch) {
  const Head head(call, row);
  const HalfBlock& half = head.half;
  const size_t group = half.heads / half.kv_heads, columns = padded(head.length), stride = head.stride;
  const size_t keys_at = head.keys_at(kv_head), values_at = keys_at + half.keys_width();
  const float* keys = head.prepared(half.keys, keys_at, 0, head.length, false, scratch);
  const float* transposed = head.transposed(keys, scratch);
  const float* values = padded_rows(head.projected(0, values_at), half.projected(), head.length, head.width, scratch);
  for (size_t h = kv_head * group; h < (kv_head + 1) * group; h++)
    for (size_t first = 0; first < head.length; first += QUERIES) {
      Scratch own = scratch;
      const size_t count = least(QUERIES, head.length - first), last = first + count, end = padded(last), from = first_column(head, first);
      const float* queries = head.prepared(half.queries, h * head.width, first, count, true, own);
      float *scores = own.take<float>(count * end), *mixed = own.take<float>(count * stride);
      product({queries, stride, 1}, count, stride, transposed + from, columns, end - from, scores + from, end, false);
      for (size_t i = 0; i < count; i++) {
        const size_t query = first + i, seen = head.first_seen(query);
        float* own_scores = scores + i * end;
        const float largest = largest_of(own_scores, seen, query + 1) * half.score_scale;
        head.exponentials(own_scores, query, largest, end);
        Vector sums = {};
        for (size_t j = from; j < end; j += WIDTH) sums += load(own_scores + j);
        float* statistics = call.kept.statistics + ((head.start + query) * half.heads + h) * 2;
        statistics[0] = largest;
        statistics[1] = 1 / sum_of(sums);
        for (size_t j = from; j < end; j++) own_scores[j] *= statistics[1];
      }
      product({scores + from, end, 1}, count, last - from, values + from * stride, stride, stride, mixed, stride, false);
      store_rows(mixed, count, head.width, call.kept.mixed + (head.start + first) * half.queries_width() + h * head.width,
                 half.queries_width());
    }
}

// Of the softmax's gradient only Σ d ⊙ mixed of each query is needed (arXiv 2205.14135).
void attend_back(const Call& call, size_t row, size_t kv_head, Scratch scratch) {
  const Head head(call, row);
  const HalfBlock& half = head.half;
  const size_t group = half.heads / half.kv_heads, columns = padded(head.length), stride = head.stride;
  const size_t keys_at = head.keys_at(kv_head), values_at = keys_at + half.keys_width(), mixed_width = half.queries_width();
  const float* keys = head.prepared(half.keys, keys_at, 0, head.length, false, scratch);
  const float* keys_transposed = head.transposed(keys, scratch);
  const float* values_transposed =
      head.transposed(padded_rows(head.projected(0, values_at), half.projected(), head.length, head.width, scratch), scratch);
  float *d_keys = scratch.take<float>(columns * stride), *d_values = scratch.take<float>(columns * stride);
  std::memset(d_keys, 0, columns * stride * sizeof(float));
  std::memset(d_values, 0, columns * stride * sizeof(float));
  for (size_t h = kv_head * group; h < (kv_head + 1) * group; h++)
    for (size_t first = 0; first < head.length; first += QUERIES) {
      Scratch own = scratch;
      const size_t count = least(QUERIES, head.length - first), last = first + count, end = padded(last), from = first_column(head, first);
      const float* queries = head.prepared(half.queries, h * head.width, first, count, true, own);
      const size_t at = (head.start + first) * mixed_width + h * head.width;
      const float* mixed = padded_rows(call.kept.mixed + at, mixed_width, count, head.width, own);
      const float* d_mixed = padded_rows(call.mixed_gradient + at, mixed_width, count, head.width, own);
      float *weights = own.take<float>(count * end), *slopes = own.take<float>(count * end), *d_queries = own.take<float>(count * stride);
      product({queries, stride, 1}, count, stride, keys_transposed + from, columns, end - from, weights + from, end, false);
      product({d_mixed, stride, 1}, count, stride, values_transposed + from, columns, end - from, slopes + from, end, false);
      for (size_t i = 0; i < count; i++) {
        const size_t query = first + i;
        const float* statistics = call.kept.statistics + ((head.start + query) * half.heads + h) * 2;
        const float along = dot(d_mixed + i * stride, mixed + i * stride, stride);
        float *w = weights + i * end, *s = slopes + i * end;
        head.exponentials(w, query, statistics[0], end);
        for (size_t j = from; j < end; j++) {
          w[j] *= statistics[1];
          s[j] = w[j] * (s[j] - along) * half.score_scale;
        }
      }
      product({slopes + from, end, 1}, count, last - from, keys + from * stride, stride, stride, d_queries, stride, false);
      product({slopes + from, 1, end}, last - from, count, queries, stride, stride, d_keys + from * stride, stride, true);
      product({weights + from, 1, end}, last - from, count, d_mixed, stride, stride, d_values + from * stride, stride, true);
      head.unprepare(half.queries, h * head.width, first, count, true, d_queries, own);
    }
  head.unprepare(half.keys, keys_at, 0, head.length, false, d_keys, scratch);
  store_rows(d_values, head.length, head.width, call.projected_gradient + head.start * half.projected() + values_at, half.projected());
}

void add_all(const float* from, size_t count, size_t stride, size_t size, float* to) {
  for (size_t i = 0; i < size; i++) {
    float sum = from[i];
    for (size_t k = 1; k < count; k++) sum += from[k * stride + i];
    to[i] += sum;
  }
}

}  // namespace

#define JOINED(a, b) a##b
#define LOOPS(name) JOINED(training_loops_, name)
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

extern const TrainingLoops LOOPS(COPPICE_KERNELS);
const TrainingLoops LOOPS(COPPICE_KERNELS) = {
    TEXT(COPPICE_KERNELS), NUMBERS, project, attend, finish, finish_back, attend_back, project_back, add_all,
};

}  // namespace coppice
