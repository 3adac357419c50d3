// Threads that work on parts of one task at a time. A token takes hundreds of small tasks, so they spin for a while before they sleep.
// If other programs keep a thread from its processor, the caller does its part.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace coppice {

// The number of tasks, and the total time until their last parts were done.
struct TaskTimes {
  int64_t tasks;
  double nanoseconds;
};

class Pool {
 public:
  // Throws std::system_error, as `use` does.
  explicit Pool(int threads) { use(threads); }
  ~Pool() { end(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return int(workers.size()) + 1; }
  // Uses this many threads from now on, including this one. If the number changes, all other threads are replaced; if that fails, only this
  // one is left.
  void use(int threads);

  // The times since the last call; the first call returns none and starts the timing.
  TaskTimes take_times();

  // Calls part(0) to part(threads() − 1), once each, in parallel. Throws the first error of a part when all of them have ended.
  template <typename Part>
  void run(const Part& part) {
    start({[](const void* given, int index) { (*static_cast<const Part*>(given))(index); }, &part, false});
  }

  // Calls piece(0, part) to piece(count − 1, part), once each: every part takes the next piece when it has finished one.
  // After an error, some may not have been called.
  template <typename Piece>
  void share(int64_t count, const Piece& piece) {
    std::atomic<int64_t> next{0};
    const auto part = [&](int index) {
      for (int64_t taken; (taken = next.fetch_add(1, std::memory_order_relaxed)) < count;) piece(taken, index);
    };
    start({[](const void* given, int index) { (*static_cast<const decltype(part)*>(given))(index); }, &part, true});
  }

 private:
  struct Task {
    void (*part)(const void*, int);
    const void* given;
    bool is_shared;  // whether nothing is left for the other parts once one of them is done
  };

  struct alignas(64) Worker {
    std::thread thread;
    std::atomic<unsigned> claimed;  // the last task whose part for this worker was begun, by any thread
  };

  void start(const Task& task);
  void share_out(const Task& task);
  void do_parts(unsigned number);
  void do_part(int index, unsigned number);
  void call_part(int index) noexcept;
  void work(int index, unsigned done);
  void wait_for_task(unsigned done);
  void end();

  std::vector<std::unique_ptr<Worker>> workers;  // of parts 1, 2, …
  std::atomic<unsigned> tasks{0};
  std::atomic<int> unfinished{0};
  std::atomic<int> asleep{0};
  std::atomic<bool> ending{false};
  Task task{};
  std::exception_ptr error;  // the first one of the task's parts
  bool is_timed = false;
  TaskTimes times{};
  std::mutex mutex;
  std::condition_variable woken;
};

// While it exists, denormals count for this thread, or are zero to it: some processors are a hundred times slower with them.
class Denormals {
 public:
  explicit Denormals(bool count);
  ~Denormals();

 private:
  unsigned before = 0;
};

}  // namespace coppice
