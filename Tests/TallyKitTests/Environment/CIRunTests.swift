import TallyKit
import TallyModel
import Testing

/// What the jobs of one run have in common, and what tells which of two runs is later.
@Suite("Runs of CI systems")
struct CIRunTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let variables: [String: String]
    let run: CIRun?
    var testDescription: String { run.map { "\($0.series) \($0.id)" } ?? "none" }
  }

  @Test(
    "id, series, number and try are those that the system gives",
    arguments: [
      Case(
        variables: [
          "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "812", "GITHUB_RUN_NUMBER": "7",
          "GITHUB_WORKFLOW": "CI", "GITHUB_RUN_ATTEMPT": "2",
        ],
        run: CIRun(series: "github-actions/CI", id: "812", order: 7, attempt: 2)
      ),
      Case(
        variables: ["GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "812"],
        run: CIRun(series: "github-actions", id: "812", order: nil, attempt: 1)
      ),
      Case(variables: ["GITHUB_ACTIONS": "true"], run: nil),
      Case(
        variables: ["GITLAB_CI": "true", "CI_PIPELINE_ID": "91"],
        run: CIRun(series: "gitlab", id: "91", order: 91, attempt: 1)
      ),
      Case(
        variables: ["JENKINS_URL": "https://ci/", "JOB_NAME": "lint/main", "BUILD_NUMBER": "9"],
        run: CIRun(series: "jenkins/lint/main", id: "9", order: 9, attempt: 1)
      ),
      Case(
        variables: ["TF_BUILD": "True", "BUILD_BUILDID": "8", "SYSTEM_JOBATTEMPT": "3"],
        run: CIRun(series: "azure-pipelines", id: "8", order: 8, attempt: 3)
      ),
      Case(
        variables: [
          "BUILDKITE": "true", "BUILDKITE_BUILD_ID": "0190-aa", "BUILDKITE_BUILD_NUMBER": "3",
          "BUILDKITE_PIPELINE_SLUG": "netra", "BUILDKITE_RETRY_COUNT": "1",
        ],
        run: CIRun(series: "buildkite/netra", id: "0190-aa", order: 3, attempt: 2)
      ),
      Case(
        variables: ["CIRCLECI": "true", "CIRCLE_WORKFLOW_ID": "ab-1", "CIRCLE_BUILD_NUM": "5"],
        run: CIRun(series: "circleci", id: "ab-1", order: 5, attempt: 1)
      ),
      Case(
        variables: ["BITBUCKET_BUILD_NUMBER": "31"],
        run: CIRun(series: "bitbucket", id: "31", order: 31, attempt: 1)
      ),
      Case(
        variables: ["TRAVIS": "true", "TRAVIS_BUILD_ID": "44", "TRAVIS_BUILD_NUMBER": "12"],
        run: CIRun(series: "travis", id: "44", order: 12, attempt: 1)
      ),
      Case(
        variables: ["DRONE": "true", "DRONE_BUILD_NUMBER": "6"],
        run: CIRun(series: "drone", id: "6", order: 6, attempt: 1)
      ),
    ]
  )
  func systems(_ item: Case) {
    #expect(CIEnvironment.detect(item.variables)?.run == item.run)
  }
}
