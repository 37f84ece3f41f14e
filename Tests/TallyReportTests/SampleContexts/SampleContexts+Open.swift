import TallyReport

extension SampleContexts {
  static func open(
    _ id: String,
    _ priority: String,
    _ path: String,
    _ line: Int,
    message: String = "Import the client from its manager",
    owner: String = "",
    since: String = "2026-09-04T09:00:00Z"
  ) -> ReportContext.OpenViolation {
    var violation = ReportContext.OpenViolation()
    violation.id = id
    violation.rule = "TID251"
    violation.level = "error"
    violation.path = path
    violation.line = line
    violation.message = message
    violation.priority = priority
    violation.owner = owner
    violation.since = since
    return violation
  }

  /// The first five of 34, one of them about no file, one without a line, one without words.
  static var fullOpen: [ReportContext.OpenViolation] {
    var result = [
      open("T-7K3QF2", "P1", "netra_backend/app/agents/registry.py", 12, owner: "@backend"),
      open("T-2MB8XA", "P1", "netra_backend/app/agents/registry.py", 40, owner: "@backend"),
      open("T-9QXW10", "P2", "netra_backend/app/startup/profilers.py", 0, since: "2026-11-02"),
      open("T-0AB8XZ", "P2", "", 0),
      open("T-5GM000", "P3", "tests/conftest.py", 7, message: "", owner: "@quality"),
    ]
    result[0].url = "https://github.com/example/netra/blob/4d3a443fc/registry.py#L12"
    return result
  }
}
