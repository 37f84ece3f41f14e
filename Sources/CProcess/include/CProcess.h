#pragma once

/// Lets all threads of the process take memory from one arena of the C library; does nothing where it has no arenas.
///
/// For a program whose threads mostly wait for each other: glibc otherwise gives each its own arena, which grows by one system call for
/// nearly each page. Has to be called before the second thread starts.
void tally_use_one_arena(void);

/// One of the arguments that the process was started with, or nothing behind the last; the program's name is at 0.
///
/// Swift's runtime reads them in /proc, and gives none, or crashes, where that is not mounted. Nothing where the C library does not
/// tell them before main.
const char *_Nullable tally_argument(int place);
