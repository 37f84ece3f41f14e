#include "CSQLiteShim.h"

int tally_sqlite_harden(sqlite3 *db) {
  int on = 0;
  int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &on);
  if (rc != SQLITE_OK) return rc;
  return sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &on);
}

int tally_sqlite_has_moved(sqlite3 *db) {
  int moved = 0;
  int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return rc == SQLITE_OK && moved;
}

int tally_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes,
                           sqlite3_uint64 count) {
  if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
  return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

int tally_sqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes,
                           sqlite3_uint64 count) {
  const void *text = count == 0 ? "" : bytes;
  return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}
