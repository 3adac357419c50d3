// Steps that mix tokens through a state of fixed size: token by token, so that the bits are the same whichever piece a token is read in.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "decoder.h"

namespace coppice {

namespace {

// Added to squared lengths, as in native-models/graph/delta-rule.ts.
constexpr float SMALLEST_SQUARE = 1e-6f;

float softplus(float x) { return x > 20 ? x : std::log1p(std::exp(x)); }

}  // namespace

void Decoder::prepare_recurrences(const std::vector<Step>& given) {
  taps.assign(given.size(), {});
  for (size_t index = 0; index < given.size(); index++) {
    const Step& s = given[index];
    if (s.operation != CONVOLVE) continue;
    for (int64_t tap = 0; tap < s.m; tap++)
      for (int64_t channel = 0; channel < s.n; channel++) taps[index].push_back(vectors[s.w][channel * s.m + tap]);
  }
  lengths.clear();
  for (const DeltaSizes& d : deltas) {
    std::vector<float> both(d.key_width, 1 / float(d.key_width));  // queries of length 1 / √Dk, then keys of length 1, by a norm of the mean
    both.resize(2 * d.key_width, 1 / std::sqrt(float(d.key_width)));
    lengths.push_back(std::move(both));
  }
}

void Decoder::convolve(const Step& s, const Piece& piece) {
  const float* weights = taps[&s - steps.data()].data();
  const int64_t before = s.m - 1, size = s.n * int64_t(sizeof(float));
  // The input of a text's token, by its index; inputs before the first are in the text's state.
  const auto input = [&](const Text& text, int64_t token) {
    return token < 0 ? text.states[s.k].numbers + (before + token) * s.n : at(text.first + token, s.x);
  };
  each_row([&](int64_t row) {
    const Text& text = *text_of[row];
    float* out = at(row, s.out);
    if (s.y < 0)
      std::memset(out, 0, size);
    else
      std::memcpy(out, vectors[s.y].data(), size);
    for (int64_t tap = 0; tap < s.m; tap++) kernels.multiply_add(input(text, row - text.first - before + tap), weights + tap * s.n, s.n, out);
  });
  for (const Text& text : piece.texts)
    for (int64_t row = 0; row < before; row++)
      std::memcpy(text.states[s.k].numbers + row * s.n, input(text, text.count - before + row), size);
}

void Decoder::apply_delta(const Step& s, const Piece& piece) {
  const DeltaSizes& d = deltas[s.w];
  const int64_t tasks = int64_t(piece.texts.size()) * d.heads, parts = pool.threads(), heads_of_key = d.heads / d.key_heads;
  const float *rates = vectors[d.rate].data(), *biases = vectors[d.bias].data(), *of_lengths = lengths[s.w].data();
  const float epsilon = SMALLEST_SQUARE / float(d.key_width);
  pool.run([&](int part) {
    std::vector<float>& mine = scratch[part];
    if (int64_t(mine.size()) < 2 * d.key_width + d.value_width) mine.resize(2 * d.key_width + d.value_width);
    float *query = mine.data(), *key = query + d.key_width, *written = key + d.key_width;
    for (int64_t task = tasks * part / parts; task < tasks * (part + 1) / parts; task++) {
      const Text& text = piece.texts[task / d.heads];
      const int64_t head = task % d.heads;
      for (int64_t row = text.first; row < text.first + text.count; row++) {
        const int64_t of_key = head / heads_of_key * d.key_width, of_value = head * d.value_width;
        kernels.norm(at(row, s.x) + of_key, of_lengths, epsilon, d.key_width, query);
        kernels.norm(at(row, s.y) + of_key, of_lengths + d.key_width, epsilon, d.key_width, key);
        const float decay = std::exp(-std::exp(rates[head]) * softplus(at(row, s.k)[head] + biases[head]));
        const float beta = 1 / (1 + std::exp(-at(row, s.l)[head]));
        kernels.delta({query, key, at(row, s.z) + of_value, decay, beta, size_t(d.key_width), size_t(d.value_width),
                       text.states[d.state].numbers + head * d.key_width * d.value_width, written, at(row, s.out) + of_value});
      }
    }
  });
}

}  // namespace coppice
