// The arguments of functions that JavaScript calls, all checked.
#pragma once

#define NAPI_VERSION 8
#include <node_api.h>

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "kernels.h"

namespace coppice {

constexpr int64_t LARGEST_POOL = 256;

// A sentence that becomes a JavaScript error.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void expect(bool holds, const char* what) {
  if (!holds) throw Refused(what);
}

inline void check(napi_status status) { expect(status == napi_ok, "an argument is missing or of another type"); }

struct Arguments {
  static constexpr size_t MOST = 12;
  napi_env env;
  size_t count = MOST;
  napi_value values[MOST];

  Arguments(napi_env env, napi_callback_info info) : env(env) {
    check(napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
  }

  napi_value at(size_t index) const {
    expect(index < count, "an argument is missing");
    return values[index];
  }

  int64_t integer(size_t index) const {
    int64_t value;
    check(napi_get_value_int64(env, at(index), &value));
    return value;
  }

  // An object that JavaScript holds; empty once it is closed.
  template <typename Held>
  std::unique_ptr<Held>& holder() const {
    void* data;
    check(napi_get_value_external(env, at(0), &data));
    return *static_cast<std::unique_ptr<Held>*>(data);
  }

  template <typename Held>
  Held& held() const {
    expect(holder<Held>() != nullptr, "it was closed");
    return *holder<Held>();
  }
};

// Gives JavaScript an object to hold.
template <typename Held>
napi_value hold(napi_env env, std::unique_ptr<Held> held) {
  auto holder = std::make_unique<std::unique_ptr<Held>>(std::move(held));
  napi_value made;
  const auto release = [](napi_env, void* data, void*) { delete static_cast<std::unique_ptr<Held>*>(data); };
  check(napi_create_external(env, holder.get(), release, nullptr, &made));
  holder.release();  // it now belongs to `made`
  return made;
}

template <typename Number>
struct Numbers {
  Number* data;
  size_t length;
};

template <typename Number>
Numbers<Number> numbers(napi_env env, napi_value value, napi_typedarray_type wanted) {
  bool is_typed;
  check(napi_is_typedarray(env, value, &is_typed));
  expect(is_typed, "an argument is no typed array");
  napi_typedarray_type type;
  size_t length;
  void* data;
  check(napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr));
  expect(type == wanted, "a typed array has another type");
  return {static_cast<Number*>(data), length};
}

inline auto halves(napi_env env, napi_value value) { return numbers<Half>(env, value, napi_uint16_array); }
inline auto floats(napi_env env, napi_value value) { return numbers<float>(env, value, napi_float32_array); }
inline auto integers(napi_env env, napi_value value) { return numbers<int32_t>(env, value, napi_int32_array); }
inline auto doubles(napi_env env, napi_value value) { return numbers<double>(env, value, napi_float64_array); }

template <typename Use>
void for_each(napi_env env, napi_value array, Use use) {
  uint32_t length;
  check(napi_get_array_length(env, array, &length));
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    check(napi_get_element(env, array, i, &element));
    use(element);
  }
}

inline napi_value integer(napi_env env, int64_t value) {
  napi_value made;
  check(napi_create_int64(env, value, &made));
  return made;
}

// Runs a function's body and turns what it throws into a JavaScript error.
template <napi_value (*Body)(const Arguments&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return Body(Arguments(env, info));
  } catch (const std::bad_alloc&) {
    napi_throw_range_error(env, nullptr, "Array buffer allocation failed");
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

// At most LARGEST_POOL: a computer may have more cores, and a person may ask for more threads.
inline int threads_in(const Arguments& given, size_t index) {
  const int64_t threads = given.integer(index);
  expect(threads >= 1, "the number of threads is impossible");
  return int(std::min(threads, LARGEST_POOL));
}

}  // namespace coppice
