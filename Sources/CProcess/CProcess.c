#include "CProcess.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

static int argument_count;
static char **argument_values;

// glibc hands the arguments of main to what runs before it.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}
#endif

void tally_use_one_arena(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
#endif
}

const char *tally_argument(int place) {
#ifdef __GLIBC__
  if (place >= 0 && place < argument_count) return argument_values[place];
#endif
  return NULL;
}
