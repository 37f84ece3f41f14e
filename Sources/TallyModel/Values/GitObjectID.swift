/// The name git gives an object: 20 bytes (SHA-1) or 32 bytes (SHA-256), typed by what it names.
///
/// Shown as lowercase hexadecimal digits, ordered by them. Only full names are taken: an abbreviation means something only
/// beside a repository, and is resolved by TallyGit.
public struct GitObjectID<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
  @usableFromInline let word0: UInt64
  @usableFromInline let word1: UInt64
  @usableFromInline let word2: UInt64
  @usableFromInline let word3: UInt64
  @usableFromInline let isSHA256: Bool

  /// Creates a name from 20 or 32 raw bytes; nil for any other count.
  @inlinable public init?(bytes: some Collection<UInt8>) {
    if bytes.count != 20 && bytes.count != 32 { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var index = 0
    for byte in bytes {
      let part = UInt64(byte) << UInt64(56 - 8 * (index & 7))
      switch index >> 3 {
      case 0: words.0 |= part
      case 1: words.1 |= part
      case 2: words.2 |= part
      default: words.3 |= part
      }
      index += 1
    }
    (word0, word1, word2, word3) = words
    isSHA256 = index == 32
  }

  /// Creates a name from 40 or 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 20 or 32 bytes, first byte first.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(32)
    for word in [word0, word1, word2, word3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return isSHA256 ? result : Array(result.prefix(20))
  }

  /// The 40 or 64 lowercase hexadecimal digits.
  public var description: String { Hex.encode(bytes) }

  /// The first 9 digits, for people.
  public var short: String { String(description.prefix(9)) }

  /// Feeds the first 8 bytes: they are as good as all, being those of a hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(word0) }

  /// Says whether the left name comes first in the order of the digits.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.word0, lhs.word1, lhs.word2, lhs.word3) < (rhs.word0, rhs.word1, rhs.word2, rhs.word3)
  }
}

/// Names a commit.
public typealias CommitID = GitObjectID<CommitRecord>
/// Names the content of one file at one commit.
public typealias BlobID = GitObjectID<[UInt8]>
