// Attention over the caches, in chunks of rows that begin at fixed positions: a token's numbers are summed in the same order whichever
// piece it is read in, and whichever thread does it.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "decoder.h"

namespace coppice {

namespace {

// Rows of a cache that are attended to at a time: a head's keys and values then stay in the L1 cache for all queries.
constexpr int64_t CHUNK = 64;
// At most this many tokens form a tile.
constexpr int64_t TILE = 16;
// An attention over fewer numbers than this is not worth sharing out to other threads.
constexpr int64_t WORTH_THREADS = 1 << 14;

void rotate(const float* x, float* y, int64_t width, const Angles* angles, int64_t token, float scale) {
  const int64_t half = angles ? angles->half : 0;
  for (int64_t i = 0; i < half; i++) {
    const float a = x[i], b = x[i + half], cos = angles->cos[token * half + i], sin = angles->sin[token * half + i];
    y[i] = (a * cos - b * sin) * scale;
    y[i + half] = (b * cos + a * sin) * scale;
  }
  for (int64_t i = 2 * half; i < width; i++) y[i] = x[i] * scale;
}

// The attention of a text's tokens.
struct Attending {
  const AttentionSizes& sizes;
  const Cache &keys, &values;
  int64_t position;      // of the text's first token
  const float* queries;  // [tokens][heads · width], rotated and scaled

  int64_t group() const { return sizes.heads / sizes.kv_heads; }
  // The size of a chunk's result for the queries of a token that share a head: [group][width] mixed, [group] largest, [group] sums.
  int64_t result_size() const { return group() * (sizes.width + 2); }
  int64_t first_row(int64_t token) const {
    return sizes.window > 0 ? std::max<int64_t>(0, position + token + 1 - sizes.window) : 0;
  }
  int64_t first_chunk(int64_t token) const { return first_row(token) / CHUNK; }
  int64_t end_chunk(int64_t token) const { return (position + token) / CHUNK + 1; }

  // The offset in the caches at which a chunk of a head's rows begins.
  int64_t place_of(int64_t head, int64_t index) const { return (head * keys.rows + index * CHUNK) * sizes.width; }

  // A token's part of a chunk of its head's rows, whose keys and values are given; `scores`: room for [group][CHUNK]; `result`: as above.
  template <typename Number>
  Attended<Number> chunk(int64_t token, int64_t head, int64_t index, const Number* keys, const Number* values, float* scores,
                         float* result) const {
    const int64_t from = std::max(first_row(token), index * CHUNK), end = std::min(position + token + 1, (index + 1) * CHUNK);
    const int64_t before = (from - index * CHUNK) * sizes.width, count = group() * sizes.width;
    return {queries + token * sizes.heads * sizes.width + head * count, size_t(group()), size_t(sizes.width), keys + before,
            values + before, size_t(end - from), sizes.cap, false, scores, result + count, result + count + group(), result};
  }

