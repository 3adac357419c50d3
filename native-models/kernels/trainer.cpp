#include "trainer.h"

#include <algorithm>
#include <cstring>

namespace coppice {

namespace {

// Gradients are summed in this many shares of the tiles, whatever the number of threads.
constexpr size_t SHARES = 8;
constexpr size_t ALIGNMENT = 64;

// Tiles of more tokens read weights less often; with few tokens there are smaller ones, for all threads to have some.
size_t tile_of(size_t tokens) { return tokens >= 1024 ? 64 : tokens >= 256 ? 32 : 16; }

// Copies rows of `from`, or its columns, to padded rows, times a factor.
void copy(const float* from, size_t row, size_t column, size_t rows, size_t columns, float factor, float* to, size_t stride) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) to[r * stride + c] = factor * from[r * row + c * column];
}

}  // namespace

uint8_t* Growing::of(size_t bytes) {
  if (bytes + ALIGNMENT > size) {
    memory.reset();
    size = 0;
    memory.reset(new uint8_t[bytes + ALIGNMENT]);
    size = bytes + ALIGNMENT;
  }
  return reinterpret_cast<uint8_t*>(padded(reinterpret_cast<size_t>(memory.get()), ALIGNMENT));
}

int64_t Trainer::add(const HalfSizes& s) {
  const auto possible = [](int64_t size) { return size > 0 && size < (1 << 24); };
  if (!possible(s.width) || s.rank < 0 || s.rank > 4096) return -1;
  auto stored = std::make_unique<Stored>();
  HalfBlock& half = stored->half;
  half = {};
  half.is_attention = s.is_attention != 0;
  half.width = size_t(s.width);
  half.branch_scale = float(s.branch_scale);
  stored->alpha = s.alpha;
  const auto norm = [&](double epsilon, RmsNorm& to) { to.epsilon = float(epsilon); };
  norm(s.before, half.before);
  norm(s.after, half.after);
  norm(s.queries, half.queries);
  norm(s.keys, half.keys);
  std::vector<size_t> outputs;
  size_t inside;
  if (half.is_attention) {
    if (!possible(s.heads) || !possible(s.kv_heads) || !possible(s.head_width) || s.heads % s.kv_heads != 0 || s.pairs < 0 ||
        2 * s.pairs > s.head_width || s.window < 0)
      return -1;
    half.heads = size_t(s.heads);
    half.kv_heads = size_t(s.kv_heads);
    half.head_width = size_t(s.head_width);
    half.pairs = size_t(s.pairs);
    half.window = size_t(s.window);
    half.score_scale = float(s.score_scale);
    inside = half.queries_width();
    outputs = {inside, half.keys_width(), half.keys_width()};
    half.out.terms = 1;  // attention's outputs have no outliers
  } else {
    if (!possible(s.inside) || s.activation < SILU || s.activation > GELU_TANH) return -1;
    half.inside = inside = size_t(s.inside);
    half.activation = Activation(s.activation);
    outputs = {inside, inside};
    half.out.terms = 2;
  }
  half.in.terms = 2;
  half.in.count = outputs.size();
  half.out.count = 1;
  const auto shape = [&](Projection& p, size_t inputs, size_t outputs) {
    p.rank = size_t(s.rank);
    p.forward.inputs = p.backward.outputs = inputs;
    p.forward.outputs = p.backward.inputs = outputs;
  };
  for (size_t i = 0; i < outputs.size(); i++) shape(half.in.of[i], half.width, outputs[i]);
  shape(half.out.of[0], inside, half.width);
  halves.push_back(std::move(stored));
  return int64_t(halves.size()) - 1;
}

Projection& Trainer::projection(int64_t half, int64_t index) const {
  HalfBlock& of = halves[half]->half;
  return size_t(index) < of.in.count ? of.in.of[index] : of.out.of[0];
}

bool Trainer::has_projection(int64_t half, int64_t index) const {
  return index >= 0 && size_t(index) <= halves[half]->half.in.count;
}

