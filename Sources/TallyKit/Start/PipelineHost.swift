/// A CI system that `tally init` writes lines for.
public enum PipelineHost: String, Sendable, Hashable, CaseIterable {
  case githubActions = "github-actions"
  case gitlab
  case jenkins
  case azurePipelines = "azure-pipelines"
  case buildkite
  case circleci

  /// What people call it.
  public var title: String {
    switch self {
    case .githubActions: "GitHub Actions"
    case .gitlab: "GitLab CI/CD"
    case .jenkins: "Jenkins"
    case .azurePipelines: "Azure Pipelines"
    case .buildkite: "Buildkite"
    case .circleci: "CircleCI"
    }
  }

  /// Files and folders (ending in a slash) that say that it is used.
  var traces: [String] {
    switch self {
    case .githubActions: [".github/workflows/"]
    case .gitlab: [".gitlab-ci.yml"]
    case .jenkins: ["Jenkinsfile"]
    case .azurePipelines: ["azure-pipelines.yml", "azure-pipelines.yaml"]
    case .buildkite: [".buildkite/"]
    case .circleci: [".circleci/config.yml"]
    }
  }

  /// The file that its lines can stand in on their own; nil where they have to go into the host's only file.
  var file: String? {
    switch self {
    case .githubActions: ".github/workflows/tally.yml"
    case .gitlab: ".gitlab/tally.yml"
    case .azurePipelines: ".azure/tally.yml"
    case .buildkite: ".buildkite/tally.yml"
    case .jenkins, .circleci: nil
    }
  }

  /// What else has to be done for the lines to run.
  var remark: String {
    switch self {
    case .githubActions:
      "set the repository's variables TALLY_ARCHIVE and TALLY_SHA256 to where the program is"
    case .gitlab: "add to .gitlab-ci.yml: include: [{local: .gitlab/tally.yml}]"
    case .jenkins: "put the stage into the Jenkinsfile, after the checkout"
    case .azurePipelines: "add to the steps of azure-pipelines.yml: - template: .azure/tally.yml"
    case .buildkite:
      "add to the pipeline: - command: buildkite-agent pipeline upload .buildkite/tally.yml"
    case .circleci: "put the job into .circleci/config.yml and name it in a workflow"
    }
  }
}

/// The lines for one CI system.
struct Pipeline: Sendable, Hashable {
  /// What a shell runs to have the program where the runner's image does not hold it; TALLY_ARCHIVE is the address of
  /// the tarball that `make dist` makes, TALLY_SHA256 its checksum.
  static let installation = [
    "if ! command -v tally >/dev/null; then",
    "  curl -fsSL \"$TALLY_ARCHIVE\" -o tally.tar.gz",
    "  echo \"$TALLY_SHA256  tally.tar.gz\" | sha256sum -c -",
    "  mkdir -p \"$HOME/.local\"",
    "  tar -xzf tally.tar.gz --strip-components=1 -C \"$HOME/.local\"",
    "  export PATH=\"$HOME/.local/bin:$PATH\"",
    "fi",
  ]

  /// What a shell that stops at the first failure runs.
  let script: [String]

  /// The script that scans, records and holds the gate.
  ///
  /// - Parameters:
  ///   - commands: The scanners' and tests' command lines.
  ///   - reports: What they write; made of plain characters.
  ///   - branch: The branch that the gate compares with; made of plain characters.
  init(commands: [String], reports: [String], branch: String) {
    let files = reports.isEmpty ? "REPORT.sarif" : reports.joined(separator: " ")
    script =
      Self.installation + commands + [
        "# If only changed files are scanned: --changed-since origin/\(branch), and a full checkout.",
        "tally ingest --push \(files)", "tally gate --base \(branch)",
      ]
    self.branch = branch
  }

  private let branch: String

  /// The text in the host's form, ending in a newline.
  func text(for host: PipelineHost) -> String {
    switch host {
    case .githubActions:
      """
      # Written by tally init: records every scan and holds the gate.
      name: tally
      on:
        push:
          branches: ["\(branch)"]
        pull_request:
      permissions:
        contents: write # the ledger is kept on the ref refs/tally/ledger
      jobs:
        tally:
          # What a fork sends may not write here; docs/ci.md says how its scans come in.
          if: github.event.pull_request.head.repo.fork != true
          runs-on: ubuntu-latest
          env:
            TALLY_ARCHIVE: ${{ vars.TALLY_ARCHIVE }}
            TALLY_SHA256: ${{ vars.TALLY_SHA256 }}
          steps:
            - uses: actions/checkout@v4
            # Install the scanners here.
            - shell: bash
              run: |
      \(lines(indentedBy: 10))
      """
    case .gitlab:
      """
      # Written by tally init: records every scan and holds the gate.
      # The project's CI/CD variables TALLY_ARCHIVE and TALLY_SHA256 say where the program is.
      tally:
        stage: test
        script:
          - |
      \(lines(indentedBy: 6))
      """
    case .jenkins:
      """
      // Written by tally init: records every scan and holds the gate.
      // TALLY_ARCHIVE and TALLY_SHA256 say where the program is.
      stage('Tally') {
        steps {
          sh '''
      \(lines(indentedBy: 6))    '''
        }
      }

      """
    case .azurePipelines:
      """
      # Written by tally init: records every scan and holds the gate.
      # The pipeline's variables TALLY_ARCHIVE and TALLY_SHA256 say where the program is.
      steps:
        - checkout: self
          persistCredentials: true
        - bash: |
            set -e
      \(lines(indentedBy: 6))    displayName: Tally

      """
    case .buildkite:
      """
      # Written by tally init: records every scan and holds the gate.
      # TALLY_ARCHIVE and TALLY_SHA256 say where the program is; a doubled $ is left to the shell.
      steps:
        - label: Tally
          command: |
            set -e
      \(lines(indentedBy: 6).replacing("$", with: "$$"))
      """
    case .circleci:
      """
      # Written by tally init: records every scan and holds the gate.
      # TALLY_ARCHIVE and TALLY_SHA256 say where the program is.
      jobs:
        tally:
          docker:
            - image: cimg/base:current
          steps:
            - checkout
            - run:
                name: Tally
                command: |
      \(lines(indentedBy: 12))
      """
    }
  }

  private func lines(indentedBy count: Int) -> String {
    let blanks = String(repeating: " ", count: count)
    return script.map { "\(blanks)\($0)\n" }.joined()
  }
}
