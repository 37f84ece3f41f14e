import TallyModel
import Testing

@testable import TallyGit

/// What is said about remotes that do not do what was asked.
@Suite struct RemoteTests {
  /// Method: what git, ssh and curl print for each host and reason, as they print it; the code tells them apart.
  @Test(
    "messages of hosts are told apart",
    arguments: [
      (
        "https://github.com/o/r.git",
        "remote: Permission to o/r.git denied to github-actions[bot].\n"
          + "fatal: unable to access 'https://github.com/o/r.git/': The requested URL returned error: 403",
        "remote.not-allowed", "'permissions: contents: write' in the workflow"
      ),
      (
        "https://gitlab.com/g/p.git",
        "remote: You are not allowed to push code to this project.\n"
          + "fatal: unable to access 'https://gitlab.com/g/p.git/': The requested URL returned error: 403",
        "remote.not-allowed", "a project access token with write_repository"
      ),
      (
        "https://bitbucket.org/g/p.git",
        "fatal: unable to access 'https://bitbucket.org/g/p.git/': The requested URL returned error: 403",
        "remote.not-allowed", "a repository access token with repository:write"
      ),
      (
        "https://dev.azure.com/o/p/_git/r",
        "remote: TF401027: You need the Git 'GenericContribute' permission to perform this action.",
        "remote.not-allowed", "Contribute and Create branch for the build service"
      ),
      (
        "git@github.com:o/r.git",
        "ERROR: Permission to o/r.git denied to deploy key\n"
          + "fatal: Could not read from remote repository.",
        "remote.not-allowed", "contents: write"
      ),
      (
        "https://gitlab.com/g/p.git",
        "remote: HTTP Basic: Access denied. The provided password or token is incorrect\n"
          + "fatal: Authentication failed for 'https://gitlab.com/g/p.git/'",
        "remote.not-authenticated", "project access token"
      ),
      (
        "https://github.com/o/r.git",
        "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
        "remote.not-authenticated", "actions/checkout leaves credentials"
      ),
      (
        "git@github.com:o/r.git",
        "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.",
        "remote.not-authenticated", "git ls-remote"
      ),
      (
        "git@github.com:o/r.git",
        "ERROR: Repository not found.\nfatal: Could not read from remote repository.",
        "remote.no-repository", "private repository"
      ),
      (
        "ssh://git@git.example.com/r.git",
        "ssh: Could not resolve hostname git.example.com: Name or service not known\n"
          + "fatal: Could not read from remote repository.",
        "remote.no-network", "nothing is lost"
      ),
      (
        "ssh://git@git.example.com:2222/r.git",
        "ssh: connect to host git.example.com port 2222: Connection refused",
        "remote.no-network", "nothing is lost"
      ),
      (
        "https://git.example.com/r.git",
        "fatal: the remote end hung up unexpectedly",
        "remote.failed", "git ls-remote"
      ),
    ]
  )
  func messages(_ address: String, _ message: String, _ code: String, _ hint: String) {
    let error = RemoteError.diagnose(
      .write,
      message: message,
      address: RemoteAddress(address),
      ref: "refs/tally/ledger"
    )
    #expect(error.code == code)
    #expect(error.hint?.contains(hint) == true, "\(error.hint ?? "none")")
    #expect(!error.description.hasSuffix("."))
  }

  @Test("addresses lose user names and passwords wherever they stand")
  func secrets() {
    let cases = [
      (
        "fatal: unable to access 'https://ci:t0ken@host/x.git/': no",
        "fatal: unable to access 'https://host/x.git/': no"
      ),
      ("https://t0ken@host", "https://host"),
      (
        "http://a:b@c@host/x?y=z@w then ssh://git@host:22/x",
        "http://host/x?y=z@w then ssh://host:22/x"
      ),
      ("https://ci:p%40ss@[::1]:8443/x", "https://[::1]:8443/x"),
      ("://@", "://"), ("://", "://"), ("nothing", "nothing"), ("a@b://c@d", "a@b://d"),
      ("https://host/x@y", "https://host/x@y"),
    ]
    for (text, expected) in cases {
      #expect(RemoteAddress.withoutSecrets(text) == expected)
    }
    #expect(RemoteAddress.holdsSecret("https://t0ken@host/x"))
    #expect(RemoteAddress.holdsSecret("ssh://git:pass@host/x"))
    #expect(!RemoteAddress.holdsSecret("ssh://git@host/x"))
    #expect(!RemoteAddress.holdsSecret("git@host:x"))
    #expect(!RemoteAddress.holdsSecret("https://host/x@y"))
  }

  @Test(
    "names that a ledger's ref cannot have are refused",
    arguments: [
      "refs/heads/main", "refs/tags/v1", "refs/remotes/origin/x", "ledger", "refs/tally", "refs//x",
      "refs/tally/a..b", "refs/tally/.x", "refs/tally/x.lock", "refs/tally/a b", "refs/tally/a:b",
      "refs/tally/-\u{7F}", "+refs/tally/x",
    ]
  )
  func refs(_ ref: String) async throws {
    let repository = try GitBuilder()
    let opened = try await Repository.open(
      at: repository.folder,
      environment: GitBuilder.environment
    )
    await #expect(throws: RemoteError.badRef(ref)) {
      _ = try await RemoteRef.open(
        remote: "https://host/x.git",
        ref: ref,
        repository: opened,
        scratch: "",
        environment: GitBuilder.environment,
        now: Timestamp(seconds: 0)
      )
    }
  }
}
