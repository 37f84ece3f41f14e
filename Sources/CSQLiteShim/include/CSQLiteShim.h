#ifndef TALLY_CSQLITE_SHIM_H
#define TALLY_CSQLITE_SHIM_H
#include <sqlite3.h>

/// Switches defensive mode on and trusted_schema off. Swift cannot call the variadic sqlite3_db_config.
int tally_sqlite_harden(sqlite3 *db);

#endif
