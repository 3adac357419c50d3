// Runs a model on pieces of texts: a list of steps over rows of f32 numbers, matrices, vectors, and caches that the caller owns. A
// token's results have the same bits whichever piece it is read in, whichever other texts are read with it, and however many threads
// there are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernels.h"
#include "memory.h"
#include "pool.h"
#include "steps.h"

namespace coppice {

inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// [kv_heads][rows][width], owned by the caller.
struct Cache {
  Half* numbers;
  int64_t rows;
};

// The rotary angles of a piece's tokens: [tokens][half] each; `growth` [tokens] multiplies rotated queries.
struct Angles {
  const float* cos;
  const float* sin;
  const float* growth;
  int64_t half;
};

// The state that earlier tokens left, owned by the caller and updated by a piece.
struct State {
  float* numbers;
  int64_t size;
};

// Neighbouring tokens of one text: `count` rows of a piece from `first` on, which go into its caches from row `position` on.
struct Text {
  int64_t first, count, position;
  std::vector<Cache> caches;
  std::vector<State> states;
};

// Tokens to be read, of one text or of several, one after another.
struct Piece {
  const int32_t* tokens;
  int64_t count;
  const std::vector<Text>& texts;
  const std::vector<Angles>& angles;
  const int32_t* wanted;  // the indices of tokens whose results are wanted, ascending
  int64_t wanted_count;
  bool ends_before_head;  // whether the results are what the head reads, not logits
  float* results;         // [wanted_count][hidden_size], or [wanted_count][logits_size]
};

// The bytes of the weights that were read, and the time that it took.
struct Reading {
  double bytes, nanoseconds;
};

class Decoder {
 public:
  Decoder(int threads, const Kernels& kernels) : pool(threads), kernels(kernels) {}

  // Sets how many threads work on a token; results do not depend on it.
  void use_threads(int threads);
  // Adds a matrix of zeros and returns its index. `scales_of`: an earlier matrix of the same sizes whose scales it shares, or negative.
  int64_t add_matrix(int bits, int64_t rows, int64_t columns, int64_t scales_of);
  // Fills rows of a matrix from `first` on, whole groups except at its end, as `pack` takes them; no scales if they are shared. Returns what
  // is wrong with the sizes, or nothing.
  std::string fill_matrix(int64_t matrix, int64_t first, const uint8_t* codes, size_t code_count, const float* scales, size_t scale_count);
  // Fills rows of a matrix from `first` on, and of its low plane if that is not negative, from their stored bytes, of a type by its place in
  // STORED_TYPES. Returns what is wrong with the sizes, or nothing; `is_finite` is false if a number is NaN or infinite.
  std::string fill_from_stored(int64_t matrix, int64_t low, int64_t first, int64_t type, const uint8_t* bytes, size_t length, bool& is_finite);
  int64_t add_vector(const float* numbers, int64_t size);
  // Checks every step against what it uses. Returns what is wrong with them, or nothing.
  std::string set_steps(std::vector<Step> steps, std::vector<AttentionSizes> attentions, std::vector<DeltaSizes> deltas, int64_t row_size,
                        int64_t logits_size);
  // Reads a piece whose rows in the caches are free; no two texts share a cache. Returns what is wrong with it, or nothing.
  std::string run(const Piece& piece);

  // The time of an empty task on all threads, in nanoseconds: what it costs to share out work and to wait for the last thread.
  double time_task(int64_t count);
  // Reads the codes of all matrices on all threads, without computing anything.
  Reading time_reading();
  TaskTimes take_task_times();

  // Whether `numbers` numbers are enough for this many rows of a cache.
  bool fits(size_t cache, int64_t rows, size_t numbers) const;
  int64_t logits_size() const { return row_logits; }
  // How many numbers of a token the head reads: what the last norm wrote; 0 if steps end without a norm.
  int64_t hidden_size() const { return head > mixing ? steps[head - 1].n * steps[head - 1].m : 0; }
  // How many caches and states a text has.
  size_t caches() const { return 2 * attentions.size(); }
  size_t states() const { return sizes_of_states.size(); }

 private:
  std::string wrong_with_piece(const Piece& piece) const;
  std::string wrong_with_text(const Text& text, const Piece& piece) const;
  void reserve(int64_t tokens);
  void free_room();
  float* at(int64_t row, int64_t place) { return place >= LOGITS ? logits + row * row_logits + (place - LOGITS) : rows + row * stride + place; }
  // Calls use(row) for each row of the piece; threads take a few rows at a time as they become free.
  template <typename Use>
  void each_row(const Use& use) {
    const int64_t count = int64_t(tokens.size()), at_once = ceil_div(count, PIECES * pool.threads());
    if (count == 1) return use(0);
    pool.share(ceil_div(count, at_once), [&](int64_t piece, int) {
      for (int64_t row = piece * at_once; row < std::min(count, (piece + 1) * at_once); row++) use(row);
    });
  }
  void keep(const Piece& piece);
  void run_in_row(const Step& step, int64_t row);
  size_t end_in_row(size_t index) const;
  void mix(const Step& step, const Piece& piece);
  // The quantised inputs of a product with this matrix.
  Quantised inputs_of(const Matrix& matrix) {
    return {codes.data(), matrix.bits == 4 ? nullptr : wide_codes.data(), code_scales.data(), code_starts.data()};
  }
  void quantise(const Step& product, int64_t row);
  void multiply(const Step& product);
  void candidates(const Step& step, int64_t row);
  void attend(const Step& step, const Piece& piece);
  void prepare_recurrences(const std::vector<Step>& given);
  void convolve(const Step& step, const Piece& piece);
  void apply_delta(const Step& step, const Piece& piece);
  void place_in_caches(const Step& step, const Piece& piece);
  void attend_alone(const Step& step, const Text& text);

  // Work on many rows is shared out in this many pieces per thread.
  static constexpr int64_t PIECES = 8;

  Pool pool;
  const Kernels& kernels;
  Memory memory;
  std::vector<Matrix> matrices;
  std::vector<bool> shares_scales;
  std::vector<std::vector<float>> vectors;
  std::vector<Step> steps;
  size_t mixing = 0;                     // `mixing_end` of the steps
  size_t head = 0;                       // `head_start` of the steps
  std::vector<int64_t> sizes_of_states;  // `state_sizes` of the steps
  std::vector<AttentionSizes> attentions;
  std::vector<DeltaSizes> deltas;
  std::vector<std::vector<float>> taps;     // of each step that convolves: [m][n]
  std::vector<std::vector<float>> lengths;  // of queries and of keys, as factors of norms, of each delta rule: [2][key_width]
  int64_t row_logits = 0;
  int64_t stride = 0;          // of rows
  size_t widest_product = 0;   // blocks of the longest input of a product
  size_t widest_queries = 0;   // numbers of the queries of a token
  size_t widest_key = 0;       // of a head

  // The state of the piece that is being read.
  std::vector<int32_t> tokens;
  std::vector<const Text*> text_of;  // each row
  float* logits = nullptr;
  size_t steps_to_run = 0;

  // Buffers for as many tokens as the longest piece so far had.
  int64_t room = 0;
  std::unique_ptr<Memory> row_memory;
  float* rows = nullptr;  // [room][stride]
  std::vector<int8_t> codes;
  std::vector<int16_t> wide_codes;
  std::vector<float> code_scales;
  std::vector<int32_t> code_starts;
  std::vector<float> queries;
  std::vector<float> keys;  // one of each token, rotated
  std::vector<std::vector<float>> scratch;  // of each thread
};

}  // namespace coppice
