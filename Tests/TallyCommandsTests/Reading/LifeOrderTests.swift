import Foundation
import Testing

/// The life of a violation where commits have one time.
@Suite struct LifeOrderTests {
  @Test("what happened within one second is told in the order of the commits")
  func oneSecond() throws {
    let sandbox = try Sandbox()
    try sandbox.write("eval('1')\n", to: "a.py")
    try sandbox.commit("Start")
    try sandbox.scan()
    let id = try sandbox.violation("--path", "a.py")
    for (text, message) in [("pass\n", "Fix"), ("eval('1')\n", "Break"), ("pass\n", "Fix again")] {
      try sandbox.write(text, to: "a.py")
      try sandbox.git("commit", "-q", "-a", "-m", message)
      try sandbox.scan()
    }
    let events = try sandbox.json("show", id)["events"] as? [[String: Any]] ?? []
    #expect(Set(events.compactMap { $0["time"] as? String }).count == 1)
    #expect(
      events.compactMap { $0["what"] as? String } == [
        "brought forward", "fixed", "reopened", "fixed",
      ]
    )
  }
}
