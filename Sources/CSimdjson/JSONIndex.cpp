#include "JSONIndex.hpp"

namespace tally {
namespace {

constexpr uint64_t window_bytes = 1u << 19;
constexpr uint64_t window_bytes_max = 1u << 31;
constexpr uint64_t look_back_bytes = 1u << 14;

/// The offset of the first byte that is not part of well-formed UTF-8, or `end`.
uint64_t first_bad_utf8(const uint8_t *bytes, uint64_t at, uint64_t end) {
  while (at < end) {
    const uint8_t lead = bytes[at];
    uint64_t more = 0;
    uint32_t low = 0x80, high = 0xBF;
    if (lead < 0x80) {
      at += 1;
      continue;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return at;
    }
    if (end - at <= more) return at;
    for (uint64_t i = 1; i <= more; i++) {
      const uint8_t byte = bytes[at + i];
      if (byte < low || byte > high) return at;
      low = 0x80;
      high = 0xBF;
    }
    at += more + 1;
  }
  return end;
}

/// The offset of the first control character inside of a string, or of the string that never ends,
/// or `end`.
uint64_t first_bad_string(const uint8_t *bytes, uint64_t at, uint64_t end, bool want_unclosed) {
  bool inside = false;
  uint64_t opened = end;
  for (; at < end; at++) {
    const uint8_t byte = bytes[at];
    if (!inside) {
      if (byte == '"') {
        inside = true;
        opened = at;
      }
    } else if (byte == '\\') {
      at += 1;
    } else if (byte == '"') {
      inside = false;
    } else if (byte < 0x20 && !want_unclosed) {
      return at;
    }
  }
  return want_unclosed && inside ? opened : end;
}

}  // namespace

bool JSONIndex::reserve(uint64_t window) {
  if (stage_ && stage_->capacity() >= window) return true;
  uint64_t capacity = window_bytes;
  while (capacity < window) capacity *= 2;
  stage_.reset();
  const simdjson::implementation *implementation = simdjson::get_active_implementation();
  const auto code = implementation->create_dom_parser_implementation(capacity, 1, stage_);
  return code == simdjson::SUCCESS;
}

uint64_t JSONIndex::guess_cut() const {
  if (length_ - base_ <= window_bytes) return length_;
  const uint64_t end = base_ + window_bytes;
  uint64_t comma = 0;
  for (uint64_t at = end; at > end - look_back_bytes; at--) {
    if (bytes_[at - 1] == '\n') return at;
    if (comma == 0 && bytes_[at - 1] == ',') comma = at;
  }
  return comma != 0 ? comma : after_quote(end);
}

uint64_t JSONIndex::after_quote(uint64_t from) const {
  for (uint64_t at = from; at < length_; at++) {
    if (bytes_[at] != '"') continue;
    uint64_t slashes = 0;
    while (at - slashes > base_ && bytes_[at - slashes - 1] == '\\') slashes += 1;
    if (slashes % 2 == 0) return at + 1;
  }
  return length_;
}

bool JSONIndex::refill() {
  while (error_ == TALLY_JSON_OK && end_ < length_) {
    base_ = end_;
    next_ = count_ = 0;
    uint64_t cut = guess_cut();
    simdjson::error_code code;
    while (true) {
      const bool is_long = cut - base_ >= window_bytes_max;
      if (is_long || !reserve(cut - base_)) {
        error_ = is_long ? TALLY_JSON_LONG : TALLY_JSON_MEMORY;
        error_offset_ = base_;
        return false;
      }
      code = stage_->stage1(bytes_ + base_, cut - base_, simdjson::stage1_mode::regular);
      if (code != simdjson::UNCLOSED_STRING || cut == length_) break;
      cut = after_quote(cut);
    }
    end_ = cut;
    if (code == simdjson::EMPTY) continue;
    if (code != simdjson::SUCCESS) {
      fail(code, cut);
      return false;
    }
    places_ = stage_->structural_indexes.get();
    count_ = stage_->n_structural_indexes;
    if (count_ > 0) return true;
  }
  return false;
}

void JSONIndex::fail(int code, uint64_t end) {
  switch (code) {
    case simdjson::UTF8_ERROR:
      error_ = TALLY_JSON_UTF8;
      error_offset_ = first_bad_utf8(bytes_, base_, end);
      break;
    case simdjson::UNESCAPED_CHARS:
      error_ = TALLY_JSON_CONTROL;
      error_offset_ = first_bad_string(bytes_, base_, end, false);
      break;
    case simdjson::UNCLOSED_STRING:
      error_ = TALLY_JSON_UNCLOSED;
      error_offset_ = first_bad_string(bytes_, base_, end, true);
      break;
    default:
      error_ = TALLY_JSON_MEMORY;
      error_offset_ = base_;
  }
}

}  // namespace tally

int tally_json_is_utf8(const uint8_t *bytes, uint64_t length) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length) ? 1 : 0;
}
