#include "decoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <queue>

namespace coppice {

namespace {

// Attentions over fewer numbers than this are not worth other threads.
constexpr int64_t WORTH_THREADS = 1 << 14;

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace

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

int64_t Decoder::add_vector(const float* numbers, int64_t size) {
  vectors.emplace_back(numbers, numbers + size);
  return int64_t(vectors.size()) - 1;
}

std::string Decoder::set_steps(std::vector<Step> given, std::vector<AttentionSizes> sizes, int64_t buffer_size) {
  auto inside = [&](int64_t at, int64_t count) { return at >= 0 && count >= 0 && at <= buffer_size - count; };
  auto matrix = [&](int64_t index) { return index >= 0 && index < int64_t(matrices.size()); };
  auto vector_of = [&](int64_t index, int64_t size) {
    return index >= 0 && index < int64_t(vectors.size()) && int64_t(vectors[index].size()) == size;
  };
  size_t columns = 0, mixed = 0, queries_size = 0;
  for (const AttentionSizes& a : sizes) {
    if (a.heads < 1 || a.kv_heads < 1 || a.width < 1 || a.heads > 4096 || a.width > 65536 || a.heads % a.kv_heads != 0 || a.window < 0)
      return "an attention has impossible sizes";
    queries_size = std::max(queries_size, size_t(a.heads * a.width));
    mixed = std::max(mixed, size_t(a.heads * (a.width + 2)));
  }
  for (const Step& s : given) {
    bool right = false;
    switch (s.operation) {
      case EMBED:
        right = matrix(s.w) && inside(s.out, matrices[s.w].columns) &&
                (s.z < 0 || (matrix(s.z) && matrices[s.z].columns == matrices[s.w].columns && matrices[s.z].rows == matrices[s.w].rows));
        break;
      case NORM:
        right = s.n > 0 && s.m > 0 && s.n < buffer_size && s.m < buffer_size && inside(s.x, s.n * s.m) && inside(s.out, s.n * s.m) &&
                vector_of(s.w, s.m);
        break;
      case PRODUCT:
        right = matrix(s.w) && inside(s.x, matrices[s.w].columns) && inside(s.out, matrices[s.w].rows) &&
                (s.y < 0 || vector_of(s.y, matrices[s.w].rows));
        if (right) columns = std::max(columns, matrices[s.w].blocks * BLOCK);
        break;
      case ADD: case GATED: case MULTIPLY:
        right = inside(s.x, s.n) && inside(s.y, s.n) && inside(s.out, s.n) && s.m >= 0 && s.m <= 2;
        break;
      case SCALE: case ACTIVATE: case SOFT_CAP:
        right = inside(s.x, s.n) && inside(s.out, s.n) && s.m >= 0 && s.m <= 2;
        break;
      case ATTEND:
        if (s.w >= 0 && s.w < int64_t(sizes.size())) {
          const AttentionSizes& a = sizes[s.w];
          right = inside(s.x, a.heads * a.width) && inside(s.y, a.kv_heads * a.width) && inside(s.z, a.kv_heads * a.width) &&
                  inside(s.out, a.heads * a.width);
        }
        break;
      case PICK:
        right = s.n > 0 && s.l > 0 && s.n < buffer_size && s.l < buffer_size && s.m >= 0 && s.k > 0 && s.k <= s.l - s.m &&
                inside(s.x, s.n * s.l) && inside(s.out, s.n * s.k);
        break;
      case CANDIDATES:
        right = matrix(s.w) && matrices[s.w].bits == 4 && inside(s.x, matrices[s.w].columns) && s.m == int64_t(matrices[s.w].rows) &&
                inside(s.out, s.m) && s.n > 0 && s.n <= s.m;
        break;
    }
    if (!right) return "step " + std::to_string(&s - given.data()) + " does not fit what it uses";
  }
  steps = std::move(given);
  attentions = std::move(sizes);
  buffer.assign(buffer_size, 0);
  codes.assign(columns, 0);
  code_scales.assign(columns / BLOCK, 0);
  code_sums.assign(columns / BLOCK, 0);
  queries.assign(queries_size, 0);
  partial.assign(mixed * pool.threads(), 0);
  return "";
}

void Decoder::product(const Step& s) {
  const Matrix& matrix = matrices[s.w];
  const Quantised x{codes.data(), code_scales.data(), code_sums.data()};
  kernels.quantise(buffer.data() + s.x, matrix.columns, x);
  float* y = buffer.data() + s.out;
  const int parts = pool.threads();
  pool.run([&](int part) {
    kernels.multiply(matrix, x, matrix.groups * part / parts, matrix.groups * (part + 1) / parts, y);
  });
  if (s.y >= 0) kernels.add(y, vectors[s.y].data(), matrix.rows, y);
}

void Decoder::rotate(const float* from, float* to, int64_t heads, int64_t width, const Angles* angles, float scale) {
  for (int64_t head = 0; head < heads; head++) {
    const float* x = from + head * width;
    float* y = to + head * width;
    const int64_t half = angles ? angles->half : 0;
    for (int64_t i = 0; i < half; i++) {
      const float a = x[i], b = x[i + half], cos = angles->cos[i], sin = angles->sin[i];
      y[i] = (a * cos - b * sin) * scale;
      y[i + half] = (b * cos + a * sin) * scale;
    }
    for (int64_t i = 2 * half; i < width; i++) y[i] = x[i] * scale;
  }
}

void Decoder::attend(const Step& s, int64_t position, const std::vector<Cache>& caches, const std::vector<Angles>& all_angles) {
  const AttentionSizes& a = attentions[s.w];
  const Angles* angles = a.rotation < 0 ? nullptr : &all_angles[a.rotation];
  const Cache &keys = caches[2 * s.w], &values = caches[2 * s.w + 1];
  rotate(buffer.data() + s.x, queries.data(), a.heads, a.width, angles, a.scale * (angles ? angles->growth : 1));
  for (int64_t head = 0; head < a.kv_heads; head++) {
    const int64_t at = (head * keys.rows + position) * a.width;
    rotate(buffer.data() + s.y + head * a.width, keys.numbers + at, 1, a.width, angles, 1);
    std::memcpy(values.numbers + at, buffer.data() + s.z + head * a.width, a.width * sizeof(float));
  }
  const int64_t first = a.window > 0 ? std::max<int64_t>(0, position + 1 - a.window) : 0;
  const int64_t rows = position + 1 - first, group = a.heads / a.kv_heads;
  const int parts = rows * a.kv_heads * a.width < WORTH_THREADS ? 1 : int(std::min<int64_t>(pool.threads(), rows));
  const int64_t part_rows = ceil_div(rows, parts);
  if (int64_t(scores.size()) < parts * group * part_rows) scores.resize(2 * parts * group * part_rows);

  // Each part attends to some of the rows, and gives per head: what is mixed, the largest score, the sum.
  auto part_of = [&](int part) {
    if (part >= parts) return;
    const int64_t from = std::min(rows, part * part_rows), count = std::min(rows - from, part_rows);
    for (int64_t head = 0; head < a.kv_heads; head++) {
      const int64_t at = (head * keys.rows + first + from) * a.width;
      float* here = partial.data() + part * a.heads * (a.width + 2);
      kernels.attend({queries.data() + head * group * a.width, size_t(group), size_t(a.width), keys.numbers + at, values.numbers + at,
                      size_t(count), a.cap, scores.data() + part * group * part_rows, here + head * group * a.width,
                      here + a.heads * a.width + head * group, here + a.heads * (a.width + 1) + head * group});
    }
  };
  if (parts == 1)
    part_of(0);
  else
    pool.run(part_of);

  float* out = buffer.data() + s.out;
  for (int64_t head = 0; head < a.heads; head++) {
    auto at = [&](int part) { return partial.data() + part * a.heads * (a.width + 2); };
    float largest = -INFINITY, sum = 0;
    for (int part = 0; part < parts; part++) largest = std::max(largest, at(part)[a.heads * a.width + head]);
    float* to = out + head * a.width;
    std::memset(to, 0, a.width * sizeof(float));
    for (int part = 0; part < parts; part++) {
      const float share = std::exp(at(part)[a.heads * a.width + head] - largest);
      sum += share * at(part)[a.heads * (a.width + 1) + head];
      const float* mixed = at(part) + head * a.width;
      for (int64_t i = 0; i < a.width; i++) to[i] += share * mixed[i];
    }
    for (int64_t i = 0; i < a.width; i++) to[i] /= sum;
  }
}

void Decoder::candidates(const Step& s) {
  float* logits = buffer.data() + s.out;
  using Candidate = std::pair<float, int64_t>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<Candidate>> best;
  for (int64_t token = 0; token < s.m; token++) {
    if (int64_t(best.size()) == s.n && logits[token] <= best.top().first) continue;
    if (int64_t(best.size()) == s.n) best.pop();
    best.push({logits[token], token});
  }
  for (; !best.empty(); best.pop())
    logits[best.top().second] += kernels.row_product(matrices[s.w], best.top().second, buffer.data() + s.x);
}

bool Decoder::fits(size_t cache, int64_t rows, size_t numbers) const {
  if (cache / 2 >= attentions.size() || rows < 0) return false;
  const AttentionSizes& a = attentions[cache / 2];
  return size_t(rows) <= numbers / size_t(a.kv_heads * a.width);
}

std::string Decoder::run(int64_t token, int64_t position, const std::vector<Cache>& caches, const std::vector<Angles>& angles,
                         int64_t result, float* logits, int64_t size) {
  if (caches.size() != 2 * attentions.size()) return "there are not two caches for each attention";
  for (const Cache& cache : caches)
    if (position < 0 || position >= cache.rows) return "a cache has no row for this token";
  for (const AttentionSizes& a : attentions)
    if (a.rotation >= int64_t(angles.size()) || (a.rotation >= 0 && 2 * angles[a.rotation].half > a.width))
      return "the angles do not fit an attention";
  if (result < 0 || size < 0 || result > int64_t(buffer.size()) - size) return "the result is outside the buffer";
  const WithoutDenormals without;
  float* b = buffer.data();
  for (const Step& s : steps) {
    if (size == 0 && s.out == result) break;  // only the logits are left
    switch (s.operation) {
      case EMBED: {
        const Matrix& matrix = matrices[s.w];
        if (token < 0 || token >= int64_t(matrix.rows)) return "there is no such token";
        read_row(matrix, token, b + s.out);
        if (s.z < 0) break;
        queries.resize(std::max(queries.size(), matrix.columns));
        read_row(matrices[s.z], token, queries.data());
        for (size_t i = 0; i < matrix.columns; i++) b[s.out + i] = 16 * b[s.out + i] + queries[i];
        break;
      }
      case NORM:
        for (int64_t row = 0; row < s.n; row++)
          kernels.norm(b + s.x + row * s.m, vectors[s.w].data(), s.f, s.m, b + s.out + row * s.m);
        break;
      case ADD: kernels.add(b + s.x, b + s.y, s.n, b + s.out); break;
      case SCALE: kernels.scale(b + s.x, s.f, s.n, b + s.out); break;
      case PRODUCT: product(s); break;
      case GATED:
        kernels.activate(int(s.m), b + s.x, s.n, b + s.out);
        kernels.multiply_each(b + s.out, b + s.y, s.n, b + s.out);
        break;
      case ACTIVATE: kernels.activate(int(s.m), b + s.x, s.n, b + s.out); break;
      case MULTIPLY: kernels.multiply_each(b + s.x, b + s.y, s.n, b + s.out); break;
      case ATTEND: attend(s, position, caches, angles); break;
      case SOFT_CAP: kernels.soft_cap(b + s.x, s.f, s.n, b + s.out); break;
      case PICK:
        for (int64_t row = 0; row < s.n; row++)
          std::memcpy(b + s.out + row * s.k, b + s.x + row * s.l + s.m, s.k * sizeof(float));
        break;
      case CANDIDATES: candidates(s); break;
    }
  }
  std::memcpy(logits, b + result, size * sizeof(float));
  return "";
}

}  // namespace coppice
