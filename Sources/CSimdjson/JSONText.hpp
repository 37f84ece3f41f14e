#ifndef TALLY_JSON_TEXT_HPP
#define TALLY_JSON_TEXT_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "CSimdjson.h"

namespace tally {

inline bool is_space(uint8_t byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/// A hash over all of the bytes, for finding equal names; never stored.
inline uint64_t hash_bytes(const uint8_t *text, size_t length) {
  const uint64_t factor = 0x9E3779B97F4A7C15u;
  uint64_t hash = (length + 1) * factor;
  while (length > 0) {
    uint64_t word = 0;
    const size_t taken = length < 8 ? length : 8;
    memcpy(&word, text, taken);
    const unsigned __int128 product = (unsigned __int128)(hash ^ word) * factor;
    hash = uint64_t(product) ^ uint64_t(product >> 64);
    text += taken;
    length -= taken;
  }
  return hash;
}

/// Checks the escapes of a string that simdjson delimited. `bad` is where, from the start of the
/// text.
int check_escapes(const uint8_t *text, size_t length, bool *escaped, uint64_t *bad);

/// The kind of a literal or number, or an error.
int scalar_kind(const uint8_t *text, size_t length);

/// Whether two checked strings mean the same text.
bool same_text(const uint8_t *left, size_t left_length, bool left_escaped, const uint8_t *right,
               size_t right_length, bool right_escaped);

/// The recognized names, by hash.
class NameTable {
 public:
  void add(const char *name, uint16_t id) {
    const size_t length = strlen(name);
    if (slots_.empty()) slots_.resize(slot_count);
    const uint64_t hash = hash_bytes(reinterpret_cast<const uint8_t *>(name), length);
    size_t at = hash % slot_count;
    while (slots_[at].used) at = (at + 1) % slot_count;
    slots_[at] = {hash, std::string(name, length), id, true};
  }

  uint16_t find(const uint8_t *text, size_t length, uint64_t hash) const {
    if (slots_.empty()) return TALLY_JSON_UNKNOWN_KEY;
    for (size_t at = hash % slot_count; slots_[at].used; at = (at + 1) % slot_count) {
      const Slot &slot = slots_[at];
      if (slot.hash != hash || slot.name.size() != length) continue;
      if (memcmp(slot.name.data(), text, length) == 0) return slot.id;
    }
    return TALLY_JSON_UNKNOWN_KEY;
  }

 private:
  struct Slot {
    uint64_t hash = 0;
    std::string name;
    uint16_t id = 0;
    bool used = false;
  };
  static constexpr size_t slot_count = 2048;
  std::vector<Slot> slots_;
};

}  // namespace tally

#endif
