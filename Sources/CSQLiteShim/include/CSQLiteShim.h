#ifndef TALLY_CSQLITE_SHIM_H
#define TALLY_CSQLITE_SHIM_H
#include <sqlite3.h>

/// Switches defensive mode on and trusted_schema off. Swift cannot call the variadic sqlite3_db_config.
int tally_sqlite_harden(sqlite3 *db);

/// 1 when the path leads to another file than the one that is open, or to none; else 0.
int tally_sqlite_has_moved(sqlite3 *db);

/// Binds a copy of some bytes as a blob; no bytes are an empty blob, never NULL.
int tally_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count);

/// Binds a copy of some UTF-8 as text; it may hold NUL, and no bytes are the empty text, never NULL.
int tally_sqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count);

#endif
