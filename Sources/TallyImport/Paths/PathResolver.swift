internal import Foundation
public import TallyModel

/// Makes repository paths of what reports say: URIs, bases, absolute paths of machines that are
/// gone, Windows paths.
///
/// A pure function of its parameters; the file system is never asked. The rules, in order, are in
/// `docs/sarif.md`, "Paths".
public struct PathResolver: Sendable {
  /// Normalized absolute or relative prefixes that are cut off, each with the slash behind it, longest first.
  private let prefixes: [String]
  /// The one of ``prefixes`` that is the repository's own root.
  let repositoryPrefix: String?
  /// The name of the repository's own folder, with a slash behind it.
  let repositoryName: String?
  private let bases: [String: ImportedBaseURI]
  /// The folder that all absolute bases are in, with a slash behind it.
  private var basesTop: String?

  /// Creates a resolver.
  ///
  /// - Parameters:
  ///   - repositoryRoot: the absolute path of the working tree the tool ran in, if it is known.
  ///   - rootPrefixes: further prefixes to cut off, as paths or `file:` URIs, from `--root`.
  ///   - baseURIs: the run's `originalUriBaseIds`.
  public init(
    repositoryRoot: String? = nil,
    rootPrefixes: [String] = [],
    baseURIs: [ImportedBaseURI] = []
  ) {
    var bases: [String: ImportedBaseURI] = [:]
    for base in baseURIs { bases[base.name] = base }
    self.bases = bases
    var prefixes: [String] = []
    for text in rootPrefixes + (repositoryRoot.map { [$0] } ?? []) {
      let path = ReportedPath(uri: text).normalized
      if !path.isEmpty && path != "/" { prefixes.append(path + "/") }
    }
    self.prefixes = prefixes.sorted { $0.utf8.count > $1.utf8.count }
    repositoryPrefix = repositoryRoot.map { ReportedPath(uri: $0).normalized + "/" }
    repositoryName = repositoryPrefix?.split(separator: "/").last.map { $0 + "/" }
    basesTop = Self.top(of: bases.keys.sorted().compactMap { basePath($0) })
  }

  /// The folder that several absolute bases are in; nil where that says nothing about the repository.
  private static func top(of bases: [String]) -> String? {
    let folders = Set(bases.map { ReportedPath(path: $0).normalized })
      .filter { !isBare($0) && ($0.hasPrefix("/") || ReportedPath.hasDrive($0)) }
      .map { $0.split(separator: "/") }
    guard var top = folders.first else { return nil }
    for folder in folders {
      top = zip(top, folder).prefix { $0 == $1 }.map(\.0)
    }
    // Modules beside each other share the checkout; a tool's own folder shares `/home` with it at
    // most.
    if top.count < 2 && !folders.contains(top) { return nil }
    if top.isEmpty { return nil }
    let path = top.joined(separator: "/") + "/"
    return ReportedPath.hasDrive(path) ? path : "/" + path
  }

  /// Says whether an absolute path is the top of a file system.
  private static func isBare(_ path: String) -> Bool {
    path.split(separator: "/").count { !ReportedPath.hasDrive($0) } == 0
  }

  /// Returns the path of an artifact of a SARIF run.
  ///
  /// A path that is not below any root is returned as it was reported, normalized; see
  /// ``TreePaths`` for finding its file.
  public func resolve(_ location: ImportedLocation) -> RepoPath {
    let reported = ReportedPath(uri: location.uri)
    if reported.isOpaque { return RepoPath(normalized: composed(reported.normalized)) }
    guard !reported.isAbsolute, let base = basePath(location.uriBaseID) else {
      return stripped(reported.normalized)
    }
    let joined = ReportedPath(path: "\(base)/\(reported.text)").normalized
    if !base.hasPrefix("/") && !ReportedPath.hasDrive(base) { return stripped(joined) }
    // Absolute bases on a machine that is not this one stand for the root of the repository, or for
    // folders of it.
    let below = basesTop.flatMap { top in
      joined.utf8.starts(with: top.utf8)
        ? String(Substring(joined.utf8.dropFirst(top.utf8.count))) : nil
    }
    return RepoPath(normalized: composed(cut(joined) ?? below ?? reported.normalized))
  }

  /// Returns the path of a file named by a JUnit report: a path, not a URI, so nothing is
  /// percent-decoded.
  public func resolve(file: String) -> RepoPath {
    let isURI = file.hasPrefix("file:")
    return stripped((isURI ? ReportedPath(uri: file) : ReportedPath(path: file)).normalized)
  }

  /// Returns the path of a place, as it is kept where the commit's files are not known.
  public func path(of place: ReportedPlace) -> RepoPath {
    switch place {
    case .artifact(let location): resolve(location)
    case .file(let file): resolve(file: file)
    }
  }

  /// The path that is meant where the commit has it, so that nothing else needs to be looked for; nil
  /// where more has to be known.
  public func plainPath(of place: ReportedPlace) -> RepoPath? {
    guard let reading = readings(of: place).first, !reading.isOutside else { return nil }
    return RepoPath(normalized: reading.path)
  }

