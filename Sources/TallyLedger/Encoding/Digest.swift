internal import Crypto
public import TallyModel

/// SHA-256 of bytes that come in pieces, such as a report that is read from a stream.
public struct StreamingDigest: Sendable {
  private var hasher = SHA256()

  /// Creates the digest of no bytes.
  public init() {}

  /// Adds the next bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: bytes)
  }

  /// The digest of all bytes so far.
  public func finish() -> RawDigest { ContentID(hash: hasher) }
}

/// A digest that only who knows a key can make: HMAC-SHA256 (RFC 2104).
public enum KeyedDigest {
  /// The digest as 64 hexadecimal digits.
  public static func hexadecimal(of bytes: [UInt8], key: [UInt8]) -> String {
    Hex.encode(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
  }
}

extension ContentID {
  /// Takes the result of a hash.
  init(hash hasher: SHA256) {
    guard let id = ContentID(bytes: hasher.finalize()) else {
      preconditionFailure("SHA-256 has 32 bytes")
    }
    self = id
  }

  /// The SHA-256 of some bytes.
  init(hashing bytes: [UInt8]) {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    self.init(hash: hasher)
  }
}
