#include <cstring>
#include <new>
#include <vector>

#include "JSONIndex.hpp"
#include "JSONText.hpp"

using tally::JSONIndex;

namespace {

/// A property's name that is not in the table of names.
struct Key {
  uint64_t hash;
  uint64_t start;
  uint32_t length;
  bool escaped;
};

constexpr uint32_t names_max = 512;
constexpr size_t few_keys = 16;

/// One entered container: what an error's path needs, and which properties were met.
struct Frame {
  bool is_object;
  bool is_first;
  int64_t index;
  uint64_t key_start;
  uint32_t key_length;
  size_t keys_before;
  uint64_t met[names_max / 64];
};

}  // namespace

struct tally_json {
  JSONIndex index;
  tally::NameTable names;
  std::vector<uint8_t> pruned;
  uint32_t depth_max;
  uint32_t depth_before = 0;
  std::vector<Frame> frames;
  std::vector<Key> keys;
  std::vector<tally_json_node> tape;
  std::vector<uint8_t> scratch;
  int error = TALLY_JSON_OK;
  uint64_t error_offset = 0;

  tally_json(const uint8_t *bytes, uint64_t length) : index(bytes, length) {}

  int fail(int code, uint64_t offset) {
    if (error == TALLY_JSON_OK) {
      error = code;
      error_offset = offset;
    }
    return error;
  }

  /// Makes a token current, or says why there is none.
  int need() {
    if (error != TALLY_JSON_OK) return error;
    if (index.ready()) return TALLY_JSON_OK;
    if (index.error() != TALLY_JSON_OK) return fail(index.error(), index.error_offset());
    return fail(TALLY_JSON_END, index.length());
  }

  /// The end of the current token without the white space behind it.
  uint64_t token_end() const {
    uint64_t end = index.limit();
    while (tally::is_space(index.bytes()[end - 1])) end -= 1;
    return end;
  }

  int string(uint64_t *start, uint32_t *length, bool *escaped) {
    const uint64_t open = index.position();
    const uint64_t end = token_end();
    if (end - open < 2 || index.bytes()[end - 1] != '"') return fail(TALLY_JSON_SYNTAX, open);
    *start = open + 1;
    *length = uint32_t(end - open - 2);
    uint64_t bad = 0;
    const int code = tally::check_escapes(index.bytes() + open + 1, *length, escaped, &bad);
    if (code != TALLY_JSON_OK) return fail(code, open + 1 + bad);
    index.advance();
    return TALLY_JSON_OK;
  }

  int enter() {
    if (int code = need()) return code;
    const uint8_t character = index.character();
    if (character != '{' && character != '[') return fail(TALLY_JSON_SYNTAX, index.position());
    if (frames.size() + depth_before >= depth_max) return fail(TALLY_JSON_DEPTH, index.position());
    Frame frame;
    frame.is_object = character == '{';
    frame.is_first = true;
    frame.index = -1;
    frame.key_start = 0;
    frame.key_length = 0;
    frame.keys_before = keys.size();
    if (frame.is_object) memset(frame.met, 0, sizeof frame.met);
    frames.push_back(frame);
    index.advance();
    return TALLY_JSON_OK;
  }

  /// 1 when the entered container goes on, 0 when it ended and was left.
  int go_on() {
    if (int code = need()) return code;
    Frame &frame = frames.back();
    const uint8_t character = index.character();
    if (character == (frame.is_object ? '}' : ']')) {
      if (int code = leave()) return code;
      index.advance();
      return 0;
    }
    if (frame.is_first) {
      frame.is_first = false;
      return 1;
    }
    if (character != ',') return fail(TALLY_JSON_SYNTAX, index.position());
    index.advance();
    if (int code = need()) return code;
    return 1;
  }

  int next_element() {
    const int code = go_on();
    if (code == 1) frames.back().index += 1;
    return code;
  }