  /// The ways to read what a report says, the likeliest first.
  func readings(of place: ReportedPlace) -> [PathReading] {
    var result: [PathReading] = []
    switch place {
    case .artifact(let location):
      for spelled in ReportedPath.spellings(of: location.uri) {
        let reading = reading(of: spelled, base: basePath(location.uriBaseID))
        if !result.contains(reading) { result.append(reading) }
      }
    case .file(let file):
      if file.hasPrefix("file:") {
        return readings(of: .artifact(.init(uri: file, uriBaseID: nil)))
      }
      for path in [file, ReportedPath.turned(file)] {
        let reading = reading(of: ReportedPath(path: path), base: nil)
        if !result.contains(reading) { result.append(reading) }
      }
    }
    return result
  }

  private func reading(of reported: ReportedPath, base: String?) -> PathReading {
    let path = composed(reported.normalized)
    if reported.isOpaque {
      return PathReading(path: cut(path) ?? path, isSearched: isOwnPage(path))
    }
    guard !reported.isAbsolute, let base else {
      let prefix = self.prefix(of: path)
      return PathReading(
        path: cut(path) ?? path,
        isBelowRepository: prefix != nil && prefix == repositoryPrefix,
        isAsWritten: !reported.isAbsolute && prefix == nil
      )
    }
    let joined = composed(ReportedPath(path: "\(base)/\(reported.text)").normalized)
    if let prefix = prefix(of: joined) {
      let isBelow = prefix == repositoryPrefix
      return PathReading(path: cut(joined) ?? joined, isBelowRepository: isBelow)
    }
    if !base.hasPrefix("/") && !ReportedPath.hasDrive(base) { return PathReading(path: joined) }
    return PathReading(path: joined, relative: path, isBaseBare: Self.isBare(base))
  }

  /// Says whether an address may be a page about a file of this repository: its name is in it, where it is known.
  private func isOwnPage(_ address: String) -> Bool {
    guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
      return prefix(of: address) != nil
    }
    return repositoryName.map { address.contains("/\($0)") } ?? true
  }

  private func stripped(_ path: String) -> RepoPath {
    RepoPath(normalized: composed(cut(path) ?? path))
  }

  /// The path below the longest prefix that it starts with; nil when there is none.
  private func cut(_ path: String) -> String? {
    prefix(of: path).map { String(Substring(path.utf8.dropFirst($0.utf8.count))) }
  }

  private func prefix(of path: String) -> String? {
    prefixes.first { path.utf8.starts(with: $0.utf8) }
  }

  /// The path a base stands for, with the bases it is relative to; nil when the run leaves it open.
  private func basePath(_ name: String?) -> String? {
    var parts: [String] = []
    var next = name
    var seen: Set<String> = []
    while let name = next, let base = bases[name], seen.insert(name).inserted {
      guard let uri = base.uri, !uri.isEmpty else { break }
      let reported = ReportedPath(uri: uri)
      // A web address is the top of the repository.
      if reported.isOpaque { break }
      parts.insert(reported.text, at: 0)
      if reported.isAbsolute { break }
      next = base.baseName
    }
    let joined = parts.joined(separator: "/")
    return joined.isEmpty ? nil : joined
  }
}

/// The text in Unicode normalization form C.
private func composed(_ text: String) -> String {
  text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
}

/// A path as a report spells it, on its way to the one spelling that is stored.
struct ReportedPath {
  /// The path with slashes between its components, not normalized yet.
  let text: String
  /// True for a URI that names no file, such as `https://…`, which is kept as it is.
  let isOpaque: Bool

  /// Takes a URI reference apart and percent-decodes it, once.
  init(uri: String) {
    if let scheme = ReportedPath.scheme(of: uri) {
      guard scheme == "file" else {
        text = uri
        isOpaque = true
        return
      }
      text = ReportedPath.fileURI(uri.dropFirst("file:".count))
    } else {
      // Backslashes are told before decoding: `%5C` is one that belongs to a name.
      text = ReportedPath.percentDecoded(ReportedPath.withSlashes(uri))
    }
    isOpaque = false
  }

  /// The ways to take a URI reference apart, the standard's first.
  ///
  /// Tools write `#L10`, a query or a line behind a path, names with `#` or `%` unescaped, and
  /// Windows paths that are half turned into URIs.
  static func spellings(of uri: String) -> [ReportedPath] {
    var spelled = [ReportedPath(uri: uri)]
    var bare = uri
    for mark in [UInt8(ascii: "#"), UInt8(ascii: "?")] {
      guard let place = bare.utf8.firstIndex(of: mark) else { continue }
      bare = String(bare[..<place])
      spelled.append(ReportedPath(uri: bare))
    }
    if spelled[0].isOpaque { return spelled }
    if let place = withoutPlace(bare) { spelled.append(ReportedPath(uri: place)) }
    if uri.utf8.contains(UInt8(ascii: "%")), scheme(of: uri) == nil {
      spelled.append(ReportedPath(path: uri))
    }
    let text = ReportedPath(uri: bare).text
    if text.utf8.contains(UInt8(ascii: "\\")) { spelled.append(ReportedPath(path: turned(text))) }
    return spelled.filter { !$0.text.isEmpty }
  }

