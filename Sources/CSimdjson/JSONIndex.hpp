#ifndef TALLY_JSON_INDEX_HPP
#define TALLY_JSON_INDEX_HPP

#include <cstdint>
#include <memory>

#include "CSimdjson.h"
#include "simdjson.h"

namespace tally {

/// The places of JSON's tokens, found by simdjson one window of the text after the other.
///
/// simdjson's first stage validates UTF-8, finds strings and rejects raw control characters in
/// them. It wants one buffer and writes 4 bytes a token; indexing half a megabyte at a time keeps
/// that small however long the text is, and lifts the limit of 4 GiB. A window must end outside of
/// strings: the cut is guessed at a newline or comma, and simdjson says whether it was inside of a
/// string.
class JSONIndex {
 public:
  JSONIndex(const uint8_t *bytes, uint64_t length) : bytes_(bytes), length_(length) {}

  const uint8_t *bytes() const { return bytes_; }
  uint64_t length() const { return length_; }

  void seek(uint64_t offset) {
    base_ = end_ = offset < length_ ? offset : length_;
    next_ = count_ = 0;
  }

  /// Makes the current token available. False at the end of the text and after an error.
  bool ready() { return next_ < count_ || refill(); }
  /// Where the current token starts.
  uint64_t position() const { return base_ + places_[next_]; }
  /// Where the token after the current one starts, or the window ends.
  uint64_t limit() const { return next_ + 1 < count_ ? base_ + places_[next_ + 1] : end_; }
  uint8_t character() const { return bytes_[position()]; }
  void advance() { next_ += 1; }

  int error() const { return error_; }
  uint64_t error_offset() const { return error_offset_; }

 private:
  bool refill();
  uint64_t guess_cut() const;
  uint64_t after_quote(uint64_t from) const;
  bool reserve(uint64_t window);
  void fail(int error, uint64_t end);

  const uint8_t *bytes_;
  uint64_t length_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  const uint32_t *places_ = nullptr;
  uint64_t base_ = 0;
  uint64_t end_ = 0;
  uint32_t next_ = 0;
  uint32_t count_ = 0;
  int error_ = TALLY_JSON_OK;
  uint64_t error_offset_ = 0;
};

}  // namespace tally

#endif
