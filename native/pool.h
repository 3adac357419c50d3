// Threads that work on parts of one task at a time. A token's answer has hundreds of small tasks, so they wait for the next one
// actively for a while before they sleep.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace coppice {

class Pool {
 public:
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return int(workers.size()) + 1; }

  // Calls part(0) to part(threads() − 1), each on its own thread, part(0) on this one.
  template <typename Part>
  void run(const Part& part) {
    start([](const void* given, int index) { (*static_cast<const Part*>(given))(index); }, &part);
  }

 private:
  using Task = void (*)(const void*, int);

  void start(Task task, const void* given);
  void work(int index);

  std::vector<std::thread> workers;
  std::atomic<unsigned> tasks{0};
  std::atomic<int> unfinished{0};
  std::atomic<int> asleep{0};
  std::atomic<bool> ending{false};
  Task task = nullptr;
  const void* given = nullptr;
  std::mutex mutex;
  std::condition_variable woken;
};

// While it exists, denormal results on this thread count as zero: some processors are a hundred times slower with them.
class WithoutDenormals {
 public:
  WithoutDenormals();
  ~WithoutDenormals();

 private:
  unsigned before = 0;
};

}  // namespace coppice
