#pragma once

/// Takes memory as suits a process that lives for a moment; does nothing where the C library is not glibc.
///
/// All threads share one arena: they mostly wait for each other, and another arena grows by one system call for nearly each page. What was
/// given back is kept for the next who asks, else every large array costs a mapping; and the first 64 MiB of the heap may come in large
/// pages, where the system has them, else each 4 KiB cost a fault. Has to be called before the second thread starts.
void tally_keep_memory(void);

/// One of the arguments that the process was started with, or nothing behind the last; the program's name is at 0.
///
/// Swift's runtime reads them in /proc, and gives none, or crashes, where that is not mounted. Nothing where the C library does not
/// tell them before main.
const char *_Nullable tally_argument(int place);