size_t Trainer::outputs(int64_t half, int64_t index) const { return projection(half, index).outputs(); }
size_t Trainer::inputs(int64_t half, int64_t index) const { return projection(half, index).inputs(); }

std::string Trainer::set_projection(int64_t half, int64_t index, const int8_t* forward, const float* forward_scales,
                                    const int8_t* backward, const float* backward_scales, const float* bias) {
  Projection& p = projection(half, index);
  // codes: [inputs, outputs]
  const auto pack = [&](Int8Matrix& m, const int8_t* codes, const float* scales) {
    const size_t depth = m.depth();
    if (!m.codes) {
      m.codes = memory.zeroed(m.groups() * depth * LANES);
      m.scales = reinterpret_cast<float*>(memory.zeroed(m.groups() * LANES * sizeof(float)));
    }
    std::copy(scales, scales + m.outputs, m.scales);
    pool.share(int64_t(m.groups()), [&](int64_t group, int) {
      uint8_t* to = m.codes + size_t(group) * depth * LANES;
      for (size_t k = 0; k < m.inputs; k++)
        for (size_t lane = 0; lane < LANES; lane++) {
          const size_t output = size_t(group) * LANES + lane;
          to[k / 4 * 64 + lane * 4 + k % 4] = output < m.outputs ? uint8_t(codes[k * m.outputs + output] + 128) : 128;
        }
    });
  };
  pack(p.forward, forward, forward_scales);
  pack(p.backward, backward, backward_scales);
  set_bias(p, bias);
  return "";
}

void Trainer::set_projection(int64_t half, int64_t index, const float* weights, const float* bias) {
  Projection& p = projection(half, index);
  const size_t inputs = p.inputs(), columns = padded(p.outputs());
  p.panels = reinterpret_cast<float*>(memory.zeroed(inputs * columns * sizeof(float)));
  pool.share(int64_t((columns + PANEL - 1) / PANEL), [&](int64_t index, int) {
    const size_t first = size_t(index) * PANEL, width = std::min(PANEL, columns - first);
    float* panel = p.panels + first * inputs;
    for (size_t o = first; o < std::min(first + width, p.outputs()); o++)
      for (size_t i = 0; i < inputs; i++) panel[i * width + o - first] = weights[o * inputs + i];
  });
  (size_t(index) < halves[half]->half.in.count ? halves[half]->half.in : halves[half]->half.out).is_int8 = false;
  set_bias(p, bias);
}

void Trainer::set_bias(Projection& p, const float* bias) {
  if (!bias) return;
  float* to = reinterpret_cast<float*>(memory.zeroed(p.outputs() * sizeof(float)));
  std::copy(bias, bias + p.outputs(), to);
  p.bias = to;
}

void Trainer::transpose(HalfBlock& half) {
  const auto size_of = [](const Projection& p) { return p.outputs() * padded(p.inputs()); };
  size_t size = 0;
  for (Group* group : {&half.in, &half.out})
    for (size_t i = 0; i < group->count; i++) size += group->is_int8 ? 0 : size_of(group->of[i]);
  if (size == 0) return;
  float* to = reinterpret_cast<float*>(transposed_memory.of(size * sizeof(float)));
  for (Group* group : {&half.in, &half.out})
    for (size_t i = 0; i < group->count; i++) {
      Projection& p = group->of[i];
      const size_t rows = p.outputs(), columns = p.inputs();
      p.transposed = to;
      to += size_of(p);
      pool.share(int64_t((columns + PANEL - 1) / PANEL), [&](int64_t index, int) {
        const size_t first = size_t(index) * PANEL, width = std::min(PANEL, padded(columns) - first), real = std::min(width, columns - first);
        float* panel = p.transposed + first * rows;
        if (real < width) std::fill(panel, panel + rows * width, 0.0f);
        for (size_t above = 0; above < rows; above += PANEL) {
          const size_t high = std::min(PANEL, padded(rows) - above), count = std::min(high, rows - above);
          const float* from = p.panels + above * columns + first * high;
          for (size_t o = 0; o < count; o++)
            for (size_t k = 0; k < real; k++) panel[(above + o) * width + k] = from[k * high + o];
        }
      });
    }
}

