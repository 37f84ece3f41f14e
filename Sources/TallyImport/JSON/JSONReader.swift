internal import CSimdjson

/// The property names that a reader recognizes by number.
struct JSONNames {
  /// A name's number is its place.
  let names: [String]
  /// For each name, whether the children of such a property are checked but not kept on tapes.
  let isPruned: [Bool]
}

/// Pulls strictly checked values out of JSON text, without copying it and without building a tree
/// of all of it.
///
/// The caller enters the large containers and reads one element of them at a time.
struct JSONReader: ~Copyable {
  private let handle: OpaquePointer
  private let text: UnsafePointer<UInt8>
  private let source: String
  private let depthMax: Int
  /// The path of the container that was last sought, such as `runs[0].results`.
  private var base = ""

  /// Opens a reader over bytes that outlive it; a byte order mark is skipped.
  init(
    _ bytes: UnsafeRawBufferPointer,
    source: String,
    names: JSONNames,
    depthMax: Int
  ) throws(ImportError) {
    let pruned = names.isPruned.map { $0 ? UInt8(1) : 0 }
    var storage: [UInt8] = []
    var places: [Int] = []
    for name in names.names {
      places.append(storage.count)
      storage += Array(name.utf8) + [0]
    }
    let opened = storage.withUnsafeBufferPointer { all -> OpaquePointer? in
      all.withMemoryRebound(to: CChar.self) { characters in
        guard let first = characters.baseAddress, let start = bytes.baseAddress else { return nil }
        let pointers = places.map { Optional(first + $0) }
        return tally_json_open(
          start.assumingMemoryBound(to: UInt8.self),
          UInt64(bytes.count),
          pointers,
          pruned,
          UInt32(pointers.count),
          UInt32(depthMax)
        )
      }
    }
    guard let opened, let start = bytes.baseAddress else {
      throw .unreadable(source: source, reason: "there is not enough memory")
    }
    handle = opened
    text = start.assumingMemoryBound(to: UInt8.self)
    self.source = source
    self.depthMax = depthMax
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { tally_json_seek(handle, 3, 0) }
  }

  deinit { tally_json_close(handle) }

  /// Goes back to a value that was passed over; `path` is its path and `depth` the number of
  /// containers around it.
  mutating func seek(to offset: Int, depth: Int, path: String) {
    base = path
    tally_json_seek(handle, UInt64(offset), UInt32(depth))
  }

  /// The kind of the value that comes next.
  mutating func peek() throws(ImportError) -> JSONValue.Kind {
    JSONValue.Kind(rawValue: UInt8(try check(tally_json_peek(handle)))) ?? .null
  }

  mutating func enter() throws(ImportError) { _ = try check(tally_json_enter(handle)) }

  /// Goes to the next property of the entered object: the number of its name and the name, or nil
  /// at its end.
  mutating func nextKey() throws(ImportError) -> (key: UInt16, name: String)? {
    var node = tally_json_node()
    if try check(tally_json_next_key(handle, &node)) == 0 { return nil }
    let bytes = UnsafeBufferPointer(
      start: text + Int(node.key_start),
      count: Int(node.key_length)
    )
    let isEscaped = node.flags & UInt8(TALLY_JSON_KEY_ESCAPED) != 0
    var replaced: UInt32 = 0
    return (node.key, decodeKey(bytes, isEscaped: isEscaped, &replaced))
  }

  /// Goes to the next element of the entered array; false at its end.
  mutating func nextElement() throws(ImportError) -> Bool {
    try check(tally_json_next_element(handle)) == 1
  }

  /// Reads and checks the value that comes next; it is valid until the next call.
  mutating func read() throws(ImportError) -> JSONValue {
    var tape: UnsafePointer<tally_json_node>?
    var count: UInt32 = 0
    _ = try check(tally_json_read(handle, &tape, &count))
    guard let tape else { throw malformed(path: currentPath(), "there is no value", offset: nil) }
    return JSONValue(tape: tape, index: 0, text: text)
  }

