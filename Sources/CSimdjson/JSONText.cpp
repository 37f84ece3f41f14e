#include "JSONText.hpp"

namespace tally {
namespace {

/// The value of four hexadecimal digits, or -1.
int32_t hex4(const uint8_t *text, size_t length) {
  if (length < 4) return -1;
  int32_t value = 0;
  for (int i = 0; i < 4; i++) {
    const uint8_t digit = text[i];
    value <<= 4;
    if (digit >= '0' && digit <= '9') {
      value |= digit - '0';
    } else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f') {
      value |= (digit | 0x20) - 'a' + 10;
    } else {
      return -1;
    }
  }
  return value;
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

bool equals(const uint8_t *text, size_t length, const char *word) {
  return strlen(word) == length && memcmp(text, word, length) == 0;
}

bool is_number(const uint8_t *text, size_t length) {
  size_t at = 0;
  if (at < length && text[at] == '-') at += 1;
  if (at == length || !is_digit(text[at])) return false;
  if (text[at] == '0') {
    at += 1;
  } else {
    while (at < length && is_digit(text[at])) at += 1;
  }
  if (at < length && text[at] == '.') {
    at += 1;
    if (at == length || !is_digit(text[at])) return false;
    while (at < length && is_digit(text[at])) at += 1;
  }
  if (at < length && (text[at] | 0x20) == 'e') {
    at += 1;
    if (at < length && (text[at] == '+' || text[at] == '-')) at += 1;
    if (at == length || !is_digit(text[at])) return false;
    while (at < length && is_digit(text[at])) at += 1;
  }
  return at == length;
}

/// The low half of a surrogate pair that an escape gives, or -1.
int32_t low_surrogate(const uint8_t *text, const uint8_t *end) {
  if (end - text < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  const int32_t unit = hex4(text + 2, 4);
  return unit >= 0xDC00 && unit <= 0xDFFF ? unit : -1;
}

size_t put_utf8(uint32_t scalar, uint8_t *out) {
  if (scalar < 0x80) {
    out[0] = uint8_t(scalar);
    return 1;
  }
  if (scalar < 0x800) {
    out[0] = uint8_t(0xC0 | scalar >> 6);
    out[1] = uint8_t(0x80 | (scalar & 0x3F));
    return 2;
  }
  if (scalar < 0x10000) {
    out[0] = uint8_t(0xE0 | scalar >> 12);
    out[1] = uint8_t(0x80 | (scalar >> 6 & 0x3F));
    out[2] = uint8_t(0x80 | (scalar & 0x3F));
    return 3;
  }
  out[0] = uint8_t(0xF0 | scalar >> 18);
  out[1] = uint8_t(0x80 | (scalar >> 12 & 0x3F));
  out[2] = uint8_t(0x80 | (scalar >> 6 & 0x3F));
  out[3] = uint8_t(0x80 | (scalar & 0x3F));
  return 4;
}

}  // namespace

int check_escapes(const uint8_t *text, size_t length, bool *escaped, uint64_t *bad) {
  const uint8_t *end = text + length;
  const uint8_t *at = static_cast<const uint8_t *>(memchr(text, '\\', length));
  *escaped = at != nullptr;
  while (at != nullptr) {
    *bad = uint64_t(at - text);
    if (end - at < 2) return TALLY_JSON_ESCAPE;
    const uint8_t letter = at[1];
    if (letter == 'u') {
      if (hex4(at + 2, size_t(end - at - 2)) < 0) return TALLY_JSON_ESCAPE;
      at += 6;
    } else {
      if (letter == 0 || strchr("\"\\/bfnrt", letter) == nullptr) return TALLY_JSON_ESCAPE;
      at += 2;
    }
    at = static_cast<const uint8_t *>(memchr(at, '\\', size_t(end - at)));
  }
  return TALLY_JSON_OK;
}

int scalar_kind(const uint8_t *text, size_t length) {
  if (equals(text, length, "true")) return TALLY_JSON_TRUE;
  if (equals(text, length, "false")) return TALLY_JSON_FALSE;
  if (equals(text, length, "null")) return TALLY_JSON_NULL;
  if (is_number(text, length)) return TALLY_JSON_NUMBER;
  const bool begins_like_number =
      length > 0 && (is_digit(text[0]) || (text[0] != 0 && strchr("-+.NI", text[0]) != nullptr));
  return begins_like_number ? TALLY_JSON_NUMBER_GRAMMAR : TALLY_JSON_SYNTAX;
}

bool same_text(const uint8_t *left, size_t left_length, bool left_escaped, const uint8_t *right,
               size_t right_length, bool right_escaped) {
  uint32_t replaced = 0;
  std::vector<uint8_t> left_text, right_text;
  if (left_escaped) {
    left_text.resize(left_length);
    left_length = tally_json_unescape(left, left_length, left_text.data(), &replaced);
    left = left_text.data();
  }
  if (right_escaped) {
    right_text.resize(right_length);
    right_length = tally_json_unescape(right, right_length, right_text.data(), &replaced);
    right = right_text.data();
  }
  return left_length == right_length && memcmp(left, right, left_length) == 0;
}

}  // namespace tally

size_t tally_json_unescape(const uint8_t *text, size_t length, uint8_t *out, uint32_t *replaced) {
  const uint8_t *end = text + length;
  uint8_t *to = out;
  while (text < end) {
    const uint8_t *slash = static_cast<const uint8_t *>(memchr(text, '\\', size_t(end - text)));
    const size_t plain = size_t((slash == nullptr ? end : slash) - text);
    memcpy(to, text, plain);
    to += plain;
    text += plain;
    if (slash == nullptr) break;
    const uint8_t letter = text[1];
    if (letter != 'u') {
      switch (letter) {
        case 'b': *to = '\b'; break;
        case 'f': *to = '\f'; break;
        case 'n': *to = '\n'; break;
        case 'r': *to = '\r'; break;
        case 't': *to = '\t'; break;
        default: *to = letter;
      }
      to += 1;
      text += 2;
      continue;
    }
    uint32_t scalar = uint32_t(tally::hex4(text + 2, 4));
    text += 6;
    const int32_t low = scalar >= 0xD800 && scalar <= 0xDBFF ? tally::low_surrogate(text, end) : -1;
    if (low >= 0) {
      scalar = 0x10000 + ((scalar - 0xD800) << 10) + uint32_t(low) - 0xDC00;
      text += 6;
    }
    // No text has U+0000, or half of a pair: a tool cut a string in the middle of a character.
    if (scalar == 0 || (scalar >= 0xD800 && scalar <= 0xDFFF)) {
      scalar = 0xFFFD;
      *replaced += 1;
    }
    to += tally::put_utf8(scalar, to);
  }
  return size_t(to - out);
}
