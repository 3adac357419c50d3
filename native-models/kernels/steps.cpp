#include "steps.h"

namespace coppice {

namespace {

constexpr int64_t MOST_HEADS = 4096, WIDEST_HEAD = 65536;

bool is_possible(const AttentionSizes& a) {
  return a.heads >= 1 && a.kv_heads >= 1 && a.width >= 1 && a.heads <= MOST_HEADS && a.width <= WIDEST_HEAD &&
         a.heads % a.kv_heads == 0 && a.window >= 0;
}

bool is_possible(const DeltaSizes& d) {
  return d.heads >= 1 && d.key_heads >= 1 && d.heads <= MOST_HEADS && d.heads % d.key_heads == 0 && d.key_width >= 1 &&
         d.key_width <= WIDEST_HEAD && d.value_width >= 1 && d.value_width <= WIDEST_HEAD;
}

constexpr int64_t MOST_TAPS = 64;

// `has_logits`: whether a step may use places in logits.
class Check {
 public:
  Check(const Parts& parts, bool has_logits) : parts(parts), has_logits(has_logits) {}

  bool is_right(const Step& s) const {
    switch (s.operation) {
      case EMBED: return matrix(s.w) && inside(s.out, columns(s.w)) && (s.z < 0 || (matrix(s.z) && is_alike(s.z, s.w)));
      case NORM: return both_fit(s.n, s.m) && inside(s.x, s.n * s.m) && inside(s.out, s.n * s.m) && vector_of(s.w, s.m);
      case PRODUCT:
        return matrix(s.w) && inside(s.x, columns(s.w)) && inside(s.out, rows(s.w)) && (s.y < 0 || vector_of(s.y, rows(s.w)));
      case ADD: case GATED: case MULTIPLY:
        return inside(s.x, s.n) && inside(s.y, s.n) && inside(s.out, s.n) && s.m >= 0 && s.m <= 2;
      case SCALE: case ACTIVATE: case SOFT_CAP: return inside(s.x, s.n) && inside(s.out, s.n) && s.m >= 0 && s.m <= 2;
      case ATTEND: return s.w >= 0 && s.w < int64_t(parts.attentions.size()) && attention_fits(s, parts.attentions[s.w]);
      case PICK:
        return both_fit(s.n, s.l) && s.m >= 0 && s.k > 0 && s.k <= s.l - s.m && inside(s.x, s.n * s.l) && inside(s.out, s.n * s.k);
      case CANDIDATES:
        return matrix(s.w) && parts.matrices[s.w].bits == 4 && inside(s.x, columns(s.w)) && s.m == rows(s.w) && inside(s.out, s.m) &&
               s.n > 0 && s.n <= s.m;
      case CONVOLVE:
        return s.n > 0 && s.n < LOGITS && s.m >= 2 && s.m <= MOST_TAPS && vector_of(s.w, s.n * s.m) && inside(s.x, s.n) &&
               inside(s.out, s.n) && (s.y < 0 || vector_of(s.y, s.n));
      case DELTA: return s.w >= 0 && s.w < int64_t(parts.deltas.size()) && delta_fits(s, parts.deltas[s.w]);
    }
    return false;
  }

 private:
  bool inside(int64_t at, int64_t count) const {
    if (at < 0 || count < 0) return false;
    return at >= LOGITS ? has_logits && at - LOGITS <= parts.logits_size - count : at <= parts.row_size - count;
  }

  // Whether both are so small that their product fits in 64 bits.
  bool both_fit(int64_t a, int64_t b) const { return a > 0 && b > 0 && a < LOGITS && b < LOGITS; }

  bool matrix(int64_t index) const { return index >= 0 && index < int64_t(parts.matrices.size()); }
  int64_t rows(int64_t index) const { return int64_t(parts.matrices[index].rows); }
  int64_t columns(int64_t index) const { return int64_t(parts.matrices[index].columns); }
  bool is_alike(int64_t a, int64_t b) const { return rows(a) == rows(b) && columns(a) == columns(b); }

  bool vector_of(int64_t index, int64_t size) const {
    return index >= 0 && index < int64_t(parts.vectors.size()) && int64_t(parts.vectors[index].size()) == size;
  }

  bool attention_fits(const Step& s, const AttentionSizes& a) const {
    return inside(s.x, a.heads * a.width) && inside(s.y, a.kv_heads * a.width) && inside(s.z, a.kv_heads * a.width) &&
           inside(s.out, a.heads * a.width);
  }

  bool delta_fits(const Step& s, const DeltaSizes& d) const {
    const int64_t keys = d.key_heads * d.key_width, values = d.heads * d.value_width;
    return vector_of(d.rate, d.heads) && vector_of(d.bias, d.heads) && inside(s.x, keys) && inside(s.y, keys) && inside(s.z, values) &&
           inside(s.k, d.heads) && inside(s.l, d.heads) && inside(s.out, values);
  }

  const Parts& parts;
  const bool has_logits;
};

// Whether steps use states 0, 1, … one after another.
bool are_in_order(const std::vector<Step>& steps, const std::vector<DeltaSizes>& deltas) {
  int64_t next = 0;
  for (const Step& s : steps)
    if ((s.operation == CONVOLVE && s.k != next++) || (s.operation == DELTA && deltas[s.w].state != next++)) return false;
  return true;
}

}  // namespace

size_t mixing_end(const std::vector<Step>& steps) {
  size_t end = steps.size();
  while (end > 0 && !mixes_tokens(steps[end - 1])) end--;
  return end;
}

size_t head_start(const std::vector<Step>& steps) {
  const size_t mixing = mixing_end(steps);
  size_t start = steps.size();
  while (start > mixing && steps[start - 1].operation != NORM) start--;
  return start;
}

std::string validate(const std::vector<Step>& steps, const Parts& parts) {
  for (const AttentionSizes& attention : parts.attentions)
    if (!is_possible(attention)) return "an attention has impossible sizes";
  for (const DeltaSizes& delta : parts.deltas)
    if (!is_possible(delta)) return "a delta rule has impossible sizes";
  const size_t head = head_start(steps);
  for (size_t index = 0; index < steps.size(); index++)
    if (!Check(parts, index >= head).is_right(steps[index])) return "step " + std::to_string(index) + " does not fit what it uses";
  return are_in_order(steps, parts.deltas) ? "" : "a step does not fit its state";
}

std::vector<int64_t> state_sizes(const std::vector<Step>& steps, const std::vector<DeltaSizes>& deltas) {
  std::vector<int64_t> sizes;
  for (const Step& s : steps) {
    if (s.operation == CONVOLVE) sizes.push_back((s.m - 1) * s.n);
    if (s.operation == DELTA) sizes.push_back(deltas[s.w].heads * deltas[s.w].key_width * deltas[s.w].value_width);
  }
  return sizes;
}

}  // namespace coppice
