#include "decoder.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <queue>

namespace coppice {

namespace {

// A piece of a shared product multiplies at least this many pairs of a group's block and a vector: a smaller one, of a few microseconds, is
// not worth sharing out.
constexpr int64_t WORTH_A_PIECE = 1 << 10;

// Rows begin at multiples of a cache line, an odd number of lines apart, so that the same place in many rows does not map to few cache sets.
int64_t stride_of(int64_t row_size) {
  constexpr int64_t line = 16;
  return (ceil_div(row_size, line) | 1) * line;
}

}  // namespace

void Decoder::use_threads(int threads) {
  scratch.resize(threads);  // first, so that every thread has its own even if `use` fails
  pool.use(threads);
}

int64_t Decoder::add_matrix(int bits, int64_t rows, int64_t columns, int64_t scales_of) {
  Matrix matrix{bits, size_t(rows), size_t(columns), size_t(ceil_div(columns, BLOCK)), size_t(ceil_div(rows, GROUP)), nullptr, nullptr};
  const size_t blocks = matrix.groups * matrix.blocks, code_bytes = blocks * matrix.piece_bytes();
  const bool shares = scales_of >= 0 && scales_of < int64_t(matrices.size()) && matrices[scales_of].rows == matrix.rows &&
                      matrices[scales_of].columns == matrix.columns;
  matrix.codes = memory.zeroed(code_bytes + (shares ? 0 : blocks * GROUP * sizeof(float)));
  matrix.scales = shares ? matrices[scales_of].scales : reinterpret_cast<float*>(matrix.codes + code_bytes);
  matrices.push_back(matrix);
  shares_scales.push_back(shares);
  return int64_t(matrices.size()) - 1;
}

std::string Decoder::fill_matrix(int64_t index, int64_t first, const uint8_t* codes_given, size_t code_count, const float* scales,
                                 size_t scale_count) {
  if (index < 0 || index >= int64_t(matrices.size())) return "there is no such matrix";
  Matrix& matrix = matrices[index];
  const size_t row_bytes = matrix.blocks * BLOCK * matrix.bits / 8, rows = code_count / row_bytes;
  const size_t wanted_scales = shares_scales[index] ? 0 : rows * matrix.blocks;
  if (first < 0 || first % GROUP != 0 || size_t(first) > matrix.rows || rows > matrix.rows - size_t(first) || code_count % row_bytes != 0 ||
      scale_count != wanted_scales)
    return "a matrix has other sizes than its codes";
  const size_t groups = ceil_div(rows, GROUP);
  const int parts = pool.threads();
  pool.run([&](int part) {
    const size_t from = groups * part / parts * GROUP, to = std::min(groups * (part + 1) / parts * GROUP, rows);
    if (from >= to) return;
    pack(codes_given + from * row_bytes, shares_scales[index] ? nullptr : scales + from * matrix.blocks, first + from, first + to, matrix);
  });
  return "";
}

std::string Decoder::fill_from_stored(int64_t index, int64_t low_index, int64_t first, int64_t type, const uint8_t* bytes, size_t length,
                                      bool& is_finite) {
  const int64_t count = int64_t(matrices.size());
  if (index < 0 || index >= count || low_index >= count || type < 0 || type >= STORED_TYPE_COUNT) return "there is no such matrix or type";
  const Matrix& matrix = matrices[index];
  const Matrix* low = low_index < 0 ? nullptr : &matrices[low_index];
  const StoredType& its = STORED_TYPES[type];
  const size_t row_bytes = matrix.columns / its.block * its.bytes, rows = length / row_bytes;
  const bool are_planes = low && low->scales == matrix.scales && low->bits == 4 && matrix.bits == 4;
  if (matrix.columns % its.block != 0 || first < 0 || size_t(first) > matrix.rows || rows > matrix.rows - size_t(first) ||
      length % row_bytes != 0 || (low && !are_planes))
    return "a matrix has other sizes than its numbers";
  std::atomic<bool> all_finite{true};
  pool.share(ceil_div(rows, GROUP), [&](int64_t piece, int) {
    const Denormals counted(true);
    for (size_t row = piece * GROUP; row < std::min(rows, size_t(piece + 1) * GROUP); row++)
      if (!kernels.round_row(int(type), bytes + row * row_bytes, first + row, matrix, low)) all_finite = false;
  });
  is_finite = all_finite;
  return "";
}

int64_t Decoder::add_vector(const float* numbers, int64_t size) {
  vectors.emplace_back(numbers, numbers + size);
  return int64_t(vectors.size()) - 1;
}

std::string Decoder::set_steps(std::vector<Step> given, std::vector<AttentionSizes> sizes, std::vector<DeltaSizes> rules, int64_t row_size,
                               int64_t logits_size) {
  const std::string wrong = validate(given, {matrices, vectors, sizes, rules, row_size, logits_size});
  if (!wrong.empty()) return wrong;
  free_room();
  steps.clear();  // until everything that they use is in place
  attentions = std::move(sizes);
  deltas = std::move(rules);
  prepare_recurrences(given);
  sizes_of_states = state_sizes(given, deltas);
  mixing = mixing_end(given);
  head = head_start(given);
  row_logits = logits_size;
  stride = stride_of(row_size);
  widest_product = widest_queries = widest_key = 0;
  for (const Step& s : given)
    if (s.operation == PRODUCT) widest_product = std::max(widest_product, matrices[s.w].blocks);
  for (const AttentionSizes& a : attentions) {
    widest_queries = std::max(widest_queries, size_t(a.heads * a.width));
    widest_key = std::max(widest_key, size_t(a.width));
  }
  scratch.assign(pool.threads(), {});
  steps = std::move(given);
  return "";
}

void Decoder::free_room() {
  room = 0;
  rows = nullptr;
  row_memory.reset();
}

void Decoder::reserve(int64_t count) {
  if (count <= room) return;
  free_room();
  row_memory = std::make_unique<Memory>();
  rows = reinterpret_cast<float*>(row_memory->zeroed(count * stride * sizeof(float)));
  codes.assign(count * widest_product * BLOCK, 0);
  wide_codes.assign(count * widest_product * BLOCK, 0);
  code_scales.assign(count * widest_product, 0);
  code_starts.assign(count * widest_product, 0);
  queries.assign(count * widest_queries, 0);
  keys.assign(count * widest_key, 0);
  room = count;
}

bool Decoder::fits(size_t cache, int64_t rows, size_t numbers) const {
  if (cache / 2 >= attentions.size() || rows < 0) return false;
  const AttentionSizes& a = attentions[cache / 2];
  return size_t(rows) <= numbers / size_t(a.kv_heads * a.width);
}

std::string Decoder::wrong_with_text(const Text& text, const Piece& piece) const {
  if (text.count < 1 || text.count > piece.count - text.first) return "a text has other tokens than the piece";
  if (text.caches.size() != 2 * attentions.size()) return "there are not two caches for each attention";
  for (const Cache& cache : text.caches)
    if (text.position < 0 || text.count > cache.rows - text.position) return "a cache has no row for a token";
  const auto has_size = [](int64_t size, const State& state) { return size == state.size; };
  if (!std::equal(sizes_of_states.begin(), sizes_of_states.end(), text.states.begin(), text.states.end(), has_size))
    return "the states have other sizes than the steps use";
  return "";
}

std::string Decoder::wrong_with_piece(const Piece& piece) const {
  int64_t placed = 0;
  for (const Text& text : piece.texts) {
    const std::string wrong = text.first == placed ? wrong_with_text(text, piece) : "the texts do not follow each other";
    if (!wrong.empty()) return wrong;
    placed += text.count;
  }
  if (placed != piece.count) return "a token belongs to no text";
  for (const AttentionSizes& a : attentions)
    if (a.rotation >= int64_t(piece.angles.size()) || (a.rotation >= 0 && 2 * piece.angles[a.rotation].half > a.width))
      return "the angles do not fit an attention";
  for (const Step& s : steps)
    for (int64_t row = 0; s.operation == EMBED && row < piece.count; row++)
      if (piece.tokens[row] < 0 || piece.tokens[row] >= int64_t(matrices[s.w].rows)) return "there is no such token";
  for (int64_t i = 0; i < piece.wanted_count; i++)
    if (piece.wanted[i] < (i == 0 ? 0 : piece.wanted[i - 1] + 1) || piece.wanted[i] >= piece.count)
      return "the wanted tokens are not in the piece, one after another";
  if (piece.ends_before_head && hidden_size() == 0) return "no norm precedes the head";
  return "";
}

std::string Decoder::run(const Piece& piece) {
  const std::string wrong = wrong_with_piece(piece);
  if (!wrong.empty()) return wrong;
  const Denormals without(false);
  reserve(piece.count);
  tokens.assign(piece.tokens, piece.tokens + piece.count);
  text_of.clear();
  for (const Text& text : piece.texts) text_of.insert(text_of.end(), text.count, &text);
  logits = piece.ends_before_head ? nullptr : piece.results;
  steps_to_run = piece.ends_before_head ? head : steps.size();

  for (size_t index = 0; index < steps_to_run && !tokens.empty();) {
    if (index == mixing) keep(piece);
    const size_t end = end_in_row(index);
    const bool multiplies = end < steps_to_run && steps[end].operation == PRODUCT && (end != mixing || end == index);
    if (multiplies || end > index)
      each_row([&](int64_t row) {
        for (size_t i = index; i < end; i++) run_in_row(steps[i], row);
        if (multiplies) quantise(steps[end], row);
      });
    else
      mix(steps[index], piece);
    if (multiplies) multiply(steps[end]);
    index = multiplies || end == index ? end + 1 : end;
  }
  for (int64_t row = 0; piece.ends_before_head && row < piece.wanted_count; row++)
    std::memcpy(piece.results + row * hidden_size(), at(row, steps[head - 1].out), hidden_size() * sizeof(float));
  return "";
}

// The first step from `index` on that needs rows other than its own, or before which the unwanted rows are dropped or the run ends.
size_t Decoder::end_in_row(size_t index) const {
  size_t end = index;
  while (end < steps_to_run && (end != mixing || end == index) && steps[end].operation != PRODUCT && !mixes_tokens(steps[end])) end++;
  return end;
}

void Decoder::mix(const Step& s, const Piece& piece) {
  if (s.operation == ATTEND) attend(s, piece);
  if (s.operation == CONVOLVE) convolve(s, piece);
  if (s.operation == DELTA) apply_delta(s, piece);
}

// Keeps only the rows whose logits are wanted: once no later step mixes tokens, nothing needs the others.
void Decoder::keep(const Piece& piece) {
  for (int64_t i = 0; i < piece.wanted_count; i++) {
    const int64_t row = piece.wanted[i];
    if (row == i) continue;
    std::memcpy(at(i, 0), at(row, 0), stride * sizeof(float));
    tokens[i] = tokens[row];
  }
  tokens.resize(piece.wanted_count);
}

void Decoder::run_in_row(const Step& s, int64_t row) {
  float* out = at(row, s.out);
  const float* x = at(row, s.x);
  switch (s.operation) {
    case EMBED: return read_row(matrices[s.w], s.z < 0 ? nullptr : &matrices[s.z], tokens[row], out);
    case NORM:
      for (int64_t i = 0; i < s.n; i++) kernels.norm(x + i * s.m, vectors[s.w].data(), s.f, s.m, out + i * s.m);
      return;
    case ADD: return kernels.add(x, at(row, s.y), s.n, out);
    case SCALE: return kernels.scale(x, s.f, s.n, out);
    case GATED:
      kernels.activate(int(s.m), x, s.n, out);
      return kernels.multiply_each(out, at(row, s.y), s.n, out);
    case ACTIVATE: return kernels.activate(int(s.m), x, s.n, out);
    case MULTIPLY: return kernels.multiply_each(x, at(row, s.y), s.n, out);
    case SOFT_CAP: return kernels.soft_cap(x, s.f, s.n, out);
    case PICK:
      for (int64_t i = 0; i < s.n; i++) std::memcpy(out + i * s.k, x + i * s.l + s.m, s.k * sizeof(float));
      return;
    case CANDIDATES: return candidates(s, row);
  }
}

// Quantises the input of a product.
void Decoder::quantise(const Step& s, int64_t row) {
  const Matrix& matrix = matrices[s.w];
  kernels.quantise(at(row, s.x), matrix.columns, inputs_of(matrix).from(row, matrix.blocks));
}

void Decoder::multiply(const Step& s) {
  const Matrix& matrix = matrices[s.w];
  const size_t count = tokens.size(), out_stride = at(1, s.out) - at(0, s.out);
  const auto multiply_groups = [&](size_t first, size_t end) {
    kernels.multiply(matrix, inputs_of(matrix), count, first, end, at(0, s.out), out_stride);
    if (s.y < 0 || first == end) return;
    const size_t from = first * GROUP, size = std::min(end * GROUP, matrix.rows) - from;
    for (size_t row = 0; row < count; row++) {
      float* y = at(row, s.out) + from;
      kernels.add(y, vectors[s.y].data() + from, size, y);
    }
  };
  const size_t parts = pool.threads();
  if (count == 1)  // each part reads one stream
    return pool.run([&](int part) { multiply_groups(matrix.groups * part / parts, matrix.groups * (part + 1) / parts); });
  const size_t at_once = ceil_div(WORTH_A_PIECE, count * matrix.blocks);
  pool.share(ceil_div(matrix.groups, at_once), [&](int64_t piece, int) {
    multiply_groups(piece * at_once, std::min(matrix.groups, (piece + 1) * at_once));
  });
}

void Decoder::candidates(const Step& s, int64_t row) {
  float* of = at(row, s.out);
  using Candidate = std::pair<float, int64_t>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<Candidate>> best;
  for (int64_t token = 0; token < s.m; token++) {
    if (int64_t(best.size()) == s.n && of[token] <= best.top().first) continue;
    if (int64_t(best.size()) == s.n) best.pop();
    best.push({of[token], token});
  }
  for (; !best.empty(); best.pop())
    of[best.top().second] += kernels.row_product(matrices[s.w], best.top().second, at(row, s.x));
}

}  // namespace coppice
