internal import CExpat

/// Takes what an XML document holds, in order.
protocol XMLHandler: AnyObject {
  /// An element starts; attributes in file order. A returned sentence stops the parser.
  func start(_ name: String, _ attributes: [(name: String, value: String)]) -> XMLStream.Stop?
  /// The element that started last ends.
  func end(_ name: String) -> XMLStream.Stop?
  /// Whether ``text(_:)`` is to be called now.
  var wantsText: Bool { get }
  /// A piece of text inside of an element.
  func text(_ text: UnsafeBufferPointer<UInt8>)
}

/// Parses XML as a stream, without DTDs, so that no entity can grow.
final class XMLStream {
  /// Why a handler stops the parser.
  enum Stop {
    case malformed(String)
    case doctype
    case limit(what: String, found: Int, limit: Int)
  }
  /// Where and why the document is not well-formed.
  struct Failure: Error {
    let reason: String
    let line: Int
    let column: Int
    let offset: Int
    let stop: Stop?
  }

  private static let chunkBytes = 4 << 20
  private static let tokenBytesMax = 64 << 20

  private let handler: any XMLHandler
  private var stop: Stop?
  private var parser: XML_Parser?

  init(_ handler: any XMLHandler) { self.handler = handler }

  /// Parses a whole document; an `encoding` that is given counts over the declared one.
  func parse(_ bytes: UnsafeRawBufferPointer, encoding: String? = nil) throws(Failure) {
    guard let parser = XML_ParserCreate(encoding) else {
      throw Failure(reason: "there is not enough memory", line: 0, column: 0, offset: 0, stop: nil)
    }
    self.parser = parser
    defer {
      XML_ParserFree(parser)
      self.parser = nil
    }
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    setHandlers(parser)
    var position = 0
    repeat {
      let length = min(XMLStream.chunkBytes, bytes.count - position)
      let start = bytes.baseAddress?.advanced(by: position)
      position += length
      let isLast: Int32 = position == bytes.count ? 1 : 0
      let characters = start?.assumingMemoryBound(to: CChar.self)
      if XML_Parse(parser, characters, Int32(length), isLast) != XML_STATUS_OK {
        throw failure(of: parser)
      }
      // A token that does not end makes the parser start over with every chunk.
      let waiting = position - Int(XML_GetCurrentByteIndex(parser))
      if waiting > XMLStream.tokenBytesMax {
        stop = .limit(what: "bytes in one token", found: waiting, limit: XMLStream.tokenBytesMax)
        throw failure(of: parser)
      }
    } while position < bytes.count
  }

  private func failure(of parser: XML_Parser) -> Failure {
    let code = XML_GetErrorCode(parser)
    let detail = XML_ErrorString(code).map { String(cString: $0) } ?? "no reason given"
    var reason = "the text is not well-formed XML: \(detail)"
    switch code {
    case XML_ERROR_NO_ELEMENTS, XML_ERROR_UNCLOSED_TOKEN, XML_ERROR_PARTIAL_CHAR:
      reason = "the text ends too early; the file seems to be cut off"
    case XML_ERROR_UNKNOWN_ENCODING:
      reason = "it is in an encoding that is not read here; have the tool write UTF-8"
    case XML_ERROR_INVALID_TOKEN:
      reason =
        "the text is not well-formed XML: a character that must be escaped, or is not allowed"
    case XML_ERROR_SYNTAX:
      reason = "this is not XML"
    default: break
    }
    if case .malformed(let sentence)? = stop { reason = sentence }
    return Failure(
      reason: reason,
      line: Int(XML_GetCurrentLineNumber(parser)),
      column: Int(XML_GetCurrentColumnNumber(parser)) + 1,
      offset: Int(XML_GetCurrentByteIndex(parser)),
      stop: stop
    )
  }

  private func halt(_ reason: Stop?) {
    guard let reason, stop == nil else { return }
    stop = reason
    XML_StopParser(parser, 0)
  }

  private func setHandlers(_ parser: XML_Parser) {
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let stream = XMLStream.from(data), let name, stream.stop == nil else { return }
        stream.halt(
          stream.handler.start(String(cString: name), XMLStream.pairs(attributes))
        )
      },
      { data, name in
        guard let stream = XMLStream.from(data), let name, stream.stop == nil else { return }
        stream.halt(stream.handler.end(String(cString: name)))
      }
    )
    XML_SetCharacterDataHandler(parser) { data, text, length in
      guard let stream = XMLStream.from(data), let text, stream.handler.wantsText else { return }
      let start = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
      stream.handler.text(UnsafeBufferPointer(start: start, count: Int(length)))
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      XMLStream.from(data)?.halt(.doctype)
    }
    XML_SetUnknownEncodingHandler(
      parser,
      { _, name, encoding in
        guard let name, let encoding,
          let table = SingleByteEncoding.table(named: String(cString: name))
        else { return Int32(XML_STATUS_ERROR.rawValue) }
        withUnsafeMutableBytes(of: &encoding.pointee.map) { map in
          let units = map.bindMemory(to: Int32.self)
          for (index, scalar) in table.enumerated() { units[index] = scalar }
        }
        encoding.pointee.data = nil
        encoding.pointee.convert = nil
        encoding.pointee.release = nil
        return Int32(XML_STATUS_OK.rawValue)
      },
      nil
    )
  }

  private static func from(_ data: UnsafeMutableRawPointer?) -> XMLStream? {
    data.map { Unmanaged<XMLStream>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func pairs(
    _ list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
  ) -> [(name: String, value: String)] {
    guard var at = list else { return [] }
    var pairs: [(name: String, value: String)] = []
    while let name = at[0], let value = at[1] {
      pairs.append((String(cString: name), String(cString: value)))
      at += 2
    }
    return pairs
  }
}

/// The single-byte encodings that reports are found in beyond those that expat knows.
enum SingleByteEncoding {
  /// Says whether a document that declares this encoding is read in it.
  static func isKnown(_ name: String) -> Bool {
    name == "iso-8859-1" || table(named: name) != nil
  }

  /// For each byte its Unicode scalar; nil for an encoding that is not known.
  ///
  /// A byte without a meaning stands for the control character of its number, so that it refuses
  /// no file.
  static func table(named name: String) -> [Int32]? {
    var table = (0..<256).map { Int32($0) }
    switch String(name.lowercased().filter { $0 != "-" && $0 != "_" }) {
    case "latin1", "iso88591", "l1", "cp819":
      return table
    case "iso885915", "latin9", "latin0", "l9":
      for (byte, scalar) in latin9 { table[byte] = scalar }
      return table
    case "windows1252", "cp1252", "ansi":
      for (index, scalar) in windows1252.enumerated() { table[0x80 + index] = scalar }
      return table
    default:
      return nil
    }
  }

  private static let latin9: [(Int, Int32)] = [
    (0xA4, 0x20AC), (0xA6, 0x160), (0xA8, 0x161), (0xB4, 0x17D), (0xB8, 0x17E), (0xBC, 0x152),
    (0xBD, 0x153), (0xBE, 0x178),
  ]

  /// The bytes 0x80 to 0x9F.
  private static let windows1252: [Int32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
    0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]
}
