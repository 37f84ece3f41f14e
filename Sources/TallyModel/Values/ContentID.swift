/// The SHA-256 of something, typed by what it names, so that ids of different things cannot be mixed up.
///
/// 32 bytes, ordered bytewise, shown as 64 lowercase hexadecimal digits. How the hashed bytes are made for each kind is
/// stated in `docs/format.md`; this type neither computes nor checks a hash.
public struct ContentID<Subject>: Hashable, Comparable, Sendable {
  /// The first 8 bytes, big-endian; together with the other three the 32 bytes of the hash.
  @usableFromInline let word0: UInt64
  @usableFromInline let word1: UInt64
  @usableFromInline let word2: UInt64
  @usableFromInline let word3: UInt64

  /// Creates an id from 32 raw bytes; nil for any other count.
  @inlinable public init?(bytes: some Sequence<UInt8>) {
    // Millions are made when a ledger is pulled: no array, and open to specialisation by other modules.
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var count = 0
    for byte in bytes {
      switch count >> 3 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      case 3: words.3 = words.3 << 8 | UInt64(byte)
      default: return nil
      }
      count += 1
    }
    if count != 32 { return nil }
    (word0, word1, word2, word3) = words
  }

  /// Creates an id from 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 32 bytes, first byte first.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(32)
    for word in [word0, word1, word2, word3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return result
  }

  /// The first 8 bytes as a big-endian number, for cheap look-ups.
  public var prefix64: UInt64 { word0 }

  /// Feeds the first 8 bytes: they are as good as all, being those of a hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(word0) }

  /// Says whether the left id comes first in the order of the bytes.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.word0, lhs.word1, lhs.word2, lhs.word3) < (rhs.word0, rhs.word1, rhs.word2, rhs.word3)
  }
}

extension ContentID: CustomStringConvertible {
  /// The 64 lowercase hexadecimal digits.
  public var description: String { Hex.encode(bytes) }
}

/// Names an entry of the journal: the hash of everything it claims.
public typealias EntryID = ContentID<Entry>
/// Names a stored text: the plain SHA-256 of its UTF-8 bytes.
public typealias TextID = ContentID<String>
/// Names a sheet: the findings of one file in one scan, with what was captured from the file's text.
public typealias SheetID = ContentID<Sheet>
/// Names a tree: the sheets of one scan by path.
public typealias TreeID = ContentID<Tree>
/// Names a manifest: the blobs of one commit by path.
public typealias ManifestID = ContentID<Manifest>
/// Names the raw bytes of an ingested file or of a configuration file.
public typealias RawDigest = ContentID<[UInt8]>

/// Base 16, lowercase when written, either case when read.
public enum Hex {
  /// Returns two lowercase digits a byte.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    func digit(_ value: UInt8) -> UInt8 {
      value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.underestimatedCount * 2)
    for byte in bytes {
      result.append(digit(byte >> 4))
      result.append(digit(byte & 15))
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Returns the bytes; nil for an odd count or a character that is no hexadecimal digit.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var result: [UInt8] = []
    var high: UInt8?
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      if let first = high {
        result.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? result : nil
  }
}
