#include "steps.h"

namespace coppice {

namespace {

constexpr int64_t MOST_HEADS = 4096, WIDEST_HEAD = 65536;

bool is_possible(const AttentionSizes& a) {
  return a.heads >= 1 && a.kv_heads >= 1 && a.width >= 1 && a.heads <= MOST_HEADS && a.width <= WIDEST_HEAD &&
         a.heads % a.kv_heads == 0 && a.window >= 0;
}

class Check {
 public:
  explicit Check(const Parts& parts) : parts(parts) {}

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
    }
    return false;
  }

 private:
  bool inside(int64_t at, int64_t count) const {
    if (at < 0 || count < 0) return false;
    return at >= LOGITS ? at - LOGITS <= parts.logits_size - count : at <= parts.row_size - count;
  }

  // So that their product is a number of 64 bits.
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

  const Parts& parts;
};

}  // namespace

std::string wrong_with(const std::vector<Step>& steps, const Parts& parts) {
  for (const AttentionSizes& attention : parts.attentions)
    if (!is_possible(attention)) return "an attention has impossible sizes";
  const Check check(parts);
  for (size_t index = 0; index < steps.size(); index++)
    if (!check.is_right(steps[index])) return "step " + std::to_string(index) + " does not fit what it uses";
  return "";
}

}  // namespace coppice
