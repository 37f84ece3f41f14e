import TallyBooks
import TallyModel
import Testing

/// Which of several scans of one commit count: what says one thing together, and what is later.
@Suite("Supersession")
struct SupersessionTests {
  private func counting(_ scans: [ScanFact]) -> Set<EntryID> {
    let forward = Supersession(scans)
    #expect(forward == Supersession(scans.reversed()))
    #expect(forward.counting.count + forward.superseded.count == scans.count)
    return Set(forward.counting.map(\.id))
  }

  @Test("of different runs the later counts, by the times that the reports claim")
  func claimedTimes() {
    var world = World()
    let second = world.scan("c", rows: [], ended: 200, recorded: 10)
    let first = world.scan("c", rows: ["x.py:1 R 1"], ended: 100, recorded: 20)
    #expect(counting([first, second]) == [second.id])
  }

  @Test("a time that was not yet when the report was recorded is none")
  func claimedTimeAhead() {
    var world = World()
    let day: Int64 = 86_400
    let ahead = world.scan("c", rows: [], ended: 3 * day, recorded: day)
    let later = world.scan("c", rows: ["x.py:1 R 1"], ended: 2 * day, recorded: 2 * day)
    #expect(counting([ahead, later]) == [later.id])
    // Clocks differ by as much as a day.
    let near = world.scan("c", rows: ["y.py:1 R 2"], ended: 3 * day, recorded: 2 * day)
    #expect(counting([near, later]) == [near.id])
  }

  @Test("then by the numbers of the runs, and else by the time at which they were recorded")
  func order() {
    var world = World()
    func run(_ number: Int) -> CIRun {
      CIRun(series: "ci", id: "\(number)", order: number, attempt: 1)
    }
    let early = world.scan("c", rows: [], recorded: 10, run: run(8))
    let late = world.scan("c", rows: ["x.py:1 R 1"], recorded: 20, run: run(7))
    #expect(counting([early, late]) == [early.id])
    let local = world.scan("c", rows: ["x.py:2 R 2"], recorded: 30)
    // A run of CI and one by hand have no numbers to compare.
    #expect(counting([early, late, local]) == [local.id])
  }

  @Test("where nothing says which is later, both count: no hash decides")
  func unknownOrder() {
    var world = World()
    let one = world.scan("c", rows: ["x.py:1 R 1"], recorded: 10)
    let other = world.scan("c", rows: ["y.py:1 R 2"], recorded: 10)
    #expect(counting([one, other]) == [one.id, other.id])
  }

  @Test("jobs of one run unite, and of a later try only what broke off is replaced")
  func attempts() {
    var world = World()
    func run(_ attempt: Int) -> CIRun { CIRun(series: "ci", id: "1", order: 1, attempt: attempt) }
    let left = world.scan("c", rows: ["a.py:1 R 1"], recorded: 10, run: run(1))
    let broken = world.scan("c", rows: [], succeeded: false, recorded: 11, run: run(1))
    #expect(counting([left, broken]) == [left.id, broken.id])
    let again = world.scan("c", rows: ["b.py:1 R 2"], recorded: 30, run: run(2))
    #expect(counting([left, broken, again]) == [left.id, again.id])
  }

  @Test("a later scan of less leaves the earlier one its rest; one that broke off replaces nothing")
  func scopes() {
    var world = World()
    let whole = world.scan("c", rows: [], recorded: 10)
    let part = world.scan("c", rows: [], scope: ["a/**"], recorded: 20)
    let failed = world.scan("c", rows: [], succeeded: false, recorded: 30)
    #expect(counting([whole, part]) == [whole.id, part.id])
    #expect(counting([whole, failed]) == [whole.id, failed.id])
    let later = world.scan("c", rows: [], recorded: 40, run: nil)
    #expect(counting([part, later]) == [later.id])
    let left = world.scan("c", rows: [], scope: ["b/**"], recorded: 50)
    #expect(counting([part, left]) == [part.id, left.id])
  }
}
