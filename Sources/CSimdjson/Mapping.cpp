#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>

#include "CSimdjson.h"

namespace {

/// One mapped file. `start` is 0 for a free place; it is written last and cleared first.
struct Region {
  std::atomic<uintptr_t> start{0};
  std::atomic<size_t> length{0};
  std::atomic<int> damaged{0};
};

constexpr int regions_max = 64;
Region regions[regions_max];
struct sigaction previous;

/// Puts zeros where a mapped file no longer is, and leaves every other SIGBUS to whoever handled it
/// before.
void on_bus_error(int number, siginfo_t *info, void *context) {
  const int saved = errno;
  const uintptr_t address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (Region &region : regions) {
    const uintptr_t start = region.start.load();
    const size_t length = region.length.load();
    if (start == 0 || address < start || address >= start + length) continue;
    const uintptr_t page = address & ~uintptr_t(getpagesize() - 1);
    void *zeros = mmap(reinterpret_cast<void *>(page), start + length - page, PROT_READ,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) break;
    region.damaged.store(1);
    errno = saved;
    return;
  }
  errno = saved;
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(number, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(number);
  } else {
    signal(number, SIG_DFL);
  }
}

void install_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous);
  });
}

}  // namespace

const uint8_t *tally_map(int descriptor, size_t length) {
  install_once();
  void *bytes = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (bytes == MAP_FAILED) return nullptr;
  for (Region &region : regions) {
    size_t none = 0;
    if (!region.length.compare_exchange_strong(none, length)) continue;
    region.damaged.store(0);
    region.start.store(reinterpret_cast<uintptr_t>(bytes));
    madvise(bytes, length, MADV_SEQUENTIAL);
    return static_cast<const uint8_t *>(bytes);
  }
  munmap(bytes, length);
  errno = EMFILE;
  return nullptr;
}

int tally_map_damaged(const uint8_t *bytes) {
  for (Region &region : regions) {
    if (region.start.load() == reinterpret_cast<uintptr_t>(bytes)) return region.damaged.load();
  }
  return 0;
}

void tally_unmap(const uint8_t *bytes, size_t length) {
  for (Region &region : regions) {
    if (region.start.load() != reinterpret_cast<uintptr_t>(bytes)) continue;
    region.start.store(0);
    region.length.store(0);
  }
  munmap(const_cast<uint8_t *>(bytes), length);
}