std::string Trainer::set_norm(int64_t index_of_half, int64_t index, const float* weight, size_t size) {
  HalfBlock& half = halves[index_of_half]->half;
  RmsNorm* const norms[] = {&half.before, &half.after, &half.queries, &half.keys};
  if (index < 0 || index > 3) return "there is no such norm";
  const size_t expected = index < 2 ? half.width : half.head_width;
  if (size != expected || norms[index]->epsilon < 0) return "a norm has another size";
  float* to = reinterpret_cast<float*>(memory.zeroed(padded(size) * sizeof(float)));
  std::copy(weight, weight + size, to);
  norms[index]->weight = to;
  return "";
}

size_t Trainer::adapter_size(int64_t half) const {
  size_t size = 0;
  for (int64_t i = 0; has_projection(half, i); i++) {
    const Projection& p = projection(half, i);
    size += p.rank * (p.inputs() + p.outputs());
  }
  return size;
}

// Where what a half keeps is in memory.
Call Trainer::call_of(const HalfBlock& half, size_t slot, const Rows& rows) {
  while (slots.size() <= slot) slots.push_back(std::make_unique<Growing>());
  Call call{};
  call.half = &half;
  call.row_starts = rows.starts;
  call.rows = rows.count;
  call.tokens = size_t(rows.starts[rows.count]);
  call.tile = tile_of(call.tokens);
  for (size_t row = 0; row < rows.count; row++)
    call.longest = std::max(call.longest, size_t(rows.starts[row + 1] - rows.starts[row]));
  call.cos = rows.cos;
  call.sin = rows.sin;
  call.growth = rows.growth;
  const size_t n = call.tokens;
  for (uint8_t* from = nullptr;;) {  // first measures, then gives
    Scratch taken(from);
    Kept& kept = call.kept;
    if (half.is_attention) {
      kept.projected = taken.take<float>(n * half.projected());
      kept.mixed = taken.take<float>(n * half.queries_width());
      kept.statistics = taken.take<float>(n * half.heads * 2);
    } else if (half.in.is_int8) {
      kept.inside = taken.take<uint16_t>(n * 2 * half.inside);
    } else {
      kept.inside_f32 = taken.take<float>(n * 2 * half.inside);
    }
    kept.inner_in = taken.take<float>(n * half.in.inner());
    kept.inner_out = taken.take<float>(n * half.out.inner());
    if (half.after.weight) kept.branch = taken.take<float>(n * half.width);
    if (from) break;
    from = slots[slot]->of(taken.taken());
  }
  scratch_size = padded(scratch_bytes(call), 4096);
  scratch_memory = scratch.of(scratch_size * size_t(pool.threads()));
  return call;
}

// More than any task takes.
size_t Trainer::scratch_bytes(const Call& call) const {
  const HalfBlock& half = *call.half;
  const size_t tile = padded(call.tile, ROWS);
  size_t widths = 6 * padded(half.width) + half.in.inner() + half.out.inner();
  if (half.is_attention)
    widths += 3 * padded(half.queries_width()) + 6 * padded(half.keys_width());
  else
    widths += 8 * padded(half.inside);
  size_t deepest = std::max(half.in.of[0].inputs(), half.out.of[0].inputs());
  for (size_t i = 0; i < half.in.count; i++) deepest = std::max(deepest, half.in.of[i].outputs());
  const size_t of_tile = tile * (widths * sizeof(float) + 3 * padded(deepest, DEPTH)) + 65536;
  if (!half.is_attention) return of_tile;
  const size_t length = padded(call.longest), head = padded(half.head_width), queries = 32;
  const size_t of_head = (7 * length * head + 2 * queries * length + 5 * queries * head) * sizeof(float) + 65536;
  return std::max(of_tile, of_head);
}

