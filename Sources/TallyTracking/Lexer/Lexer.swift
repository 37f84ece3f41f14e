/// One token of a text: where its bytes are and the hash that is stored for it.
public struct Token: Sendable, Hashable {
  /// The offset of its first byte, from 0.
  public let start: Int
  /// The offset after its last byte.
  public let end: Int
  /// The hash of its bytes (``Lexer/hash(_:)``).
  public let hash: UInt16

  /// Creates a token.
  public init(start: Int, end: Int, hash: UInt16) {
    self.start = start
    self.end = end
    self.hash = hash
  }
}

/// The language-neutral lexer whose hashes are stored with findings.
///
/// MUST NOT CHANGE: another behaviour is another version. A token is a maximal run of word bytes (ASCII letters, digits, `_`, and every byte from 0x80 on), or one other byte. White
/// space (bytes 0x00 to 0x20, and 0x7F), parentheses and commas are dropped: formatters add and remove them. A UTF-8 byte
/// order mark at the start is skipped. Nothing else is interpreted, so bytes that are not UTF-8 have tokens as well.
/// `docs/tracking.md` holds test vectors.
public enum Lexer {
  /// Stored beside every window; windows of different versions are never compared.
  public static let version = 1

  /// Returns the hash of one token: FNV-1a of 32 bits (offset 2166136261, prime 16777619), its halves joined by exclusive or.
  public static func hash(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var state = FNV32()
    for byte in bytes { state.add(byte) }
    return state.folded
  }

  /// Returns all tokens in text order.
  public static func tokens(of text: [UInt8]) -> [Token] {
    text.withUnsafeBytes { tokens(of: $0) }
  }

  /// Returns all tokens in text order.
  public static func tokens(of text: UnsafeRawBufferPointer) -> [Token] {
    var result: [Token] = []
    result.reserveCapacity(text.count / 4)
    scan(text, from: ByteClass.markLength(text), to: text.count, into: &result)
    return result
  }

  /// Appends the tokens between two offsets, the first of which is not inside a token.
  static func scan(
    _ text: UnsafeRawBufferPointer,
    from first: Int,
    to last: Int,
    into result: inout [Token]
  ) {
    var offset = first
    while offset < last {
      let byte = text[offset]
      if ByteClass.isWord(byte) {
        let start = offset
        var state = FNV32()
        state.add(byte)
        offset += 1
        while offset < last {
          let next = text[offset]
          if !ByteClass.isWord(next) { break }
          state.add(next)
          offset += 1
        }
        result.append(Token(start: start, end: offset, hash: state.folded))
      } else {
        if !ByteClass.isDropped(byte) {
          var state = FNV32()
          state.add(byte)
          result.append(Token(start: offset, end: offset + 1, hash: state.folded))
        }
        offset += 1
      }
    }
  }
}

/// FNV-1a of 32 bits.
struct FNV32 {
  private(set) var value: UInt32 = 2_166_136_261

  @inline(__always)
  mutating func add(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 16_777_619 }

  var folded: UInt16 { UInt16(truncatingIfNeeded: value >> 16 ^ value) }
}

/// What the lexer takes a byte for.
enum ByteClass {
  @inline(__always)
  static func isWord(_ byte: UInt8) -> Bool {
    if byte >= 0x80 { return true }
    // Bits of 0-9 in the lower word; A-Z, _ and a-z in the upper.
    let bits: UInt64 = byte < 64 ? 0x03FF_0000_0000_0000 : 0x07FF_FFFE_87FF_FFFE
    return bits >> UInt64(byte & 63) & 1 == 1
  }

  /// White space for every purpose of this module: 0x00 to 0x20, and 0x7F.
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F }

  /// White space, parentheses and commas.
  @inline(__always)
  static func isDropped(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
      || byte == UInt8(ascii: ",")
  }

  /// 3 when the text begins with a UTF-8 byte order mark, else 0.
  static func markLength(_ text: UnsafeRawBufferPointer) -> Int {
    text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
  }
}
