// Attention over the caches, in chunks of rows that begin at fixed positions: a token's numbers are summed in the same order whatever
// the piece that it is read in, and whatever thread does it.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

#include "decoder.h"

namespace coppice {

namespace {

// Rows of a cache that are attended to at a time: keys and values of a head, which then stay in the nearest cache for all queries.
constexpr int64_t CHUNK = 64;
// Tokens whose queries meet a chunk one after another.
constexpr int64_t TILE = 16;
// Attentions over fewer numbers than this are not worth other threads.
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

// The attention of a piece's tokens.
struct Attending {
  const Kernels& kernels;
  const AttentionSizes& sizes;
  const Cache &keys, &values;
  int64_t position;      // of the piece's first token
  const float* queries;  // [tokens][heads · width], rotated and scaled

  int64_t group() const { return sizes.heads / sizes.kv_heads; }
  // What a chunk gives for the queries of a token that share a head: [group][width] mixed, [group] largest, [group] sums.
  int64_t result_size() const { return group() * (sizes.width + 2); }
  int64_t first_row(int64_t token) const {
    return sizes.window > 0 ? std::max<int64_t>(0, position + token + 1 - sizes.window) : 0;
  }
  int64_t first_chunk(int64_t token) const { return first_row(token) / CHUNK; }
  int64_t end_chunk(int64_t token) const { return (position + token) / CHUNK + 1; }

  void chunk(int64_t token, int64_t head, int64_t index, float* scores, float* result) const {
    const int64_t from = std::max(first_row(token), index * CHUNK), end = std::min(position + token + 1, (index + 1) * CHUNK);
    const int64_t at = (head * keys.rows + from) * sizes.width, count = group() * sizes.width;
    kernels.attend({queries + token * sizes.heads * sizes.width + head * count, size_t(group()), size_t(sizes.width), keys.numbers + at,
                    values.numbers + at, size_t(end - from), sizes.cap, scores, result, result + count, result + count + group()});
  }

  // The results of a token's chunks, `apart` from each other → out [group][width].
  void join(const float* results, int64_t chunks, int64_t apart, float* out) const {
    const int64_t width = sizes.width, largest_at = group() * width, sums_at = largest_at + group();
    for (int64_t g = 0; g < group(); g++) {
      float largest = -INFINITY, sum = 0, *to = out + g * width;
      for (int64_t c = 0; c < chunks; c++) largest = std::max(largest, results[c * apart + largest_at + g]);
      std::memset(to, 0, width * sizeof(float));
      for (int64_t c = 0; c < chunks; c++) {
        const float* result = results + c * apart;
        const float share = std::exp(result[largest_at + g] - largest);
        sum += share * result[sums_at + g];
        for (int64_t i = 0; i < width; i++) to[i] += share * result[g * width + i];
      }
      for (int64_t i = 0; i < width; i++) to[i] /= sum;
    }
  }
};

}  // namespace

void Decoder::place_in_caches(const Step& s, const Piece& piece) {
  const AttentionSizes& a = attentions[s.w];
  const Angles* angles = a.rotation < 0 ? nullptr : &piece.angles[a.rotation];
  const Cache &keys = piece.caches[2 * s.w], &values = piece.caches[2 * s.w + 1];
  each_row([&](int64_t row) {
    const float *q = at(row, s.x), *k = at(row, s.y), *v = at(row, s.z);
    const float scale = a.scale * (angles ? angles->growth[row] : 1);
    float* to = queries.data() + row * a.heads * a.width;
    for (int64_t head = 0; head < a.heads; head++) rotate(q + head * a.width, to + head * a.width, a.width, angles, row, scale);
    for (int64_t head = 0; head < a.kv_heads; head++) {
      const int64_t place = (head * keys.rows + piece.position + row) * a.width;
      rotate(k + head * a.width, keys.numbers + place, a.width, angles, row, 1);
      std::memcpy(values.numbers + place, v + head * a.width, a.width * sizeof(float));
    }
  });
}

void Decoder::attend(const Step& s, const Piece& piece) {
  place_in_caches(s, piece);
  const AttentionSizes& a = attentions[s.w];
  const Attending attending{kernels, a, piece.caches[2 * s.w], piece.caches[2 * s.w + 1], piece.position, queries.data()};
  const int64_t size = attending.result_size(), scores = attending.group() * CHUNK, count = piece.count;
  const auto out = [&](int64_t token, int64_t head) { return at(token, s.out) + head * attending.group() * a.width; };
  const auto scratch_of = [&](int part, int64_t results) {
    std::vector<float>& mine = scratch[part];
    if (int64_t(mine.size()) < scores + results) mine.resize(scores + results + results / 2);
    return mine.data();
  };

  if (count == 1) {  // its chunks are shared out, neighbours to one thread, which reads them in one stream
    const int64_t first = attending.first_chunk(0), chunks = attending.end_chunk(0) - first, tasks = a.kv_heads * chunks;
    float* results = scratch_of(0, tasks * size) + scores;
    const auto attend_to = [&](int64_t from, int64_t end, int part) {
      float* own = part == 0 ? results - scores : scratch_of(part, 0);
      for (int64_t index = from; index < end; index++)
        attending.chunk(0, index / chunks, first + index % chunks, own, results + index * size);
    };
    const int64_t parts = pool.threads();
    if ((piece.position + 1) * a.kv_heads * a.width < WORTH_THREADS)
      attend_to(0, tasks, 0);
    else
      pool.run([&](int part) { attend_to(tasks * part / parts, tasks * (part + 1) / parts, part); });
    for (int64_t head = 0; head < a.kv_heads; head++) attending.join(results + head * chunks * size, chunks, size, out(0, head));
    return;
  }

  // Heads of tiles of tokens are shared out, the last ones first, which see the most rows.
  const int64_t tiles = ceil_div(count, TILE);
  std::atomic<int64_t> next{0};
  const auto do_tile = [&](int64_t index, int part) {
    const int64_t head = index % a.kv_heads, tile = tiles - 1 - index / a.kv_heads;
    const int64_t from = tile * TILE, end = std::min(count, from + TILE);
    const int64_t first = attending.first_chunk(from), chunks = attending.end_chunk(end - 1) - first;
    float *own = scratch_of(part, TILE * chunks * size), *results = own + scores;
    for (int64_t chunk = first; chunk < first + chunks; chunk++)
      for (int64_t token = from; token < end; token++)
        if (chunk >= attending.first_chunk(token) && chunk < attending.end_chunk(token))
          attending.chunk(token, head, chunk, own, results + ((token - from) * chunks + chunk - first) * size);
    for (int64_t token = from; token < end; token++) {
      const int64_t start = attending.first_chunk(token);
      attending.join(results + ((token - from) * chunks + start - first) * size, attending.end_chunk(token) - start, size, out(token, head));
    }
  };
  pool.run([&](int part) {
    for (int64_t index; (index = next.fetch_add(1, std::memory_order_relaxed)) < tiles * a.kv_heads;) do_tile(index, part);
  });
}

}  // namespace coppice
