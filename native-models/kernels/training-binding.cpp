// The functions for training that JavaScript calls; native-models/training/native-blocks.ts declares their types. All arguments are checked.
#include "arguments.h"
#include "trainer.h"

#include <cstring>

#if defined(COPPICE_X64)
#include <cpuid.h>
#endif

#if defined(__linux__) && defined(COPPICE_X64)
#include <immintrin.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace coppice {

extern const TrainingLoops training_loops_portable;
#ifdef COPPICE_X64
extern const TrainingLoops training_loops_amx, training_loops_avx512, training_loops_avxvnni, training_loops_avx2;
#endif

namespace {

#ifdef COPPICE_X64

// Older compilers' __builtin_cpu_supports does not know these.
bool has_feature(unsigned subleaf, int output, int bit) {
  unsigned numbers[4] = {};
  return __get_cpuid_count(7, subleaf, &numbers[0], &numbers[1], &numbers[2], &numbers[3]) && (numbers[output] >> bit & 1);
}

bool has_avx_vnni() { return has_feature(1, 0, 4); }
[[maybe_unused]] bool has_amx() { return has_feature(0, 3, 24) && has_feature(0, 3, 25); }  // tiles, int8

#endif

#if defined(__linux__) && defined(COPPICE_X64)

sigjmp_buf before_amx;

// Some virtual machines announce AMX, but its instructions fault.
__attribute__((target("amx-tile,amx-int8"))) bool amx_runs() {
  alignas(64) static uint8_t shapes[64] = {1};
  for (size_t tile = 0; tile < 8; tile++) {
    shapes[16 + 2 * tile] = 64;
    shapes[48 + tile] = 16;
  }
  alignas(64) static uint8_t ones[1024];
  alignas(64) static int32_t sums[256];
  std::memset(ones, 1, sizeof ones);
  struct sigaction own = {}, others;
  own.sa_handler = [](int) { siglongjmp(before_amx, 1); };
  if (sigaction(SIGILL, &own, &others) != 0) return false;
  bool runs = false;
  if (sigsetjmp(before_amx, 1) == 0) {
    _tile_loadconfig(shapes);
    _tile_zero(0);
    _tile_loadd(1, ones, 64);
    _tile_loadd(2, ones, 64);
    _tile_dpbsud(0, 1, 2);
    _tile_stored(0, sums, 64);
    _tile_release();
    runs = sums[0] == 64 && sums[255] == 64;
  }
  sigaction(SIGILL, &others, nullptr);
  return runs;
}

// Whether the system lets this process use AMX, which it must be asked for.
bool allows_amx() {
  constexpr long REQUEST = 0x1023, TILE_DATA = 18;  // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILE_DATA)
  static const bool allows = has_amx() && syscall(SYS_arch_prctl, REQUEST, TILE_DATA) == 0 && amx_runs();
  return allows;
}

#else

[[maybe_unused]] bool allows_amx() { return false; }

#endif

}  // namespace

const TrainingLoops* training_loops_named(const char* name) {
  const auto is = [&](const TrainingLoops& loops) { return std::strcmp(name, loops.name) == 0; };
#ifdef COPPICE_X64
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (is(training_loops_amx)) return has_avx512 && allows_amx() ? &training_loops_amx : nullptr;
  if (is(training_loops_avx512)) return has_avx512 ? &training_loops_avx512 : nullptr;
  if (is(training_loops_avxvnni)) return has_avx2 && has_avx_vnni() ? &training_loops_avxvnni : nullptr;
  if (is(training_loops_avx2)) return has_avx2 ? &training_loops_avx2 : nullptr;
#endif
  return is(training_loops_portable) ? &training_loops_portable : nullptr;
}