  int next_key(tally_json_node *node) {
    const int more = go_on();
    if (more != 1) return more;
    if (index.character() != '"') return fail(TALLY_JSON_SYNTAX, index.position());
    bool escaped = false;
    if (int code = string(&node->key_start, &node->key_length, &escaped)) return code;
    Frame &frame = frames.back();
    frame.key_start = node->key_start;
    frame.key_length = node->key_length;
    node->flags = escaped ? TALLY_JSON_KEY_ESCAPED : 0;
    if (int code = meet(node, escaped)) return code;
    if (int code = need()) return code;
    if (index.character() != ':') return fail(TALLY_JSON_SYNTAX, index.position());
    index.advance();
    return 1;
  }

  /// Looks the property's name up and remembers it, refusing one that its object already has.
  int meet(tally_json_node *node, bool escaped) {
    const uint8_t *text = index.bytes() + node->key_start;
    size_t length = node->key_length;
    if (escaped) {
      scratch.resize(length);
      uint32_t replaced = 0;
      length = tally_json_unescape(text, length, scratch.data(), &replaced);
      text = scratch.data();
    }
    const uint64_t hash = tally::hash_bytes(text, length);
    Frame &frame = frames.back();
    node->key = names.find(text, length, hash);
    if (node->key != TALLY_JSON_UNKNOWN_KEY) {
      const uint64_t bit = uint64_t(1) << (node->key % 64);
      if (frame.met[node->key / 64] & bit) return fail(TALLY_JSON_DUPLICATE, node->key_start);
      frame.met[node->key / 64] |= bit;
      return TALLY_JSON_OK;
    }
    const Key key = {hash, node->key_start, node->key_length, escaped};
    if (keys.size() - frame.keys_before < few_keys) {
      for (size_t i = frame.keys_before; i < keys.size(); i++) {
        if (same(keys[i], key)) return fail(TALLY_JSON_DUPLICATE, key.start);
      }
    }
    keys.push_back(key);
    return TALLY_JSON_OK;
  }

  bool same(const Key &left, const Key &right) const {
    if (left.hash != right.hash) return false;
    const uint8_t *one = index.bytes() + left.start;
    const uint8_t *other = index.bytes() + right.start;
    return tally::same_text(one, left.length, left.escaped, other, right.length, right.escaped);
  }

  /// Leaves a container. Large objects are compared here, sorted by hash, so that no input makes
  /// this quadratic.
  int leave() {
    const size_t before = frames.back().keys_before;
    if (keys.size() - before > few_keys) {
      std::sort(keys.begin() + before, keys.end(), [](const Key &left, const Key &right) {
        return left.hash != right.hash ? left.hash < right.hash : left.start < right.start;
      });
      for (size_t i = before + 1; i < keys.size(); i++) {
        if (same(keys[i - 1], keys[i])) {
          frames.back().key_start = keys[i].start;
          frames.back().key_length = keys[i].length;
          return fail(TALLY_JSON_DUPLICATE, keys[i].start);
        }
      }
    }
    keys.resize(before);
    frames.pop_back();
    return TALLY_JSON_OK;
  }

  /// Checks the value that comes next and, when `taping`, appends it to the tape.
  int value(tally_json_node node, bool taping) {
    if (int code = need()) return code;
    const uint8_t character = index.character();
    node.start = index.position();
    node.length = 0;
    if (character == '{' || character == '[') {
      node.kind = character == '{' ? TALLY_JSON_OBJECT : TALLY_JSON_ARRAY;
      return container(node, taping);
    }
    if (character == '"') {
      bool escaped = false;
      if (int code = string(&node.start, &node.length, &escaped)) return code;
      node.kind = TALLY_JSON_STRING;
      if (escaped) node.flags |= TALLY_JSON_TEXT_ESCAPED;
    } else {
      const uint64_t length = token_end() - node.start;
      const int kind = tally::scalar_kind(index.bytes() + node.start, length);
      if (kind < 0) return fail(kind, node.start);
      node.kind = uint8_t(kind);
      node.length = uint32_t(length);
      index.advance();
    }
    if (taping) append(node);
    return TALLY_JSON_OK;
  }