template <typename Task>
void Trainer::each_tile(const Call& call, const Task& task) {
  pool.share(int64_t(call.tiles()), [&](int64_t tile, int thread) { task(size_t(tile), Scratch(scratch_of(thread))); });
}

// Longer rows first, since they take longest.
template <typename Task>
void Trainer::each_head(const Call& call, const Task& task) {
  std::vector<size_t> order(call.rows);
  for (size_t row = 0; row < call.rows; row++) order[row] = row;
  const auto length = [&](size_t row) { return call.row_starts[row + 1] - call.row_starts[row]; };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return length(a) > length(b); });
  const size_t heads = call.half->kv_heads;
  pool.share(int64_t(call.rows * heads), [&](int64_t index, int thread) {
    task(order[size_t(index) / heads], size_t(index) % heads, Scratch(scratch_of(thread)));
  });
}

// Tiles in shares, each with memory for sums of `size` and of `more` numbers, zeroed. Returns all the former, then all the latter.
template <typename Task>
const float* Trainer::each_share(const Call& call, size_t size, size_t more, const Task& task) {
  float* const all = reinterpret_cast<float*>(sums.of(SHARES * (size + more) * sizeof(float)));
  const size_t tiles = call.tiles();
  pool.share(int64_t(SHARES), [&](int64_t share, int thread) {
    float *own = all + size_t(share) * size, *others = all + SHARES * size + size_t(share) * more;
    std::fill(own, own + size, 0.0f);
    std::fill(others, others + more, 0.0f);
    for (size_t tile = tiles * size_t(share) / SHARES; tile < tiles * size_t(share + 1) / SHARES; tile++)
      task(tile, own, others, Scratch(scratch_of(thread)));
  });
  return all;
}

// Padded copies of the adapters' values, in the forms that products need.
void Trainer::adapt(Stored& stored, const float* adapters, bool is_trained) {
  HalfBlock& half = stored.half;
  size_t at = 0, bytes = 0;
  for (Group* group : {&half.in, &half.out}) {
    group->is_adapted = adapters != nullptr && group->inner() > 0;
    group->is_trained = group->is_adapted && is_trained;
    bytes += 2 * group->gradients() * sizeof(float) + 16 * ALIGNMENT;
  }
  if (!half.in.is_adapted) return;
  uint8_t* to = adapters_memory.of(bytes);
  std::memset(to, 0, bytes);
  for (Group* group : {&half.in, &half.out}) adapt_group(*group, adapters, at, float(stored.alpha / double(group->of[0].rank)), to);
}

void Trainer::adapt_group(Group& group, const float* adapters, size_t& at, float factor, uint8_t*& memory) {
  Scratch taken(memory);
  const size_t inputs = group.inputs(), width = padded(inputs), inner = group.inner();
  group.a = taken.take<float>(inner * width);
  group.a_transposed = taken.take<float>(inner * width);
  for (size_t i = 0, first = 0; i < group.count; first += padded(group.of[i].rank), i++) {
    Projection& p = group.of[i];
    const size_t rank = p.rank, outputs = p.outputs();
    copy(adapters + at, inputs, 1, rank, inputs, 1, group.a + first * width, width);
    copy(adapters + at, 1, inputs, inputs, rank, 1, group.a_transposed + first, inner);
    at += rank * inputs;
    p.b = taken.take<float>(padded(outputs) * padded(rank));
    p.b_transposed = taken.take<float>(padded(outputs) * padded(rank));
    copy(adapters + at, rank, 1, outputs, rank, factor, p.b, padded(rank));
    copy(adapters + at, 1, rank, rank, outputs, factor, p.b_transposed, padded(outputs));
    at += rank * outputs;
  }
  memory += taken.taken();
}