namespace {

constexpr size_t HALF_NUMBERS = 17;

// createTrainer(threads, loops) → trainer, or null if this processor lacks the instructions
napi_value create_trainer(const Arguments& given) {
  const int threads = threads_in(given, 0);
  char name[32] = "";
  check(napi_get_value_string_utf8(given.env, given.at(1), name, sizeof name, nullptr));
  const TrainingLoops* loops = training_loops_named(name);
  if (!loops) {
    napi_value none;
    check(napi_get_null(given.env, &none));
    return none;
  }
  return hold(given.env, std::make_unique<Trainer>(threads, *loops));
}

// closeTrainer(trainer): frees its memory and ends its threads immediately
napi_value close_trainer(const Arguments& given) {
  given.holder<Trainer>().reset();
  return nullptr;
}

// addHalf(trainer, the fields of HalfSizes in order) → its index
napi_value add_half(const Arguments& given) {
  const auto s = doubles(given.env, given.at(1));
  expect(s.length == HALF_NUMBERS, "the sizes of a half are incomplete");
  const auto whole = [&](size_t i) { return int64_t(s.data[i]); };
  const HalfSizes sizes = {whole(0), whole(1), whole(2), whole(3), whole(4), whole(5), whole(6), whole(7), whole(8), whole(9),
                           s.data[10], s.data[11], s.data[12], s.data[13], s.data[14], s.data[15], s.data[16]};
  const int64_t index = given.held<Trainer>().add(sizes);
  expect(index >= 0, "a half has impossible sizes");
  return integer(given.env, index);
}

int64_t half_in(const Arguments& given, size_t index) {
  const int64_t half = given.integer(index);
  expect(given.held<Trainer>().has(half), "there is no such half");
  return half;
}

// setProjection(trainer, half, index, forward codes [inputs, outputs], their scales, backward codes [outputs, inputs], their scales, bias)
napi_value set_projection(const Arguments& given) {
  Trainer& trainer = given.held<Trainer>();
  const int64_t half = half_in(given, 1), index = given.integer(2);
  expect(trainer.has_projection(half, index), "there is no such projection");
  const auto codes = [&](size_t at) { return numbers<int8_t>(given.env, given.at(at), napi_int8_array); };
  const auto forward = codes(3), backward = codes(5);
  const auto forward_scales = floats(given.env, given.at(4)), backward_scales = floats(given.env, given.at(6)), bias = floats(given.env, given.at(7));
  const size_t outputs = trainer.outputs(half, index), inputs = trainer.inputs(half, index);
  expect(forward.length == inputs * outputs && backward.length == inputs * outputs && forward_scales.length == outputs &&
             backward_scales.length == inputs && (bias.length == 0 || bias.length == outputs),
         "a projection has another size");
  trainer.set_projection(half, index, forward.data, forward_scales.data, backward.data, backward_scales.data,
                         bias.length > 0 ? bias.data : nullptr);
  return nullptr;
}

// setFloats(trainer, half, index, weights [outputs, inputs], bias)
napi_value set_floats(const Arguments& given) {
  Trainer& trainer = given.held<Trainer>();
  const int64_t half = half_in(given, 1), index = given.integer(2);
  expect(trainer.has_projection(half, index), "there is no such projection");
  const auto weights = floats(given.env, given.at(3)), bias = floats(given.env, given.at(4));
  const size_t outputs = trainer.outputs(half, index);
  expect(weights.length == outputs * trainer.inputs(half, index) && (bias.length == 0 || bias.length == outputs), "a projection has another size");
  trainer.set_projection(half, index, weights.data, bias.length > 0 ? bias.data : nullptr);
  return nullptr;
}

// setNorm(trainer, half, index, weight)
napi_value set_norm(const Arguments& given) {
  const int64_t half = half_in(given, 1);
  const auto weight = floats(given.env, given.at(3));
  const std::string wrong = given.held<Trainer>().set_norm(half, given.integer(2), weight.data, weight.length);
  if (!wrong.empty()) throw Refused(wrong);
  return nullptr;
}

// What forwardHalf and backwardHalf both begin with: trainer, half, slot, starts of the rows and N [rows + 1], cos, sin [longest, pairs],
// growth [longest] or empty, adapters' values or empty, x [N, D].
struct Step {
  Trainer& trainer;
  int64_t half;
  size_t slot;
  Rows rows;
  const float *adapters, *x;
  size_t stream;  // N · D

  explicit Step(const Arguments& given) : trainer(given.held<Trainer>()), half(half_in(given, 1)) {
    const int64_t wanted = given.integer(2);
    expect(wanted >= 0 && wanted < 1 << 16, "there is no such slot");
    slot = size_t(wanted);
    const auto starts = integers(given.env, given.at(3));
    expect(starts.length >= 2 && starts.data[0] == 0, "the rows are incomplete");
    int32_t longest = 0;
    for (size_t i = 1; i < starts.length; i++) {
      expect(starts.data[i] > starts.data[i - 1], "a row is empty");
      longest = std::max(longest, starts.data[i] - starts.data[i - 1]);
    }
    const auto cos = floats(given.env, given.at(4)), sin = floats(given.env, given.at(5)), growth = floats(given.env, given.at(6));
    const size_t angles = size_t(longest) * trainer.pairs(half);
    expect(cos.length >= angles && sin.length >= angles, "there are angles for fewer tokens");
    expect(growth.length == 0 || growth.length >= size_t(longest), "there is no growth for a token");
    rows = {starts.data, starts.length - 1, cos.data, sin.data, growth.length > 0 ? growth.data : nullptr};
    adapters = adapter_numbers(given, 7);
    stream = size_t(starts.data[starts.length - 1]) * trainer.width(half);
    x = stream_numbers(given, 8);
  }

  float* adapter_numbers(const Arguments& given, size_t index) const {
    const auto values = floats(given.env, given.at(index));
    expect(values.length == 0 || values.length == trainer.adapter_size(half), "adapters have another size");
    return values.length > 0 ? values.data : nullptr;
  }

  float* stream_numbers(const Arguments& given, size_t index) const {
    const auto values = floats(given.env, given.at(index));
    expect(values.length == stream, "a stream has another size");
    return values.data;
  }
};

// forwardHalf(…, y)
napi_value forward_half(const Arguments& given) {
  const Step step(given);
  step.trainer.forward(step.half, step.slot, step.rows, step.x, step.adapters, step.stream_numbers(given, 9));
  return nullptr;
}

// backwardHalf(…, dy, dx, gradients of the adapters or empty)
napi_value backward_half(const Arguments& given) {
  const Step step(given);
  float* gradients = step.adapter_numbers(given, 11);
  expect(!gradients || step.adapters, "there are no adapters");
  step.trainer.backward(step.half, step.slot, step.rows, step.x, step.adapters, step.stream_numbers(given, 9), step.stream_numbers(given, 10),
                        gradients);
  return nullptr;
}

}  // namespace

void add_training(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"createTrainer", nullptr, guarded<create_trainer>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"closeTrainer", nullptr, guarded<close_trainer>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"addHalf", nullptr, guarded<add_half>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"setProjection", nullptr, guarded<set_projection>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"setFloats", nullptr, guarded<set_floats>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"setNorm", nullptr, guarded<set_norm>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"forwardHalf", nullptr, guarded<forward_half>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"backwardHalf", nullptr, guarded<backward_half>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
}

}  // namespace coppice
