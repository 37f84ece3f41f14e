import Foundation
import Testing

/// What `make install` and the packages put where.
@Suite struct InstallTests {
  @Test("program, pages and completions lie where shells and man look for them")
  func files() throws {
    let sandbox = try Sandbox(git: false)
    try Tools.need("python3", "bash", in: sandbox)
    let script = "umask 077; '\(Tools.path("install-files"))' \"$TALLY\" 'a prefix'"
    let outcome = try sandbox.shell(script)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let list = try sandbox.shell(
      "cd 'a prefix' && find . -type f -printf '%m %P\\n' | LC_ALL=C sort -k 2"
    )
    let lines = list.output.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { !$0.contains("man1") } == [
        "755 bin/tally", "644 share/bash-completion/completions/tally",
        "644 share/fish/vendor_completions.d/tally.fish", "644 share/zsh/site-functions/_tally",
      ]
    )
    #expect(lines.contains("644 share/man/man1/tally.1"))
    #expect(try sandbox.shell("'a prefix/bin/tally' --version").output == "0.1.0\n")
    // bash completes a command and an option by what was installed.
    let complete = try sandbox.shell(
      """
      exec bash --norc -c '
      source "a prefix/share/bash-completion/completions/tally"
      PATH="$PWD/a prefix/bin:$PATH"
      try() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        COMPREPLY=(); _tally tally "${@: -1}" "${@: -2:1}"; printf "%s\\n" "${COMPREPLY[@]}"
      }
      try tally inge; try tally statement --know'
      """
    )
    #expect(complete.output == "ingest\n--known-at\n", "\(complete.errors)")
    // Elsewhere for Debian's zsh.
    let zsh = try sandbox.shell(
      "'\(Tools.path("install-files"))' \"$TALLY\" deb share/zsh/vendor-completions && ls deb/share/zsh/*"
    )
    #expect(zsh.output == "_tally\n")
  }

  @Test("without python3 the pages are left out, and that is said")
  func withoutPython() throws {
    let sandbox = try Sandbox(git: false)
    let script = """
      mkdir path && for tool in install dirname chmod sh; do ln -s "$(command -v $tool)" path/; done
      PATH="$PWD/path" '\(Tools.path("install-files"))' "$TALLY" prefix && ls prefix/share
      """
    let outcome = try sandbox.shell(script)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors == "left out: the man pages, which need python3 to be made\n")
    #expect(!outcome.output.contains("man"))
  }
}
