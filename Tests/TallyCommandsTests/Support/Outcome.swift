import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What a process left behind.
struct Outcome {
  let status: Int32
  let data: Data
  let errors: String

  var output: String { String(decoding: data, as: UTF8.self) }

  /// Standard output as a JSON object.
  func json() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: data)
    return try #require(value as? [String: Any])
  }

  /// Runs a program to its end; its output goes through files, because a full pipe would stall it.
  ///
  /// Spawned by hand, with no signal blocked: threads of a test run block SIGCHLD, and a shell that inherits that waits for ever.
  static func of(
    _ program: URL,
    _ arguments: [String],
    variables: [String: String],
    input: Data?,
    folder: URL,
    scratch: URL
  ) throws -> Outcome {
    let name = UUID().uuidString
    let files = ["in", "out", "err"].map { scratch.appendingPathComponent(".\($0)-\(name)") }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    try (input ?? Data()).write(to: files[0])

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let source = input == nil ? "/dev/null" : files[0].path
    posix_spawn_file_actions_addopen(&actions, 0, source, O_RDONLY, 0)
    for (descriptor, file) in [(Int32(1), files[1]), (Int32(2), files[2])] {
      let flags = O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, descriptor, file.path, flags, 0o600)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let call = ["env", "-C", folder.path, program.path] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = call.map { strdup($0) }
    var pairs: [UnsafeMutablePointer<CChar>?] = variables.sorted { $0.key < $1.key }
      .map { strdup("\($0.key)=\($0.value)") }
    defer { for word in words + pairs { free(word) } }
    words.append(nil)
    pairs.append(nil)
    var process = pid_t()
    let failure = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, words, pairs)
    try #require(failure == 0, "\(program.path): \(String(cString: strerror(failure)))")
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      try #require(errno == EINTR, "\(program.path): \(String(cString: strerror(errno)))")
    }
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
      data: try Data(contentsOf: files[1]),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
    )
  }
}
