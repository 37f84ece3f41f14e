/// Bytes written as their difference from other bytes: what is copied, and what is new.
///
/// To the end, steps: a number `n * 2` and n new bytes, or a number `n * 2 + 1` and a signed number, the distance of the copied n
/// bytes from where the last copy ended. MUST NOT CHANGE: bundles are made of it.
enum BlockDelta {
  /// Equal bytes are found from so many on.
  private static let block = 16

  static func encode(_ bytes: [UInt8], base: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(capacity: 64)
    var encoder = Encoder(writer: writer)
    bytes.withUnsafeBytes { target in
      base.withUnsafeBytes { source in encoder.run(target, source) }
    }
    writer = encoder.writer
    return writer.bytes
  }

  static func decode(
    _ delta: [UInt8],
    base: [UInt8],
    limit: Int
  ) throws(FormatError) -> [UInt8] {
    var reader = ByteReader(delta)
    var bytes: [UInt8] = []
    var end = 0
    while reader.remaining > 0 {
      let head = try reader.number("difference")
      let count = head >> 1
      guard count > 0 else { throw .invalid("difference") }
      guard count <= limit - bytes.count else {
        throw .limit("difference", found: count, limit: limit)
      }
      if head & 1 == 0 {
        bytes.append(contentsOf: try reader.raw(count, "difference"))
        continue
      }
      let (start, overflow) = end.addingReportingOverflow(
        Int(truncatingIfNeeded: try reader.signed("difference"))
      )
      guard !overflow, start >= 0, start <= base.count, count <= base.count - start else {
        throw .invalid("difference")
      }
      bytes.append(contentsOf: base[start..<start + count])
      end = start + count
    }
    return bytes
  }

  /// One pass over the new bytes.
  private struct Encoder {
    var writer: ByteWriter
    private var end = 0

    init(writer: ByteWriter) { self.writer = writer }

    mutating func run(_ target: UnsafeRawBufferPointer, _ source: UnsafeRawBufferPointer) {
      var places: [UInt64: Int] = [:]
      places.reserveCapacity(source.count / block)
      var place = 0
      while place + block <= source.count {
        let key = Self.key(source, place)
        if places[key] == nil { places[key] = place }
        place += block
      }
      var fresh = 0
      var next = 0
      while next + block <= target.count {
        var found = Self.match(target, next, source, end + next - fresh)
        if found < block {
          guard let known = places[Self.key(target, next)] else {
            next += 1
            continue
          }
          found = Self.match(target, next, source, known)
          if found < block {
            next += 1
            continue
          }
          var start = known
          while next > fresh, start > 0, target[next - 1] == source[start - 1] {
            next -= 1
            start -= 1
            found += 1
          }
          copy(target, fresh, next, from: start, count: found)
        } else {
          copy(target, fresh, next, from: end + next - fresh, count: found)
        }
        next += found
        fresh = next
      }
      insert(target, fresh, target.count)
    }

    private mutating func copy(
      _ target: UnsafeRawBufferPointer,
      _ fresh: Int,
      _ next: Int,
      from start: Int,
      count: Int
    ) {
      insert(target, fresh, next)
      writer.unsigned(UInt64(count) << 1 | 1)
      writer.signed(Int64(start - end))
      end = start + count
    }

    private mutating func insert(_ target: UnsafeRawBufferPointer, _ from: Int, _ to: Int) {
      if from == to { return }
      writer.unsigned(UInt64(to - from) << 1)
      writer.raw(target[from..<to])
    }

    /// How many bytes from two places on are equal.
    private static func match(
      _ target: UnsafeRawBufferPointer,
      _ next: Int,
      _ source: UnsafeRawBufferPointer,
      _ start: Int
    ) -> Int {
      guard start < source.count else { return 0 }
      let most = min(target.count - next, source.count - start)
      var count = 0
      while count + 8 <= most,
        target.loadUnaligned(fromByteOffset: next + count, as: UInt64.self)
          == source.loadUnaligned(fromByteOffset: start + count, as: UInt64.self)
      {
        count += 8
      }
      while count < most, target[next + count] == source[start + count] { count += 1 }
      return count
    }

    private static func key(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
      let first = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
      let second = bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self).littleEndian
      return (first &* 0x9E37_79B9_7F4A_7C15) ^ (second &* 0xC2B2_AE3D_27D4_EB4F &+ first >> 29)
    }
  }
}