  /// Passes over the value that comes next, unchecked; returns where it starts.
  mutating func pass() throws(ImportError) -> Int {
    var start: UInt64 = 0
    var end: UInt64 = 0
    _ = try check(tally_json_pass(handle, &start, &end))
    return Int(start)
  }

  /// Checks that nothing but white space is left.
  mutating func finish() throws(ImportError) { _ = try check(tally_json_finish(handle)) }

  /// The error for a value of the tape that was read last.
  func malformed(_ problem: JSONProblem, in root: JSONValue) -> ImportError {
    var path = currentPath()
    var at = root
    while at.index < problem.index {
      guard let (place, child) = step(into: at, towards: problem.index) else { break }
      path += place
      at = child
    }
    if path.hasPrefix(".") { path.removeFirst() }
    if let limit = problem.limit {
      return .limitExceeded(
        source: source,
        what: "\(problem.reason) at '\(path)'",
        found: limit.found,
        limit: limit.most
      )
    }
    return malformed(path: path, problem.reason, offset: at.offset)
  }

  private func step(into parent: JSONValue, towards index: Int) -> (String, JSONValue)? {
    for (position, child) in parent.children.enumerated() {
      if child.index <= index && index < Int(child.tape[child.index].next) {
        return (parent.kind == .array ? "[\(position)]" : ".\(child.keyText)", child)
      }
    }
    return nil
  }

  private func malformed(path: String, _ reason: String, offset: Int?) -> ImportError {
    .malformed(source: source, path: path, reason: reason, offset: offset)
  }

  /// The path of the place the reader has reached.
  func currentPath() -> String {
    var path = base
    var frame: UInt32 = 0
    while true {
      var index: Int64 = 0
      var start: UInt64 = 0
      var length: UInt32 = 0
      if frame >= tally_json_error_path(handle, frame, &index, &start, &length) { break }
      if index >= 0 {
        path += "[\(index)]"
      } else if length > 0 {
        let slice = UnsafeBufferPointer(start: text + Int(start), count: min(Int(length), 80))
        path += (path.isEmpty ? "" : ".") + String(decoding: slice, as: UTF8.self)
      }
      frame += 1
    }
    return path
  }

  private func check(_ code: Int32) throws(ImportError) -> Int32 {
    if code >= 0 { return code }
    let offset = Int(tally_json_error_offset(handle))
    if Int(code) == TALLY_JSON_UTF8 {
      let reason = "it holds bytes that are not UTF-8"
      throw malformed(path: currentPath(), reason, offset: offset)
    }
    if Int(code) == TALLY_JSON_MEMORY {
      throw .unreadable(source: source, reason: "there is not enough memory for a value of it")
    }
    if Int(code) == TALLY_JSON_DEPTH {
      let what = "objects and arrays inside of each other at '\(currentPath())'"
      throw .limitExceeded(source: source, what: what, found: depthMax + 1, limit: depthMax)
    }
    if Int(code) == TALLY_JSON_LONG {
      let what = "bytes in one string, after '\(currentPath())'"
      throw .limitExceeded(source: source, what: what, found: 1 << 31, limit: (1 << 31) - 1)
    }
    throw malformed(path: currentPath(), reason(of: Int(code), at: offset), offset: offset)
  }

  private func reason(of code: Int, at offset: Int) -> String {
    switch code {
    case TALLY_JSON_CONTROL:
      "a string holds a raw control character, or its closing quote is missing"
    case TALLY_JSON_UNCLOSED: "a string has no closing quote; the file seems to be cut off"
    case TALLY_JSON_END: "the text ends too early; the file seems to be cut off"
    case TALLY_JSON_NUMBER_GRAMMAR: "this is not a JSON number"
    case TALLY_JSON_ESCAPE: "a string holds an escape that JSON does not have"
    case TALLY_JSON_DUPLICATE: "the object has this property twice"
    case TALLY_JSON_TRAILING: "something follows the end of the document"
    default: "\(character(at: offset)) cannot stand here"
    }
  }

  private func character(at offset: Int) -> String {
    let byte = text[offset]
    return byte > 0x20 && byte < 0x7F
      ? "the character '\(Character(Unicode.Scalar(byte)))'"
      : "the byte 0x\(String(byte, radix: 16))"
  }
}
