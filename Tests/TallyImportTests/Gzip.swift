/// Bytes as a gzip file of stored blocks, so that tests need no compressor.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(65_535)
    rest = rest.dropFirst(block.count)
    file.append(rest.isEmpty ? 1 : 0)
    let length = UInt16(block.count)
    for value in [length, ~length] { file += [UInt8(value & 255), UInt8(value >> 8)] }
    file += block
  } while !rest.isEmpty
  for value in [crc32(bytes), UInt32(bytes.count)] {
    for shift in stride(from: 0, to: 32, by: 8) {
      file.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
    }
  }
  return file
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  var table = [UInt32](repeating: 0, count: 256)
  for index in 0..<256 {
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    table[index] = value
  }
  var crc = UInt32.max
  for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 255)] ^ (crc >> 8) }
  return ~crc
}
