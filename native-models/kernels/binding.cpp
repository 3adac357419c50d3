// The functions that JavaScript calls; native-models/inference/native.ts declares their types. All arguments are checked.
#include <initializer_list>

#include "arguments.h"
#include "cores.h"
#include "decoder.h"

namespace coppice {

void add_training(napi_env env, napi_value exports);  // training-binding.cpp

}

namespace {

using namespace coppice;

constexpr size_t STEP_NUMBERS = 11, ATTENTION_NUMBERS = 7, DELTA_NUMBERS = 7;
constexpr size_t LONGEST_PIECE = 4096;

// fastCores() → their number, or 0 if it is unknown
napi_value fast_cores(const Arguments& given) { return integer(given.env, coppice::fast_cores()); }

// create(threads, kernels or null) → decoder
napi_value create(const Arguments& given) {
  const int threads = threads_in(given, 0);
  napi_valuetype type;
  check(napi_typeof(given.env, given.at(1), &type));
  char name[32] = "";
  if (type == napi_string) check(napi_get_value_string_utf8(given.env, given.at(1), name, sizeof name, nullptr));
  const coppice::Kernels* kernels = coppice::kernels_named(type == napi_string ? name : nullptr);
  expect(kernels != nullptr, "this processor lacks these instructions");
  return coppice::hold(given.env, std::make_unique<Decoder>(threads, *kernels));
}

// close(decoder): frees its memory and ends its threads immediately
napi_value close(const Arguments& given) {
  given.holder<Decoder>().reset();
  return nullptr;
}

// useThreads(decoder, threads)
napi_value use_threads(const Arguments& given) {
  given.held<Decoder>().use_threads(threads_in(given, 1));
  return nullptr;
}

napi_value number_array(napi_env env, std::initializer_list<double> values) {
  napi_value made;
  check(napi_create_array(env, &made));
  uint32_t index = 0;
  for (const double value : values) {
    napi_value element;
    check(napi_create_double(env, value, &element));
    check(napi_set_element(env, made, index++, element));
  }
  return made;
}

// measure(decoder, tasks) → [ns of an empty task, bytes of weights, ns to read them, tasks since the last call, ns of those]
napi_value measure(const Arguments& given) {
  Decoder& decoder = given.held<Decoder>();
  const int64_t count = given.integer(1);
  expect(count > 0, "the number of tasks is impossible");
  const coppice::TaskTimes times = decoder.take_task_times();
  const double task = decoder.time_task(count);
  const coppice::Reading reading = decoder.time_reading();
  decoder.take_task_times();
  return number_array(given.env, {task, reading.bytes, reading.nanoseconds, double(times.tasks), times.nanoseconds});
}

// addMatrix(decoder, bits, rows, columns, the matrix whose scales it shares or −1) → its index
napi_value add_matrix(const Arguments& given) {
  const int64_t bits = given.integer(1), rows = given.integer(2), columns = given.integer(3);
  constexpr int64_t most = int64_t(1) << 31;
  expect((bits == 4 || bits == 8) && rows > 0 && columns > 0 && rows < most && columns < most, "a matrix has impossible sizes");
  return integer(given.env, given.held<Decoder>().add_matrix(int(bits), rows, columns, given.integer(4)));
}

// fillMatrix(decoder, matrix, first row, codes, scales)
napi_value fill_matrix(const Arguments& given) {
  const auto codes = numbers<uint8_t>(given.env, given.at(3), napi_uint8_array);
  const auto scales = floats(given.env, given.at(4));
  const std::string wrong =
      given.held<Decoder>().fill_matrix(given.integer(1), given.integer(2), codes.data, codes.length, scales.data, scales.length);
  if (!wrong.empty()) throw Refused(wrong);
  return nullptr;
}

// fillFromStored(decoder, matrix, its low plane or −1, first row, type, bytes of whole rows) → whether all numbers are finite
napi_value fill_from_stored(const Arguments& given) {
  const auto bytes = numbers<uint8_t>(given.env, given.at(5), napi_uint8_array);
  bool is_finite = true;
  const std::string wrong = given.held<Decoder>().fill_from_stored(given.integer(1), given.integer(2), given.integer(3), given.integer(4), bytes.data,
                                                             bytes.length, is_finite);
  if (!wrong.empty()) throw Refused(wrong);
  napi_value made;
  check(napi_get_boolean(given.env, is_finite, &made));
  return made;
}

// addVector(decoder, numbers) → its index
napi_value add_vector(const Arguments& given) {
  const auto values = floats(given.env, given.at(1));
  return integer(given.env, given.held<Decoder>().add_vector(values.data, values.length));
}

// setSteps(decoder, steps [n · 11], attentions [n · 7], delta rules [n · 7], numbers in a row, number of logits); the first three in the order
// of the fields of Step, AttentionSizes and DeltaSizes
napi_value set_steps(const Arguments& given) {
  const auto steps = doubles(given.env, given.at(1)), attentions = doubles(given.env, given.at(2)), deltas = doubles(given.env, given.at(3));
  const int64_t row_size = given.integer(4), logits_size = given.integer(5);
  expect(steps.length % STEP_NUMBERS == 0 && attentions.length % ATTENTION_NUMBERS == 0 && deltas.length % DELTA_NUMBERS == 0,
         "a step is incomplete");
  const auto is_possible = [](int64_t size) { return size > 0 && size < coppice::LOGITS; };
  expect(is_possible(row_size) && is_possible(logits_size), "a row or the logits have an impossible size");
  std::vector<coppice::Step> made;
  for (const double* s = steps.data; s < steps.data + steps.length; s += STEP_NUMBERS)
    made.push_back({int64_t(s[0]), int64_t(s[1]), int64_t(s[2]), int64_t(s[3]), int64_t(s[4]), int64_t(s[5]), int64_t(s[6]),
                    int64_t(s[7]), int64_t(s[8]), int64_t(s[9]), float(s[10])});
  std::vector<coppice::AttentionSizes> sizes;
  for (const double* a = attentions.data; a < attentions.data + attentions.length; a += ATTENTION_NUMBERS)
    sizes.push_back({int64_t(a[0]), int64_t(a[1]), int64_t(a[2]), float(a[3]), float(a[4]), int64_t(a[5]), int64_t(a[6])});
  std::vector<coppice::DeltaSizes> rules;
  for (const double* d = deltas.data; d < deltas.data + deltas.length; d += DELTA_NUMBERS)
    rules.push_back({int64_t(d[0]), int64_t(d[1]), int64_t(d[2]), int64_t(d[3]), int64_t(d[4]), int64_t(d[5]), int64_t(d[6])});
  const std::string wrong = given.held<Decoder>().set_steps(std::move(made), std::move(sizes), std::move(rules), row_size, logits_size);
  if (!wrong.empty()) throw Refused(wrong);
  return nullptr;
}

// The angles of `count` tokens: cos and sin [tokens · half], growth [tokens] of each rotation in turn.
std::vector<coppice::Angles> angles_in(napi_env env, napi_value given, int64_t count) {
  std::vector<coppice::Angles> angles;
  size_t index = 0;
  for_each(env, given, [&](napi_value element) {
    const auto values = floats(env, element);
    const int64_t length = int64_t(values.length);
    if (index % 3 == 0) {
      expect(length % count == 0, "a rotation has angles for other tokens");
      angles.push_back({values.data, nullptr, nullptr, length / count});
    } else if (index % 3 == 1) {
      expect(length == angles.back().half * count, "a rotation has other sines than cosines");
      angles.back().sin = values.data;
    } else {
      expect(length == count, "a rotation has no growth for a token");
      angles.back().growth = values.data;
    }
    index++;
  });
  expect(index % 3 == 0, "a rotation is incomplete");
  return angles;
}

// run(decoder, tokens, for each text: its number of tokens, the position of its first, the rows of its caches; caches of all texts, angles,
// states of all texts, the wanted tokens, logits [wanted · V]). Each cache is a Uint16Array, each state a Float32Array; text by text.
// `runToHead` ends before the head: what it reads [wanted · D] instead of logits
template <bool ends_before_head>
napi_value run(const Arguments& given) {
  const auto tokens = integers(given.env, given.at(1)), counts = integers(given.env, given.at(2)), positions = integers(given.env, given.at(3)),
             rows = integers(given.env, given.at(4)), wanted = integers(given.env, given.at(8));
  const auto results = floats(given.env, given.at(9));
  const Decoder& decoder = given.held<Decoder>();
  expect(tokens.length > 0 && tokens.length <= LONGEST_PIECE, "a piece has an impossible length");
  expect(counts.length > 0 && counts.length <= tokens.length && positions.length == counts.length && rows.length == counts.length,
         "the texts of a piece are incomplete");
  std::vector<coppice::Text> texts;
  int64_t first = 0;
  for (size_t i = 0; i < counts.length; first += counts.data[i++]) texts.push_back({first, counts.data[i], positions.data[i], {}, {}});
  const size_t caches = decoder.caches(), states = decoder.states();
  size_t index = 0;
  for_each(given.env, given.at(5), [&](napi_value element) {
    expect(caches > 0 && index / caches < texts.size(), "there are more caches than texts have");
    coppice::Text& text = texts[index / caches];
    const int64_t of_text = rows.data[index / caches];
    const auto cache = halves(given.env, element);
    expect(decoder.fits(text.caches.size(), of_text, cache.length), "a cache has another size");
    text.caches.push_back({cache.data, of_text});
    index++;
  });
  index = 0;
  for_each(given.env, given.at(7), [&](napi_value element) {
    expect(states > 0 && index / states < texts.size(), "there are more states than texts have");
    const auto state = floats(given.env, element);
    texts[index++ / states].states.push_back({state.data, int64_t(state.length)});
  });
  const int64_t count = int64_t(tokens.length);
  const std::vector<coppice::Angles> angles = angles_in(given.env, given.at(6), count);
  const int64_t size = ends_before_head ? decoder.hidden_size() : decoder.logits_size();
  expect(results.length == wanted.length * size_t(size), "the results have another size than those wanted");
  const std::string wrong = given.held<Decoder>().run({tokens.data, count, texts, angles, wanted.data, int64_t(wanted.length),
                                                             ends_before_head, results.data});
  if (!wrong.empty()) throw Refused(wrong);
  return nullptr;
}

napi_value start(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"fastCores", nullptr, guarded<fast_cores>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"create", nullptr, guarded<create>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"close", nullptr, guarded<close>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"useThreads", nullptr, guarded<use_threads>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"measure", nullptr, guarded<measure>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"addMatrix", nullptr, guarded<add_matrix>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"fillMatrix", nullptr, guarded<fill_matrix>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"fillFromStored", nullptr, guarded<fill_from_stored>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"addVector", nullptr, guarded<add_vector>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"setSteps", nullptr, guarded<set_steps>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"run", nullptr, guarded<run<false>>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"runToHead", nullptr, guarded<run<true>>, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  coppice::add_training(env, exports);
  return exports;
}

}  // namespace

NAPI_MODULE(coppice, start)