  /// The path before `:10` or `:10:5`; nil where none follows it.
  private static func withoutPlace(_ path: String) -> String? {
    var bytes = path.utf8[...]
    for _ in 0..<2 {
      let digits = bytes.reversed().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      let rest = bytes.dropLast(digits.count)
      guard digits.count > 0, rest.last == UInt8(ascii: ":"), rest.count > 2 else { break }
      bytes = rest.dropLast()
    }
    return bytes.count == path.utf8.count ? nil : String(Substring(bytes))
  }

  /// Takes a path as it is.
  init(path: String) {
    text = ReportedPath.withSlashes(path)
    isOpaque = false
  }

  var isAbsolute: Bool { isRooted || ReportedPath.hasDrive(text) }
  private var isRooted: Bool { text.utf8.first == UInt8(ascii: "/") }

  /// The path without `.`, empty components and `..` after a name; a drive letter in upper case.
  var normalized: String {
    if isOpaque { return text }
    var kept: [Substring] = []
    // By bytes: a slash before a combining mark is a slash.
    for part in text.utf8.split(separator: UInt8(ascii: "/")).lazy.map(Substring.init)
    where part != "." {
      if part == ".." {
        if let last = kept.last, last != "..", !ReportedPath.hasDrive(last) {
          kept.removeLast()
          continue
        }
        if isRooted { continue }
      }
      kept.append(part)
    }
    let path = kept.joined(separator: "/")
    if isRooted { return "/" + path }
    return ReportedPath.hasDrive(path) ? path.prefix(1).uppercased() + path.dropFirst() : path
  }

  /// The scheme of a URI in lower case; a single letter is a drive and not a scheme.
  private static func scheme(of uri: String) -> String? {
    guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = uri[..<colon]
    guard name.utf8.count > 1, let first = name.utf8.first, isLetter(first),
      name.utf8.allSatisfy({ isSchemeByte($0) })
    else { return nil }
    // `app.py:12` is a name with a colon; a URI with another scheme than `file` has a slash or is a
    // URN.
    let rest = uri[colon...].dropFirst()
    let lower = name.lowercased()
    return lower == "file" || rest.hasPrefix("/") || lower == "urn" ? lower : nil
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: isLetter(byte)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// The path of what follows `file:`.
  private static func fileURI(_ rest: Substring) -> String {
    let slashed = turned(String(rest))
    guard slashed.utf8.starts(with: "//".utf8) else {
      return withoutSlashBeforeDrive(percentDecoded(slashed))
    }
    let afterSlashes = Substring(slashed.utf8.dropFirst(2))
    let host = Substring(afterSlashes.utf8.prefix { $0 != UInt8(ascii: "/") })
    let path = percentDecoded(String(afterSlashes[host.endIndex...]))
    if host.isEmpty || host.lowercased() == "localhost" { return withoutSlashBeforeDrive(path) }
    // `file://C:/x` takes a drive for a host, `file://src/x` a folder; a real host is kept as a
    // first component.
    if hasDrive(host) { return percentDecoded(String(afterSlashes)) }
    return "/" + percentDecoded(String(host)) + path
  }

  private static func withoutSlashBeforeDrive(_ path: String) -> String {
    path.hasPrefix("/") && hasDrive(path.dropFirst()) ? String(path.dropFirst()) : path
  }

  /// Says whether the text starts with a drive, such as `C:` alone or before a slash.
  static func hasDrive(_ text: some StringProtocol) -> Bool {
    var bytes = text.utf8.makeIterator()
    guard let letter = bytes.next(), isLetter(letter), bytes.next() == UInt8(ascii: ":") else {
      return false
    }
    let third = bytes.next()
    return third == nil || third == UInt8(ascii: "/")
  }

  /// Turns backslashes into slashes in what looks like a Windows path: one with a drive, or with
  /// backslashes only.
  private static func withSlashes(_ text: String) -> String {
    let turned = turned(text)
    return hasDrive(turned) || !text.utf8.contains(UInt8(ascii: "/")) ? turned : text
  }

  static func turned(_ text: String) -> String {
    let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
    guard text.utf8.contains(backslash) else { return text }
    return String(decoding: text.utf8.map { $0 == backslash ? slash : $0 }, as: UTF8.self)
  }

  /// Decodes `%20` and its like, once.
  ///
  /// What is no escape, or would not give UTF-8, or would give a NUL, stays as it is.
  static func percentDecoded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
        let pair = Hex.decode(String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self)),
        let byte = pair.first, byte != 0
      {
        decoded.append(byte)
        at += 3
      } else {
        decoded.append(bytes[at])
        at += 1
      }
    }
    return String(validating: decoded, as: UTF8.self) ?? text
  }
}
