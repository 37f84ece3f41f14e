#ifndef TALLY_CSIMDJSON_H
#define TALLY_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

// Two things Swift cannot do: a strict walk over JSON that simdjson has indexed, and a file mapping
// that survives a file which shrinks under it. Both are pull interfaces; nothing calls back.

#ifdef __cplusplus
extern "C" {
#endif

// JSON

enum {
  TALLY_JSON_OBJECT = 1,
  TALLY_JSON_ARRAY = 2,
  TALLY_JSON_STRING = 3,
  TALLY_JSON_NUMBER = 4,
  TALLY_JSON_TRUE = 5,
  TALLY_JSON_FALSE = 6,
  TALLY_JSON_NULL = 7,
};

enum {
  TALLY_JSON_OK = 0,
  TALLY_JSON_UTF8 = -1,            // bytes that are not UTF-8
  TALLY_JSON_CONTROL = -2,         // a raw control character in a string
  TALLY_JSON_UNCLOSED = -3,        // a string that never ends
  TALLY_JSON_END = -4,             // the text ends inside a value
  TALLY_JSON_SYNTAX = -5,          // a character that cannot stand here
  TALLY_JSON_NUMBER_GRAMMAR = -6,  // 01, 1., +1, NaN ...
  TALLY_JSON_ESCAPE = -7,          // an unknown escape
  TALLY_JSON_DUPLICATE = -9,       // a property that its object already has
  TALLY_JSON_DEPTH = -10,          // nested deeper than the limit
  TALLY_JSON_TRAILING = -11,       // something after the value
  TALLY_JSON_MEMORY = -12,         // out of memory
  TALLY_JSON_LONG = -13,           // a token of 2 GiB and more
};

enum {
  TALLY_JSON_UNKNOWN_KEY = 0xFFFF,  // a property whose name is not in the table
  TALLY_JSON_NO_KEY = 0xFFFE,       // an element of an array, or the root
  TALLY_JSON_TEXT_ESCAPED = 1,      // flag: the text holds escapes
  TALLY_JSON_KEY_ESCAPED = 2,       // flag: the property's name holds escapes
};

/// One value of a tape: the nodes of a value in document order, a container before its children.
typedef struct {
  uint64_t start;       // offset of the text: for a string, of the first byte after the quote
  uint64_t key_start;   // offset of the property's name, after the quote
  uint32_t length;      // bytes of a string without its quotes, or of a number
  uint32_t key_length;  // bytes of the property's name without its quotes
  uint32_t next;        // index of the first node after this one and its children
  uint16_t key;         // place of the property's name in the table of names
  uint8_t kind;
  uint8_t flags;
} tally_json_node;

typedef struct tally_json tally_json;

/// Whether all bytes are well-formed UTF-8.
int tally_json_is_utf8(const uint8_t *bytes, uint64_t length);

/// Opens a reader over `length` bytes, which must outlive it. `names` are the properties to be
/// recognized; one with a nonzero `pruned` is checked but kept on tapes without its children. NULL
/// when out of memory.
tally_json *tally_json_open(const uint8_t *bytes, uint64_t length, const char *const *names,
                            const uint8_t *pruned, uint32_t name_count, uint32_t depth_max);
void tally_json_close(tally_json *reader);

/// Goes to the value that starts at `offset` and is nested in `depth` containers.
void tally_json_seek(tally_json *reader, uint64_t offset, uint32_t depth);
/// The kind of the value that comes next, or an error.
int tally_json_peek(tally_json *reader);
/// Enters the object or array that comes next.
int tally_json_enter(tally_json *reader);
/// Goes to the next property of the entered object and fills the key's part of `key`: 1, or 0 when
/// it ended.
int tally_json_next_key(tally_json *reader, tally_json_node *key);
/// Goes to the next element of the entered array: 1, or 0 when it ended.
int tally_json_next_element(tally_json *reader);
/// Reads the value that comes next, checking all of it. The tape is valid until the next call.
int tally_json_read(tally_json *reader, const tally_json_node **tape, uint32_t *count);
/// Passes over the value that comes next without checking it, to come back to it by
/// `tally_json_seek`.
int tally_json_pass(tally_json *reader, uint64_t *start, uint64_t *end);
/// Checks that nothing but white space is left.
int tally_json_finish(tally_json *reader);

/// Where the last error is: a byte offset.
uint64_t tally_json_error_offset(const tally_json *reader);
/// The containers around the error, outermost first: for each an index, or -1 and the slice of a
/// property's name.
uint32_t tally_json_error_path(const tally_json *reader, uint32_t frame, int64_t *index,
                               uint64_t *key_start, uint32_t *key_length);

/// Writes the text of a checked string to `out` (as long as the input) and returns its length.
/// U+0000 becomes U+FFFD and is counted in `replaced`.
size_t tally_json_unescape(const uint8_t *text, size_t length, uint8_t *out, uint32_t *replaced);

// Mapping

/// Maps `length` bytes of `descriptor` privately and without copying. When the file shrinks, the
/// pages that are gone read as zeros instead of ending the process. NULL with errno set when it
/// cannot be mapped.
const uint8_t *tally_map(int descriptor, size_t length);
/// 1 when a page of the mapping was gone when it was read.
int tally_map_damaged(const uint8_t *bytes);
void tally_unmap(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
#endif
