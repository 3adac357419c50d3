// Included before the sources of better-sqlite3, so that they compile unchanged for Node-API 8, the last that Electron 22
// supports. It allows references only to objects, functions and symbols: here, any other value is held in an array.
#include <napi.h>

namespace Napi {

template <typename T>
class BoxedReference {
 public:
  static Reference<T> New(const T& value, uint32_t count = 0) {
    Reference<T> reference;
    reference.Reset(value, count);
    return reference;
  }
  BoxedReference() = default;
  BoxedReference(BoxedReference&&) = default;
  BoxedReference& operator=(BoxedReference&&) = default;

  bool IsEmpty() const { return box.IsEmpty(); }
  T Value() const {
    napi_value value = nullptr;
    if (!box.IsEmpty()) napi_get_element(box.Env(), box.Value(), 0, &value);
    return T(box.Env(), value);
  }
  void Reset() { box.Reset(); }
  void Reset(const T& value, uint32_t count = 0) {
    napi_value array;
    napi_create_array_with_length(value.Env(), 1, &array);
    napi_set_element(value.Env(), array, 0, value);
    box.Reset(Object(value.Env(), array), count);
  }

 private:
  Reference<Object> box;
};

template <>
class Reference<String> : public BoxedReference<String> {};

template <>
class Reference<Value> : public BoxedReference<Value> {};

}  // namespace Napi
