import TallyModel

extension CIEnvironment {
  /// What a system says of the run that a job belongs to; nil where it names none.
  ///
  /// Jobs of one run have one id, also those of a matrix. Numbers of one series grow from run to run.
  static func run(_ provider: CIProvider, _ environment: [String: String]) -> CIRun? {
    func number(_ variable: EnvironmentVariable) -> Int? {
      environment[variable].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
    }
    func make(
      _ id: String?,
      series: String? = nil,
      order: Int? = nil,
      attempt: Int? = nil
    ) -> CIRun? {
      guard let id else { return nil }
      return CIRun(
        series: series.map { "\(provider.rawValue)/\($0)" } ?? provider.rawValue,
        id: id,
        order: order,
        attempt: max(1, attempt ?? 1)
      )
    }
    switch provider {
    case .githubActions:
      // Run numbers count within a workflow.
      return make(
        environment[.githubRunID],
        series: environment[.githubWorkflow],
        order: number(.githubRunNumber),
        attempt: number(.githubRunAttempt)
      )
    case .gitlab: return make(environment[.ciPipelineID], order: number(.ciPipelineID))
    case .jenkins:
      return make(
        environment[.buildNumber],
        series: environment[.jobName],
        order: number(.buildNumber)
      )
    case .azurePipelines:
      return make(
        environment[.buildBuildID],
        order: number(.buildBuildID),
        attempt: number(.systemJobAttempt)
      )
    case .buildkite:
      return make(
        environment[.buildkiteBuildID] ?? environment[.buildkiteBuildNumber],
        series: environment[.buildkitePipelineSlug],
        order: number(.buildkiteBuildNumber),
        attempt: number(.buildkiteRetryCount).map { $0 + 1 }
      )
    case .circleci:
      return make(environment[.circleWorkflowID], order: number(.circleBuildNumber))
    case .bitbucket:
      return make(environment[.bitbucketBuildNumber], order: number(.bitbucketBuildNumber))
    case .travis: return make(environment[.travisBuildID], order: number(.travisBuildNumber))
    case .drone: return make(environment[.droneBuildNumber], order: number(.droneBuildNumber))
    }
  }
}
