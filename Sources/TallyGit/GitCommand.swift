import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How git is run: in which folder, with which variables, with which options pinned.
///
/// Only plumbing is run, nothing is fetched, no index is written, and the user's and the system's configuration are ignored
/// unless the repository can be opened in no other way (`safe.directory` is found only there).
struct GitCommand: Sendable {
  /// The variables that are handed on to git, where they are set.
  static let passedVariables = [
    "PATH", "LD_LIBRARY_PATH", "SUDO_UID", "GIT_EXEC_PATH", "GIT_DIR", "GIT_WORK_TREE",
    "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  ]

  /// The variables that lead git to the user's own configuration.
  static let configurationVariables = [
    "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS",
  ]

  /// What every call begins with.
  static let pinnedOptions = [
    "--no-pager", "--no-replace-objects", "--literal-pathspecs",
    "-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false",
    "-c", "core.hooksPath=/dev/null", "-c", "diff.relative=false", "-c", "diff.orderFile=/dev/null",
  ]

  /// What every comparison of trees is run with.
  ///
  /// `-l0` lifts the limit on rename candidates; `-M` alone is 50 percent.
  static let diffOptions = [
    "-r", "-z", "--raw", "--no-abbrev", "-M", "-l0", "--no-ext-diff", "--no-textconv", "--no-color",
    "--no-relative", "--ignore-submodules=none",
  ]

  /// In place of `-M`: finds files that have another path and the same content, which takes no contents.
  static let exactRenames = "-M100%"

  /// Where git is run (`-C`); absolute.
  let folder: String
  private let program: Executable
  private let variables: [[UInt8]]

  /// Creates a command for a folder.
  ///
  /// `usesOwnConfiguration` lets the user's and the system's configuration through.
  init(folder: String, environment: [String: String], usesOwnConfiguration: Bool) {
    self.folder = folder
    var result: [String: String] = [
      "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0",
      "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_REPLACE_OBJECTS": "1",
      "GIT_GRAFT_FILE": "/dev/null", "GIT_ATTR_NOSYSTEM": "1", "GIT_ADVICE": "0",
    ]
    for name in Self.passedVariables { result[name] = environment[name] }
    if usesOwnConfiguration {
      let numbered = environment.keys.filter {
        $0.hasPrefix("GIT_CONFIG_KEY_") || $0.hasPrefix("GIT_CONFIG_VALUE_")
      }
      for name in Self.configurationVariables + numbered { result[name] = environment[name] }
    } else {
      result["GIT_CONFIG_NOSYSTEM"] = "1"
      result["GIT_CONFIG_GLOBAL"] = "/dev/null"
    }
    // Without the variable a default list of folders would be searched.
    if result["PATH"] == nil { result["PATH"] = "" }
    program = Self.program(onPath: result["PATH"])
    variables = Self.lines(of: result)
  }

  /// Creates a command that may talk to other repositories, in a repository of its own.
  ///
  /// Credentials are git's own affair: helpers, agents and variables are all let through, and nothing is asked on a terminal. What
  /// `configuration` adds goes through the environment, where no list of processes shows it.
  init(
    scratch: String,
    environment: [String: String],
    configuration: [(key: String, value: String)]
  ) {
    folder = scratch
    let located = [
      "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE",
      "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_QUARANTINE_PATH",
      "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_TRACE", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE",
    ]
    var result = environment.filter { !located.contains($0.key) }
    result["LC_ALL"] = "C"
    result["LANGUAGE"] = nil
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["GIT_ADVICE"] = "0"
    result["GIT_DIR"] = scratch
    for role in ["AUTHOR", "COMMITTER"] {
      result["GIT_\(role)_NAME"] = "tally"
      result["GIT_\(role)_EMAIL"] = "tally@localhost"
    }
    var count = Int(environment["GIT_CONFIG_COUNT"] ?? "") ?? 0
    for (key, value) in configuration {
      result["GIT_CONFIG_KEY_\(count)"] = key
      result["GIT_CONFIG_VALUE_\(count)"] = value
      count += 1
    }
    result["GIT_CONFIG_COUNT"] = String(count)
    if result["PATH"] == nil { result["PATH"] = "" }
    program = Self.program(onPath: result["PATH"])
    variables = Self.lines(of: result)
  }

  /// Where git is.
  ///
  /// Subprocess would start a process for every folder of `PATH` until one succeeds, at each call.
  private static func program(onPath path: String?) -> Executable {
    for folder in (path ?? "").split(separator: ":") where folder.hasPrefix("/") {
      let file = "\(folder)/git"
      var info = stat()
      if stat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, access(file, X_OK) == 0 {
        return .path(FilePath(file))
      }
    }
    return .name("git")
  }

  private static func lines(of variables: [String: String]) -> [[UInt8]] {
    variables.filter { !$0.key.utf8.contains(0) && !$0.value.utf8.contains(0) }
      .sorted { $0.key < $1.key }
      .map { Array("\($0.key)=\($0.value)\0".utf8) }
  }

  /// What a call looks like in an error.
  static func summary(_ arguments: [String]) -> String {
    let words = arguments.prefix { !$0.hasPrefix("-") || $0 == arguments.first }
    return (["git"] + words.prefix(1)).joined(separator: " ")
  }

  /// The call as Subprocess wants it.
  func configuration(_ arguments: [String]) -> Configuration {
    BrokenPipes.ignore()
    return Configuration(
      executable: program,
      arguments: Arguments(["-C", folder] + Self.pinnedOptions + arguments),
      environment: .custom(variables)
    )
  }

  /// What a call that has ended left behind.
  struct Outcome: Sendable {
    /// The exit status; 128 and the signal's number where a signal ended it.
    var status: Int
    /// The standard output.
    var output: [UInt8]
    /// The standard error.
    var message: String
  }

  /// Runs git to its end and collects its output.
  ///
  /// - Throws: ``GitError`` when git is missing or writes more than `limit` bytes; `CancellationError`.
  func run(
    _ arguments: [String],
    input: [UInt8] = [],
    limit: Int = 1 << 30
  ) async throws -> Outcome {
    try Task.checkCancellation()
    do {
      let result = try await Subprocess.run(
        configuration(arguments),
        input: .array(input),
        output: .sequence,
        error: .bytes(limit: .max)
      ) { execution in
        var output: [UInt8] = []
        for try await chunk in execution.standardOutput {
          chunk.withUnsafeBytes { output.append(contentsOf: $0) }
          if output.count > limit {
            throw GitError.unexpectedOutput(
              command: Self.summary(arguments),
              reason: "more than \(limit) bytes"
            )
          }
        }
        return output
      }
      try Task.checkCancellation()
      return Outcome(
        status: Self.number(of: result.terminationStatus),
        output: result.closureResult,
        message: String(decoding: result.standardError, as: UTF8.self)
      )
    } catch {
      try Task.checkCancellation()
      throw Self.translate(error)
    }
  }

  /// Runs git to its end and gives its output; any status but 0 is an error.
  func output(
    _ arguments: [String],
    input: [UInt8] = [],
    limit: Int = 1 << 30
  ) async throws -> [UInt8] {
    let outcome = try await run(arguments, input: input, limit: limit)
    if outcome.status != 0 { throw diagnose(outcome, of: arguments) }
    return outcome.output
  }

  /// Makes an error of a call that did not end well.
  func diagnose(_ outcome: Outcome, of arguments: [String]) -> GitError {
    GitError.diagnose(
      command: Self.summary(arguments),
      status: outcome.status,
      message: outcome.message,
      folder: folder
    )
  }

  /// Makes Subprocess's errors ours; everything else stays.
  static func translate(_ error: any Error) -> any Error {
    guard let failure = error as? SubprocessError else { return error }
    if failure.code == .executableNotFound { return GitError.gitMissing }
    return GitError.commandFailed(command: "git", status: -1, message: failure.description)
  }

  static func number(of status: TerminationStatus) -> Int {
    switch status {
    case .exited(let code): Int(code)
    case .signaled(let signal): 128 + Int(signal)
    }
  }
}

/// Keeps a git that died from taking this process with it.
private enum BrokenPipes {
  /// Ignores SIGPIPE once, if the process still has the default for it; writing to a git that is gone then fails as a write.
  static func ignore() { _ = once }

  private static let once: Void = {
    var current = sigaction()
    guard sigaction(SIGPIPE, nil, &current) == 0 else { return }
    #if canImport(Darwin)
      let handler = current.__sigaction_u.__sa_handler
    #else
      let handler = current.__sigaction_handler.sa_handler
    #endif
    if handler == nil { signal(SIGPIPE, SIG_IGN) }
  }()
}
