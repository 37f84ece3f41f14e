import TallyBooks
import TallyModel
import Testing

@Suite("Supersession")
struct SupersessionTests {
  private func winner(_ scans: [ScanFact]) -> [String] {
    let forward = Supersession(scans)
    let backward = Supersession(scans.reversed())
    #expect(forward == backward)
    return forward.counting.map { $0.record.scope.joined(separator: ",") + " " + $0.importer }
  }

  @Test("success beats failure, wide beats narrow, new importers beat old, then the greater id")
  func order() {
    var world = World()
    let whole = world.scan("c", rows: [], tag: "1")
    let part = world.scan("c", rows: [], scope: ["a/**"])
    let failed = world.scan("c", rows: [], succeeded: false)
    let newer = world.scan("c", rows: [], importer: "sarif/2")
    #expect(winner([part, whole]) == [" sarif/1"])
    #expect(winner([part, failed]) == ["a/** sarif/1"])
    #expect(winner([whole, newer]) == [" sarif/2"])
    let twin = world.scan("c", rows: ["x.py:1 R 1"], tag: "2")
    let decided = Supersession([whole, twin])
    #expect(decided.counting.map(\.id) == [max(whole.id, twin.id)])
    #expect(decided.superseded.map(\.id) == [min(whole.id, twin.id)])
    #expect(decided.contradictions.count == 1)
    #expect(Supersession([whole, part]).contradictions.isEmpty)
  }

  @Test(
    "disjoint scopes unite; one that overlaps a shard is superseded by it or the other way round"
  )
  func shards() {
    var world = World()
    let left = world.scan("c", rows: [], scope: ["a/**"])
    let right = world.scan("c", rows: [], scope: ["b/**"])
    let narrow = world.scan("c", rows: [], scope: ["a/x/**"])
    let failed = world.scan("c", rows: [], scope: ["b/**"], succeeded: false)
    #expect(Set(winner([left, right])) == ["a/** sarif/1", "b/** sarif/1"])
    #expect(Set(winner([left, narrow, right])) == ["a/** sarif/1", "b/** sarif/1"])
    #expect(Set(winner([narrow, failed])) == ["a/x/** sarif/1", "b/** sarif/1"])
    let holes = world.scan(
      "c",
      rows: [],
      scope: ["a/**"],
      notices: [
        ScanNotice(level: .error, path: World.path("a/x"), message: SimFactWriter.text("no"))
      ],
      importer: "sarif/9"
    )
    #expect(winner([left, holes]) == ["a/** sarif/1"])
  }
}