  // The results of a token's chunks, each `stride` numbers after the last → out [group][width].
  void join(const float* results, int64_t chunks, int64_t stride, float* out) const {
    const int64_t width = sizes.width, largest_at = group() * width, sums_at = largest_at + group();
    for (int64_t g = 0; g < group(); g++) {
      float largest = -INFINITY, sum = 0, *to = out + g * width;
      for (int64_t c = 0; c < chunks; c++) largest = std::max(largest, results[c * stride + largest_at + g]);
      std::memset(to, 0, width * sizeof(float));
      for (int64_t c = 0; c < chunks; c++) {
        const float* result = results + c * stride;
        const float share = std::exp(result[largest_at + g] - largest);
        sum += share * result[sums_at + g];
        for (int64_t i = 0; i < width; i++) to[i] += share * result[g * width + i];
      }
      for (int64_t i = 0; i < width; i++) to[i] /= sum;
    }
  }
};

// Neighbouring tokens of a text, whose queries are applied to a chunk one after another.
struct Tile {
  const Text* text;
  int64_t from, end;
  int64_t rows() const { return text->position + end; }
};

// Has keys scored and then values mixed, `count` numbers each, by use(keys, values, kernel): as they are stored, or, if `room` is given,
// converted to f32 there.
template <typename Use>
void meet(const Kernels& kernels, const Half* keys, const Half* values, int64_t count, float* room, const Use& use) {
  if (!room) {
    use(keys, values, kernels.score);
    return use(keys, values, kernels.mix);
  }
  const float* read = room;
  kernels.from_halves(keys, count, room);
  use(read, read, kernels.score_read);
  kernels.from_halves(values, count, room);
  use(read, read, kernels.mix_read);
}

// A thread's own memory for at least `size` numbers.
float* room_in(std::vector<float>& numbers, int64_t size) {
  if (int64_t(numbers.size()) < size) numbers.resize(size + size / 2);
  return numbers.data();
}

}  // namespace

void Decoder::place_in_caches(const Step& s, const Piece& piece) {
  const AttentionSizes& a = attentions[s.w];
  const Angles* angles = a.rotation < 0 ? nullptr : &piece.angles[a.rotation];
  each_row([&](int64_t row) {
    const Text& text = *text_of[row];
    const Cache &key_cache = text.caches[2 * s.w], &value_cache = text.caches[2 * s.w + 1];
    const float *q = at(row, s.x), *k = at(row, s.y), *v = at(row, s.z);
    const float scale = a.scale * (angles ? angles->growth[row] : 1);
    float *to = queries.data() + row * a.heads * a.width, *key = keys.data() + row * a.width;
    for (int64_t head = 0; head < a.heads; head++) rotate(q + head * a.width, to + head * a.width, a.width, angles, row, scale);
    for (int64_t head = 0; head < a.kv_heads; head++) {
      const int64_t place = (head * key_cache.rows + text.position + row - text.first) * a.width;
      rotate(k + head * a.width, key, a.width, angles, row, 1);
      kernels.to_halves(key, a.width, key_cache.numbers + place);
      kernels.to_halves(v + head * a.width, a.width, value_cache.numbers + place);
    }
  });
}

// For the only token of a piece: its chunks are shared out, neighbouring ones to one thread, which reads them in one stream.
void Decoder::attend_alone(const Step& s, const Text& text) {
  const AttentionSizes& a = attentions[s.w];
  const Attending attending{a, text.caches[2 * s.w], text.caches[2 * s.w + 1], text.position, queries.data()};
  const int64_t size = attending.result_size(), scores = attending.group() * CHUNK;
  const int64_t first = attending.first_chunk(0), chunks = attending.end_chunk(0) - first, tasks = a.kv_heads * chunks;
  const int64_t read = kernels.takes_halves(a.width) ? 0 : CHUNK * a.width, room = read + scores;
  float* results = room_in(scratch[0], room + tasks * size) + room;
  const auto attend_to = [&](int64_t from, int64_t end, int part) {
    float* own = part == 0 ? results - room : room_in(scratch[part], room);
    for (int64_t index = from; index < end; index++) {
      const int64_t head = index / chunks, number = first + index % chunks, place = attending.place_of(head, number);
      const int64_t rows = std::min(CHUNK, text.position + 1 - number * CHUNK);
      meet(kernels, attending.keys.numbers + place, attending.values.numbers + place, rows * a.width, read ? own + scores : nullptr,
           [&](const auto* keys, const auto* values, auto kernel) {
             auto chunk = attending.chunk(0, head, number, keys, values, own, results + index * size);
             chunk.is_new = read == 0;
             kernel(chunk);
           });
    }
  };
  const int64_t parts = pool.threads();
  if ((text.position + 1) * a.kv_heads * a.width < WORTH_THREADS)
    attend_to(0, tasks, 0);
  else
    pool.run([&](int part) { attend_to(tasks * part / parts, tasks * (part + 1) / parts, part); });
  for (int64_t head = 0; head < a.kv_heads; head++)
    attending.join(results + head * chunks * size, chunks, size, at(0, s.out) + head * attending.group() * a.width);
}

void Decoder::attend(const Step& s, const Piece& piece) {
  place_in_caches(s, piece);
  if (piece.count == 1) return attend_alone(s, piece.texts[0]);
  const AttentionSizes& a = attentions[s.w];
  // Each head of each tile is a task; those that attend to the most rows are shared out first. A chunk's keys are converted once for all
  // tokens of a tile, and stay in the processor's L1 cache meanwhile; then its values.
  std::vector<Tile> tiles;
  for (const Text& text : piece.texts)
    for (int64_t from = 0; from < text.count; from += TILE) tiles.push_back({&text, from, std::min(text.count, from + TILE)});
  std::stable_sort(tiles.begin(), tiles.end(), [](const Tile& one, const Tile& other) { return one.rows() > other.rows(); });
  pool.share(int64_t(tiles.size()) * a.kv_heads, [&](int64_t index, int part) {
    const Tile& tile = tiles[index / a.kv_heads];
    const Text& text = *tile.text;
    const int64_t head = index % a.kv_heads;
    const float* own_queries = queries.data() + text.first * a.heads * a.width;
    const Attending attending{a, text.caches[2 * s.w], text.caches[2 * s.w + 1], text.position, own_queries};
    const int64_t size = attending.result_size(), scores = attending.group() * CHUNK;
    const int64_t first = attending.first_chunk(tile.from), chunks = attending.end_chunk(tile.end - 1) - first;
    float* own = room_in(scratch[part], CHUNK * a.width + TILE * (scores + chunks * size));
    float *read = own + TILE * scores, *results = read + CHUNK * a.width;
    if (tile.end - tile.from == 1 && kernels.takes_halves(a.width)) read = nullptr;
    const auto result = [&](int64_t token, int64_t chunk) { return results + ((token - tile.from) * chunks + chunk - first) * size; };
    for (int64_t chunk = first; chunk < first + chunks; chunk++) {
      const int64_t place = attending.place_of(head, chunk), rows = std::min(CHUNK, tile.rows() - chunk * CHUNK);
      meet(kernels, attending.keys.numbers + place, attending.values.numbers + place, rows * a.width, read,
           [&](const auto* keys, const auto* values, auto kernel) {
             for (int64_t token = tile.from; token < tile.end; token++)
               if (chunk >= attending.first_chunk(token) && chunk < attending.end_chunk(token))
                 kernel(attending.chunk(token, head, chunk, keys, values, own + (token - tile.from) * scores, result(token, chunk)));
           });
    }
    for (int64_t token = tile.from; token < tile.end; token++) {
      const int64_t start = attending.first_chunk(token);
      float* out = at(text.first + token, s.out) + head * attending.group() * a.width;
      attending.join(result(token, start), attending.end_chunk(token) - start, size, out);
    }
  });
}

}  // namespace coppice
