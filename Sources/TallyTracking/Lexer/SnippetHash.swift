/// The hash that findings keep of a snippet that a tool quoted; MUST NOT CHANGE.
public enum SnippetHash {
  /// Returns the FNV-1a hash in 64 bits of the UTF-8 bytes without white space (0x20, and 0x09 to 0x0D).
  ///
  /// It tells whether a text is what was quoted, and need not withstand anybody who wants it not to.
  public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes where byte != 0x20 && !(0x09...0x0D).contains(byte) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return hash
  }
}
