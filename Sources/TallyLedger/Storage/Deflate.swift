internal import CZlib

/// Raw deflate with a preset dictionary, reusing one compressor and one decompressor.
///
/// What zlib makes of the same bytes may differ between its versions. Nothing is named by compressed bytes.
final class Deflate {
  private var compressor = z_stream()
  private var decompressor = z_stream()
  private var canCompress = false
  private var canDecompress = false

  deinit {
    if canCompress { deflateEnd(&compressor) }
    if canDecompress { inflateEnd(&decompressor) }
  }

  /// Compresses some bytes; nil when zlib cannot.
  func compress(_ bytes: ArraySlice<UInt8>, dictionary: ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count < Int(UInt32.max) / 2 else { return nil }
    if !canCompress {
      let code = deflateInit2_(
        &compressor,
        9,
        Z_DEFLATED,
        -15,
        9,
        Z_DEFAULT_STRATEGY,
        ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)
      )
      guard code == Z_OK else { return nil }
      canCompress = true
    } else if deflateReset(&compressor) != Z_OK {
      return nil
    }
    if !dictionary.isEmpty {
      let code = dictionary.withUnsafeBufferPointer {
        deflateSetDictionary(&compressor, $0.baseAddress, uInt($0.count))
      }
      guard code == Z_OK else { return nil }
    }
    let room = Int(deflateBound(&compressor, uLong(bytes.count))) + 16
    var input = bytes
    var code = Z_OK
    let result = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      input.withUnsafeMutableBufferPointer { source in
        compressor.next_in = source.baseAddress
        compressor.avail_in = uInt(source.count)
        compressor.next_out = buffer.baseAddress
        compressor.avail_out = uInt(room)
        code = deflate(&compressor, Z_FINISH)
        count = room - Int(compressor.avail_out)
      }
    }
    return code == Z_STREAM_END ? result : nil
  }

  /// Decompresses bytes that must be one whole stream.
  func decompress(
    _ bytes: ArraySlice<UInt8>,
    dictionary: ArraySlice<UInt8>,
    limit: Int = FormatLimits.encodedBytes * 2
  ) throws(FormatError) -> [UInt8] {
    if !canDecompress {
      let code = inflateInit2_(
        &decompressor,
        -15,
        ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)
      )
      guard code == Z_OK else { throw .invalid("compression") }
      canDecompress = true
    } else if inflateReset(&decompressor) != Z_OK {
      throw .invalid("compression")
    }
    if !dictionary.isEmpty {
      let code = dictionary.withUnsafeBufferPointer {
        inflateSetDictionary(&decompressor, $0.baseAddress, uInt($0.count))
      }
      guard code == Z_OK else { throw .invalid("compression") }
    }
    var output: [UInt8] = []
    var input = bytes
    var code = Z_OK
    var left = uInt(bytes.count)
    var offset = 0
    var room = max(256, bytes.count * 4)
    while code == Z_OK {
      guard output.count < limit else {
        throw .limit("compression", found: output.count, limit: limit)
      }
      room = min(room, limit - output.count + 1)
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        input.withUnsafeMutableBufferPointer { source in
          decompressor.next_in = source.baseAddress.map { $0 + offset }
          decompressor.avail_in = left
          decompressor.next_out = buffer.baseAddress
          decompressor.avail_out = uInt(room)
          code = inflate(&decompressor, Z_NO_FLUSH)
          offset += Int(left - decompressor.avail_in)
          left = decompressor.avail_in
          count = room - Int(decompressor.avail_out)
        }
      }
      if output.isEmpty { output = chunk } else { output.append(contentsOf: chunk) }
      if code == Z_OK, left == 0, chunk.count < room { throw .length("compression") }
      room = min(room * 2, 16 << 20)
    }
    guard code == Z_STREAM_END, left == 0 else { throw .invalid("compression") }
    return output
  }
}

/// Bytes stored as their difference from earlier bytes: equal ends are counted, the middle is deflated.
///
/// Physical only: nothing is named by it.
struct ByteDelta {
  let deflate: Deflate

  /// The stored form; an empty base for none.
  func encode(_ bytes: [UInt8], base: [UInt8]) -> [UInt8] {
    let shorter = min(bytes.count, base.count)
    var prefix = 0
    while prefix < shorter, bytes[prefix] == base[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix,
      bytes[bytes.count - 1 - suffix] == base[base.count - 1 - suffix]
    {
      suffix += 1
    }
    let middle = bytes[prefix..<bytes.count - suffix]
    var data = middle
    var isDeflated = false
    if middle.count > 8,
      let packed = deflate.compress(middle, dictionary: ByteDelta.dictionary(base, prefix)),
      packed.count < middle.count
    {
      data = packed[...]
      isDeflated = true
    }
    var writer = ByteWriter(capacity: data.count + 8)
    writer.unsigned(UInt64(prefix) << 1 | (isDeflated ? 1 : 0))
    writer.unsigned(UInt64(suffix))
    writer.raw(data)
    return writer.bytes
  }

  func decode(_ stored: [UInt8], base: [UInt8]) throws(FormatError) -> [UInt8] {
    var reader = ByteReader(stored)
    let head = try reader.number("prefix")
    let (prefix, suffix) = (head >> 1, try reader.number("suffix"))
    guard prefix <= base.count, suffix <= base.count - prefix else { throw .invalid("prefix") }
    var middle = reader.rest()[...]
    if head & 1 == 1 {
      middle = try deflate.decompress(middle, dictionary: ByteDelta.dictionary(base, prefix))[...]
    }
    if prefix == 0, suffix == 0 { return Array(middle) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(prefix + middle.count + suffix)
    bytes.append(contentsOf: base[..<prefix])
    bytes.append(contentsOf: middle)
    bytes.append(contentsOf: base[(base.count - suffix)...])
    return bytes
  }

  /// The part of the base that zlib can reach back to: all of it, or what lies around the difference.
  private static func dictionary(_ base: [UInt8], _ prefix: Int) -> ArraySlice<UInt8> {
    if base.count <= 32_000 { return base[...] }
    let start = min(max(0, prefix - 16_000), base.count - 32_000)
    return base[start..<start + 32_000]
  }
}
