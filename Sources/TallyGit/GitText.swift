import TallyModel

/// Reads the small pieces git's output is made of.
enum GitText {
  /// A path as git has it; `isLossy` when its bytes are not UTF-8 and were replaced.
  static func path(_ bytes: ArraySlice<UInt8>) -> (path: RepoPath, isLossy: Bool) {
    if let text = bytes.withUnsafeBufferPointer({ String(validating: $0, as: UTF8.self) }) {
      return (RepoPath(normalized: text), false)
    }
    return (RepoPath(normalized: String(decoding: bytes, as: UTF8.self)), true)
  }

  /// The name written in 40 or 64 digits.
  static func id<Subject>(_ digits: ArraySlice<UInt8>) -> GitObjectID<Subject>? {
    guard digits.count == 40 || digits.count == 64 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { bytes in
      var high: UInt8 = 0
      for (index, digit) in digits.enumerated() {
        let value: UInt8
        switch digit {
        case 0x30...0x39: value = digit - 0x30
        case 0x61...0x66: value = digit - 0x61 + 10
        default: return nil
        }
        if index % 2 == 0 { high = value << 4 } else { bytes[index / 2] = high | value }
      }
      return GitObjectID(bytes: UnsafeBufferPointer(rebasing: bytes[..<(digits.count / 2)]))
    }
  }

  /// True for a regular file, executable or not; false for links, submodules and folders.
  static func isFile(mode: ArraySlice<UInt8>) -> Bool {
    mode.elementsEqual("100644".utf8) || mode.elementsEqual("100755".utf8)
      || mode.elementsEqual("100664".utf8)
  }

  /// True when a name is zeros only: git's word for nothing.
  static func isNull(_ digits: ArraySlice<UInt8>) -> Bool {
    digits.allSatisfy { $0 == UInt8(ascii: "0") }
  }
}