// Adds the shares' sums, one after another, to gradients in the order of the adapters' values.
void Trainer::add_gradients(const Group& group, const float* shares, size_t stride, float factor, float* to) {
  if (!group.is_trained) return;
  const size_t size = group.gradients(), inputs = group.inputs(), width = padded(inputs);
  float* const whole = reinterpret_cast<float*>(gradients_between.of(size * sizeof(float)));
  constexpr size_t PIECE = 4096;
  pool.share(int64_t((size + PIECE - 1) / PIECE), [&](int64_t piece, int) {
    const size_t first = size_t(piece) * PIECE, count = std::min(PIECE, size - first);
    std::fill(whole + first, whole + first + count, 0.0f);
    loops.add_all(shares + first, SHARES, stride, count, whole + first);
  });
  const float *of_a = whole, *of_b = whole + group.inner() * width;
  for (size_t i = 0; i < group.count; i++) {
    const Projection& p = group.of[i];
    const size_t outputs = p.outputs(), rank = p.rank;
    for (size_t r = 0; r < rank; r++)
      for (size_t c = 0; c < inputs; c++) to[r * inputs + c] += of_a[r * width + c];
    to += rank * inputs;
    for (size_t o = 0; o < outputs; o++)
      for (size_t r = 0; r < rank; r++) to[o * rank + r] += factor * of_b[r * padded(outputs) + o];
    to += rank * outputs;
    of_a += padded(rank) * width;
    of_b += padded(rank) * padded(outputs);
  }
}

void Trainer::forward(int64_t index, size_t slot, const Rows& rows, const float* x, const float* adapters, float* y) {
  const Denormals without(false);
  Stored& stored = *halves[index];
  adapt(stored, adapters, false);
  Call call = call_of(stored.half, slot, rows);
  call.x = x;
  call.y = y;
  if (stored.half.is_attention) {
    each_tile(call, [&](size_t tile, Scratch own) { loops.project(call, tile, own); });
    each_head(call, [&](size_t row, size_t head, Scratch own) { loops.attend(call, row, head, own); });
  }
  each_tile(call, [&](size_t tile, Scratch own) { loops.finish(call, tile, own); });
}

void Trainer::backward(int64_t index, size_t slot, const Rows& rows, const float* x, const float* adapters, const float* dy, float* dx,
                       float* gradients) {
  const Denormals without(false);
  Stored& stored = *halves[index];
  HalfBlock& half = stored.half;
  adapt(stored, adapters, gradients != nullptr);
  transpose(half);
  Call call = call_of(half, slot, rows);
  call.x = x;
  call.dy = dy;
  call.dx = dx;
  const Projection& last = half.out.of[0];
  const float factor = last.rank > 0 ? float(stored.alpha / double(last.rank)) : 0;
  float* const to_out = gradients ? gradients + adapter_size(index) - last.rank * (last.inputs() + last.outputs()) : nullptr;
  const size_t in = half.in.is_trained ? half.in.gradients() : 0, out = half.out.is_trained ? half.out.gradients() : 0;
  if (!half.is_attention) {
    const float* shares = each_share(call, out, in, [&](size_t tile, float* own, float* more, Scratch scratch) {
      loops.finish_back(call, tile, own, more, scratch);
    });
    add_gradients(half.out, shares, out, factor, to_out);
    add_gradients(half.in, shares + SHARES * out, in, factor, gradients);
    return;
  }
  float* const d = reinterpret_cast<float*>(streams.of(call.tokens * (half.queries_width() + half.projected()) * sizeof(float)));
  call.mixed_gradient = d;
  call.projected_gradient = d + call.tokens * half.queries_width();
  const float* shares = each_share(
      call, out, 0, [&](size_t tile, float* own, float*, Scratch scratch) { loops.finish_back(call, tile, own, nullptr, scratch); });
  add_gradients(half.out, shares, out, factor, to_out);
  each_head(call, [&](size_t row, size_t head, Scratch own) { loops.attend_back(call, row, head, own); });
  shares = each_share(
      call, in, 0, [&](size_t tile, float* own, float*, Scratch scratch) { loops.project_back(call, tile, own, scratch); });
  add_gradients(half.in, shares, in, factor, gradients);
}

}  // namespace coppice