  int container(tally_json_node node, bool taping) {
    const size_t place = tape.size();
    if (taping) append(node);
    if (int code = enter()) return code;
    const bool keeps = taping && !(node.key < pruned.size() && pruned[node.key]);
    tally_json_node child = {};
    child.key = TALLY_JSON_NO_KEY;
    while (true) {
      const int more = node.kind == TALLY_JSON_OBJECT ? next_key(&child) : next_element();
      if (more < 0) return more;
      if (more == 0) break;
      if (int code = value(child, keeps)) return code;
    }
    if (taping) tape[place].next = uint32_t(tape.size());
    return TALLY_JSON_OK;
  }

  void append(tally_json_node &node) {
    node.next = uint32_t(tape.size() + 1);
    tape.push_back(node);
  }
};

extern "C" {

tally_json *tally_json_open(const uint8_t *bytes, uint64_t length, const char *const *names,
                            const uint8_t *pruned, uint32_t name_count, uint32_t depth_max) {
  if (name_count > names_max) return nullptr;
  tally_json *reader = new (std::nothrow) tally_json(bytes, length);
  if (reader == nullptr) return nullptr;
  for (uint32_t i = 0; i < name_count; i++) reader->names.add(names[i], uint16_t(i));
  reader->pruned.assign(pruned, pruned + name_count);
  reader->depth_max = depth_max;
  return reader;
}

void tally_json_close(tally_json *reader) { delete reader; }

void tally_json_seek(tally_json *reader, uint64_t offset, uint32_t depth) {
  reader->frames.clear();
  reader->keys.clear();
  reader->depth_before = depth;
  reader->index.seek(offset);
}

int tally_json_peek(tally_json *reader) {
  if (int code = reader->need()) return code;
  switch (reader->index.character()) {
    case '{': return TALLY_JSON_OBJECT;
    case '[': return TALLY_JSON_ARRAY;
    case '"': return TALLY_JSON_STRING;
    case 't': return TALLY_JSON_TRUE;
    case 'f': return TALLY_JSON_FALSE;
    case 'n': return TALLY_JSON_NULL;
    default: return TALLY_JSON_NUMBER;
  }
}

int tally_json_enter(tally_json *reader) { return reader->enter(); }

int tally_json_next_key(tally_json *reader, tally_json_node *key) { return reader->next_key(key); }

int tally_json_next_element(tally_json *reader) { return reader->next_element(); }

int tally_json_read(tally_json *reader, const tally_json_node **tape, uint32_t *count) {
  reader->tape.clear();
  tally_json_node root = {};
  root.key = TALLY_JSON_NO_KEY;
  if (int code = reader->value(root, true)) return code;
  *tape = reader->tape.data();
  *count = uint32_t(reader->tape.size());
  return TALLY_JSON_OK;
}

int tally_json_pass(tally_json *reader, uint64_t *start, uint64_t *end) {
  if (int code = reader->need()) return code;
  JSONIndex &index = reader->index;
  *start = index.position();
  uint64_t depth = 0;
  while (true) {
    if (int code = reader->need()) return code;
    const uint8_t character = index.character();
    if (character == '{' || character == '[') depth += 1;
    if (character == '}' || character == ']') {
      if (depth == 0) return reader->fail(TALLY_JSON_SYNTAX, index.position());
      depth -= 1;
    }
    *end = index.limit();
    index.advance();
    if (depth == 0) return TALLY_JSON_OK;
  }
}

int tally_json_finish(tally_json *reader) {
  if (reader->error != TALLY_JSON_OK) return reader->error;
  if (reader->index.ready()) return reader->fail(TALLY_JSON_TRAILING, reader->index.position());
  if (reader->index.error() != TALLY_JSON_OK) {
    return reader->fail(reader->index.error(), reader->index.error_offset());
  }
  return TALLY_JSON_OK;
}

uint64_t tally_json_error_offset(const tally_json *reader) { return reader->error_offset; }

uint32_t tally_json_error_path(const tally_json *reader, uint32_t frame, int64_t *index,
                               uint64_t *key_start, uint32_t *key_length) {
  if (frame < reader->frames.size()) {
    const Frame &found = reader->frames[frame];
    *index = found.is_object ? -1 : found.index;
    *key_start = found.key_start;
    *key_length = found.key_length;
  }
  return uint32_t(reader->frames.size());
}

}  // extern "C"
