import Foundation
import Testing

/// Ledgers that cannot be shared.
let badSharing: [BadCase] = [
  BadCase("no such remote", "push", "--remote", "upstream"),
  BadCase("no remote at all", "pull").in("plain"),
  BadCase("no git to push with", "push").with(["PATH": "/nowhere"]),
  BadCase("nothing at the address", "push", "--remote", "../gone.git"),
  BadCase("a host that does not exist", "push", "--remote", "https://git.invalid/shop.git"),
  BadCase("a host that does not answer", "pull", "--remote", "http://127.0.0.1:1/shop.git"),
  BadCase(
    "a password in the address",
    "push",
    "--remote",
    "https://ada:s3cr3t@git.example.com/shop.git"
  ),
  BadCase("a branch for the ledger", "push", "--ref", "refs/heads/ledger"),
  BadCase("a ref that is none", "pull", "--ref", "ledger"),
  BadCase("nothing recorded to push", "push", "--ledger", "gone.db"),
  BadCase("a ref of somebody else", "pull", "--ref", "refs/tally/foreign"),
  BadCase("a ref of somebody else to push to", "push", "--ref", "refs/tally/foreign"),
  BadCase("folders on the ref", "pull", "--ref", "refs/tally/folders"),
  BadCase("a bundle missing on the ref", "pull", "--ref", "refs/tally/gap"),
  BadCase("a bundle under another's name", "pull", "--ref", "refs/tally/forged"),
  BadCase("a bundle in another place of the log", "pull", "--ref", "refs/tally/moved"),
  BadCase("a forged bundle to push behind", "push", "--ref", "refs/tally/forged"),
  BadCase(
    "another project on the ref",
    "pull",
    "--config",
    "bad/billing.yml",
    "--ref",
    "refs/tally/copy"
  ),
  BadCase(
    "another project to record on the ref",
    "ingest",
    "late.sarif",
    "--push",
    "--config",
    "bad/billing.yml",
    "--ref",
    "refs/tally/copy"
  ),
  BadCase("a hook that refuses", "push", "--remote", "../closed.git"),
  BadCase("a missing bundle", "ingest", "--bundle", "gone.tally"),
  BadCase("a bundle that is none", "ingest", "--bundle", "lint.sarif"),
  BadCase("a truncated bundle", "ingest", "--bundle", "cut.tally"),
  BadCase("a bundle with a changed byte", "ingest", "--bundle", "changed.tally"),
  BadCase("a newer bundle", "ingest", "--bundle", "newer.tally"),
  BadCase("a bundle about another commit", "ingest", "--bundle", "one.tally", "--commit", "HEAD~1"),
  BadCase("a bundle about the own branch", "ingest", "--bundle", "one.tally"),
  BadCase("a bundle about another branch", "ingest", "--bundle", "one.tally", "--branch", "fork"),
  BadCase(
    "a kind of entry that is none",
    "ingest",
    "--bundle",
    "one.tally",
    "--allow",
    "waivers"
  ),
  BadCase("nothing for a bundle", "bundle", "-o", "scans.tally"),
  BadCase(
    "a bundle into a missing folder",
    "bundle",
    "-o",
    "gone/scans.tally",
    "--ledger",
    "one.db"
  ),
  BadCase("drivers outside of a clone", "install-git-drivers").in("plain"),
]

extension Sandbox {
  /// Makes remotes and bundles that the cases name.
  func makeShares() throws {
    try write("version: 1\nproject: billing\n", to: "bad/billing.yml")
    let script = """
      set -e
      export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x
      git init -q --bare -b main ../shop.git
      git remote add origin ../shop.git
      "$TALLY" push
      git init -q --bare -b main ../closed.git
      mkdir -p ../closed.git/hooks
      printf '#!/bin/sh\\ncat >/dev/null\\necho only releases may be pushed >&2\\nexit 1\\n' > ../closed.git/hooks/pre-receive
      chmod +x ../closed.git/hooks/pre-receive
      "$TALLY" ingest lint.sarif --ledger one.db
      "$TALLY" bundle -o one.tally --ledger one.db
      cd ../shop.git
      git update-ref refs/tally/copy refs/tally/ledger
      blob=$(git ls-tree refs/tally/ledger | cut -c13-52)
      name=$(git ls-tree --name-only refs/tally/ledger)
      put() { git update-ref "$1" "$(git commit-tree "$(git mktree)" -m x)"; }
      printf '100644 blob %s\\tREADME.md\\n' "$blob" | put refs/tally/foreign
      tree=$(git rev-parse refs/tally/ledger^{tree})
      printf '040000 tree %s\\tsrc\\n' "$tree" | put refs/tally/folders
      id=$(printf '%s' "$name" | cut -d- -f3)
      printf '100644 blob %s\\t0000000004-0000000007-%s\\n' "$blob" "$id" | put refs/tally/gap
      printf '100644 blob %s\\t%.22s%064d\\n' "$blob" "$name" 0 | put refs/tally/forged
      printf '100644 blob %s\\t0000000000-0000000003-%s\\n' "$blob" "$id" | put refs/tally/moved
      """
    let outcome = try shell(script)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let bundle = try #require(bytes("one.tally"))
    try write(bundle.prefix(bundle.count / 2), to: "cut.tally")
    var changed = bundle
    changed[changed.count / 2] ^= 0x20
    try write(changed, to: "changed.tally")
    // The version follows the name of the domain.
    var newer = bundle
    newer[13] = 2
    try write(newer, to: "newer.tally")
  }
}
