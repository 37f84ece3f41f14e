import TallyModel
import TallyTracking

/// A program as a list of functions whose places are marked by `§`, so that they can be put together in any order.
struct Pieces {
  let path: String
  let head: String
  let functions: [String]

  /// A file made of some functions, each with its number; what it holds is known by function and number of the mark.
  struct File {
    var path: String
    var text = ""
    var findings: [(name: String, finding: Finding)] = []
  }

  /// Puts functions together; `note` lines are put before the first one.
  func file(_ order: [Int], path: String? = nil, note: Int = 0) -> File {
    var file = File(path: path ?? self.path)
    append(head, "head", to: &file)
    for line in 0..<note { file.text += "\nnote \(line)\n" }
    for function in order { append(functions[function], "\(function)", to: &file) }
    return file
  }

  private func append(_ marked: String, _ name: String, to file: inout File) {
    var count = 0
    for part in marked.split(separator: "§", omittingEmptySubsequences: false) {
      if count > 0 {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let word = part.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "!" }
        file.findings.append(
          (
            "\(name).\(count)",
            finding(
              rule: word.first.map { $0.isUppercase } ?? false ? "type" : "call-\(word.count % 3)",
              line: lines.count,
              column: (lines.last?.unicodeScalars.count ?? 0) + 1,
              message: word.count > 6 ? "do not use '\(word)'" : "do not use this"
            )
          )
        )
      }
      file.text += part
      count += 1
    }
    file.text += "\n"
  }

  static let all = [swift, c, javaScript]

  static let swift = Pieces(
    path: "Sources/Store.swift",
    head: "import Foundation\n",
    functions: [
      """
      func load(_ name: String) -> Data {
        let url = §URL(fileURLWithPath: name)
        return §try! Data(contentsOf: url)
      }
      """,
      """
      func store(_ data: Data, name: String) {
        §print(name)
        let url = §URL(fileURLWithPath: name)

        §try! data.write(to: url)
        §print(data.count)
        §NSLogger.shared.add(name)
      }
      """,
      """
      func remove(_ name: String) {
        if name.isEmpty {
          §fatalError("no name")
        }
        §try! FileManager.default.removeItem(atPath: name)
        §print(name)
      }
      """,
      """
      func merge(_ one: [String: Int], _ two: [String: Int]) -> [String: Int] {
        let both = one.merging(two) { §max($0, $1) }
        §print(both)
        guard let first = both.first else { §preconditionFailure("empty") }

        §print(first.key)
        return both as §NSDictionary as! [String: Int]
      }
      """,
    ]
  )

  static let c = Pieces(
    path: "src/store.c",
    head: "#include <string.h>\n",
    functions: [
      """
      static int load(char *to, const char *from) {
        §strcpy(to, from);
        return §atoi(to);
      }
      """,
      """
      static void store(char *to, const char *from) {
        char name[16];
        §strcpy(name, from);

        §sprintf(to, "%s", name);
        §vsprintf_all(to, name);
        §strcpy(to, name);
      }
      """,
      """
      static void forget(char *at) {
        if (!at)
          §goto out;
        §strncpy_all(at, "");
        §strcpy(at, "x");
      out:
        return;
      }
      """,
      """
      int join(char *to, char *one, char *two) {
        §strcat(to, one);
        int size = §strlen(to);

        §strcat_checked(to, two);
        §strcpy(one, two);
        if (size > §LIMIT) return 1;
        return 0;
      }
      """,
    ]
  )

  static let javaScript = Pieces(
    path: "web/store.js",
    head: "const fs = require('fs');\n",
    functions: [
      """
      function load(name) {
        §var text = fs.readFileSync(name);
        return §eval(text);
      }
      """,
      """
      function store(name, value) {
        §console_log(name);
        §var text = JSON.stringify(value);

        §document_write(text);
        §eval(text);
        if (text) §var done = false;
      }
      """,
      """
      function forget(name) {
        if (!name) {
          §alert_user("no name");
        }
        §var old = cache[name];
        §eval(old);
      }
      """,
      """
      export function join(one, two) {
        §var both = { ...one, ...two };
        §with_all(both);
        if (both.size > 3) {
          §eval(both.first);
        }
        §var last = §Function("return 1")();
        return last;
      }
      """,
    ]
  )
}

/// Links between files of functions, by their names; what is not linked to its own name is listed as such.
func pieceLinks(_ olds: [Pieces.File], _ news: [Pieces.File], seed: UInt64? = nil) -> [String] {
  func tracked(_ files: [Pieces.File]) -> (names: [String], findings: [TrackedFinding]) {
    var all = files.flatMap { file in
      file.findings.map { name, finding in
        let path = RepoPath(normalized: file.path)
        return (
          name,
          TrackedFinding(path: path, blob: nil, finding: finding, window: nil, lexerVersion: 0)
        )
      }
    }
    if let seed {
      var generator = SeededGenerator(seed: seed)
      all.shuffle(using: &generator)
    }
    return (all.map(\.0), all.map(\.1))
  }
  let (old, new) = (tracked(olds), tracked(news))
  let links = Matcher().match(
    previous: old.findings,
    current: new.findings,
    evidence: MatchEvidence(),
    mode: .successive
  )
  return links.map { link in
    let (one, two) = (old.names[link.previous], new.names[link.current])
    return (one == two ? one : "\(one) -> \(two)") + (link.isAmbiguous ? "?" : "")
  }
  .sorted()
}
