#include "CProcess.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static int argument_count;
static char **argument_values;

// glibc hands the arguments of main to what runs before it.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}
#endif

void tally_keep_memory(void) {
#ifdef __GLIBC__
  // The most that glibc takes.
  const size_t kept = 32 << 20, huge = 2 << 20;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kept);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 2 * kept);
  // More than is left: the heap grows once, and by addresses only.
  char *start = malloc(huge);
  char *end = sbrk(0);
  const uintptr_t first = ((uintptr_t)start + huge - 1) & ~(uintptr_t)(huge - 1);
  if (start && (uintptr_t)end > first) madvise((void *)first, (uintptr_t)end - first, MADV_HUGEPAGE);
  free(start);
  mallopt(M_TOP_PAD, huge);
#endif
}

const char *tally_argument(int place) {
#ifdef __GLIBC__
  if (place >= 0 && place < argument_count) return argument_values[place];
#endif
  return NULL;
}
