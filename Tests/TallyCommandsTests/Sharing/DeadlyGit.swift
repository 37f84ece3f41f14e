import Foundation
import Testing

/// A git that kills the program which runs it, at a call of choice: first in `PATH`, the real one behind it.
///
/// Nothing in the program knows of it. Calls are counted by files that only one process can make, so calls that run at once have numbers of
/// their own. What git starts itself finds the real one, which is not counted.
struct DeadlyGit {
  /// When the program dies.
  enum Moment: String {
    /// Before git does anything.
    case before
    /// When git has done its work, and the program has not heard of it.
    case after
  }

  /// When the program is to die at a call: after a call is before the next, unless the program writes in between.
  ///
  /// It does so when it has read from the remote or from the clone (the ledger), and when it has pushed (what it remembers).
  static func moments(of call: String, isLast: Bool) -> [Moment] {
    isLast || ["cat-file", "push"].contains(call) ? [.before, .after] : [.before]
  }

  private let sandbox: Sandbox
  private let folder: URL

  init(_ sandbox: Sandbox) throws {
    self.sandbox = sandbox
    folder = sandbox.outside.appendingPathComponent("deadly")
    let script = """
      #!/bin/sh
      real=$(cat '\(folder.path)/real')
      read -r victim <'\(folder.path)/victim'
      read -r call moment <'\(folder.path)/plan'
      if [ "$PPID" != "$victim" ]; then exec "$real" "$@"; fi
      set -C
      number=1
      while ! true 2>/dev/null >'\(folder.path)/calls/'$number; do number=$((number + 1)); done
      echo "$$ $*" >|'\(folder.path)/calls/'$number
      if [ "$number" = "$call" ]; then
        [ "$moment" = before ] || "$real" "$@"
        kill -9 "$victim"
        exit 1
      fi
      exec "$real" "$@"
      """
    let made = try sandbox.shell(
      """
      set -e
      mkdir -p '\(folder.path)/bin'
      command -v git >'\(folder.path)/real'
      cat >'\(folder.path)/bin/git'
      chmod 755 '\(folder.path)/bin/git'
      """,
      input: Data("\(script)\n".utf8)
    )
    #expect(made.status == 0, "\(made.errors)")
  }

  /// Kills from outside, where a hook of git runs it: the program first, then the git that it runs.
  var murder: String {
    """
    kill -9 "$(cat '\(folder.path)/victim')"
    last=$(ls '\(folder.path)/calls' | sort -n | tail -n 1)
    kill -9 "$(cut -d ' ' -f 1 '\(folder.path)/calls/'"$last")"
    """
  }

  /// Runs `tally` in a job, and lets it die at a call of git, counted from 1; nil lets it live.
  func run(
    _ arguments: [String],
    in job: Job,
    dying place: (call: Int, moment: Moment)? = nil
  ) throws -> Outcome {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    let plan = place.map { "\($0.call) \($0.moment.rawValue)" } ?? "0 never"
    return try sandbox.shell(
      """
      rm -rf '\(folder.path)/calls'
      mkdir '\(folder.path)/calls'
      echo \(plan) >'\(folder.path)/plan'
      cd '\(job.folder.path)' || exit 9
      echo $$ >'\(folder.path)/victim'
      PATH='\(folder.path)/bin':$PATH
      exec "$TALLY" \(words)
      """
    )
  }

  /// The calls of the last run: what git was asked to do, without options.
  func calls() throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/calls")
    return try names.compactMap(Int.init).sorted().map { number in
      let file = folder.appendingPathComponent("calls/\(number)")
      let words = try String(contentsOf: file, encoding: .utf8).split(separator: " ")
      // Behind the process: -C FOLDER, switches, and pairs of -c.
      var rest = words.dropFirst()
      while let word = rest.first, word.hasPrefix("-") {
        rest = rest.dropFirst(word == "-C" || word == "-c" ? 2 : 1)
      }
      return rest.first.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }
  }
}
