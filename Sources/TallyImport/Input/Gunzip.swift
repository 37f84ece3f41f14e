internal import CZlib

/// Inflates gzip files of any number of members, checking each member's CRC and length.
enum Gunzip {
  /// Says whether bytes start like a gzip member.
  static func recognizes(_ prefix: some Collection<UInt8>) -> Bool {
    prefix.count >= 2 && prefix.elementsEqual([0x1F, 0x8B] as [UInt8], by: ==)
  }

  /// Writes the members' bytes one after the other.
  static func inflate(
    _ input: UnsafeRawBufferPointer,
    into output: inout SpooledBytes
  ) throws(ImportError) {
    let source = output.source
    var stream = z_stream()
    // 15 bits of window, and 16: a gzip header and trailer, whose CRC and length zlib checks.
    if inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) != Z_OK {
      throw .compression(source: source, reason: "zlib could not be started")
    }
    defer { inflateEnd(&stream) }
    var position = 0
    var members = 0
    while position < input.count {
      let rest = UnsafeRawBufferPointer(rebasing: input[position...])
      if members > 0 && !recognizes(rest.prefix(2)) {
        // Some tools pad with zeros; anything else is not part of the file.
        if rest.allSatisfy({ $0 == 0 }) { break }
        throw .compression(source: source, reason: "something follows its end, at byte \(position)")
      }
      position += try member(&stream, rest, &output)
      members += 1
      inflateReset(&stream)
    }
  }

  /// Inflates one member and returns how many bytes it takes.
  private static func member(
    _ stream: inout z_stream,
    _ input: UnsafeRawBufferPointer,
    _ output: inout SpooledBytes
  ) throws(ImportError) -> Int {
    let source = output.source
    var chunk = [UInt8](repeating: 0, count: 1 << 17)
    var taken = 0
    while true {
      let offered = min(input.count - taken, 1 << 30)
      let before = taken
      var produced = 0
      let code = chunk.withUnsafeMutableBufferPointer { buffer in
        let from = input.bindMemory(to: UInt8.self).baseAddress
        stream.next_in = UnsafeMutablePointer(mutating: from?.advanced(by: taken))
        stream.avail_in = UInt32(offered)
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let code = CZlib.inflate(&stream, Z_NO_FLUSH)
        produced = buffer.count - Int(stream.avail_out)
        return code
      }
      taken += offered - Int(stream.avail_in)
      try output.append(chunk[..<produced])
      switch code {
      case Z_STREAM_END:
        return taken
      case Z_OK where taken > before || produced > 0:
        continue
      case Z_OK, Z_BUF_ERROR:
        throw .compression(source: source, reason: "it ends before its data does")
      default:
        let detail = stream.msg.map { String(cString: $0) } ?? "zlib error \(code)"
        throw .compression(source: source, reason: detail)
      }
    }
  }
}
