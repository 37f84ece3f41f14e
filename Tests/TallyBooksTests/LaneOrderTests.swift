import TallyBooks
import TallyModel
import Testing

@Suite("Order in a lane")
struct LaneOrderTests {
  private func order(_ world: World, _ names: [String]) throws -> [LaneOrder.Place] {
    let nodes = names.map {
      LaneOrder.Node(commit: World.commit($0), fallbackTime: nil, sequence: nil)
    }
    return try LaneOrder.places(of: nodes, facts: world.facts)
  }

  private func names(_ places: [LaneOrder.Place], _ all: [String]) -> [String] {
    places.map { place in all.first { World.commit($0) == place.commit } ?? "?" }
  }

  @Test("follows ancestry through commits that were not scanned, even against the clock")
  func ancestry() throws {
    var world = World()
    world.commit("a", time: 500)
    world.commit("b", parents: ["a"], time: 100)
    world.commit("c", parents: ["b"], time: 50)
    world.commit("d", parents: ["c"], time: 60)
    let all = ["d", "a", "c"]
    let places = try order(world, all)
    #expect(names(places, all) == ["a", "c", "d"])
    #expect(places.map(\.time.seconds) == [500, 500, 500])
    #expect(places.allSatisfy { $0.isOnLine })
  }

  @Test("orders by time, then sequence, then id, where git was never asked")
  func withoutGit() throws {
    let world = World()
    let nodes = [("x", 30, nil), ("y", 10, nil), ("z", nil, 7), ("w", nil, 3), ("v", nil, nil)].map
    {
      LaneOrder.Node(
        commit: World.commit($0.0),
        fallbackTime: $0.1.map { Timestamp(seconds: Int64($0)) },
        sequence: $0.2
      )
    }
    let all = ["v", "w", "x", "y", "z"]
    for _ in 0..<5 {
      let places = try LaneOrder.places(of: nodes.shuffled(), facts: world.facts)
      #expect(names(places, all) == ["v", "w", "z", "y", "x"])
      #expect(places.allSatisfy { $0.isOnLine })
    }
  }

  @Test("a commit is not earlier than its parents, scanned or not")
  func parentsTime() throws {
    var world = World()
    world.commit("parent", parents: ["?"], time: 500)
    world.commit("child", parents: ["parent"], time: 50)
    world.commit("other", parents: ["!"], time: 100)
    let all = ["child", "other"]
    let places = try order(world, all)
    #expect(names(places, all) == ["other", "child"])
    #expect(places.map(\.time.seconds) == [100, 500])
  }

  @Test("takes a rebased commit off line")
  func rebased() throws {
    var world = World()
    world.commit("root", time: 1)
    world.commit("old", parents: ["root"], time: 10)
    world.commit("new", parents: ["root"], time: 20)
    let all = ["root", "old", "new"]
    let places = try order(world, all)
    #expect(names(places, all) == ["root", "old", "new"])
    #expect(places.map(\.isOnLine) == [true, false, true])
  }

  @Test("a commit that was merged in is off the first-parent line, but ordered before the merge")
  func merged() throws {
    var world = World()
    world.commit("root", time: 1)
    world.commit("main", parents: ["root"], time: 10)
    world.commit("topic", parents: ["root"], time: 90)
    world.commit("merge", parents: ["main", "topic"], time: 80)
    let all = ["merge", "topic", "main"]
    let places = try order(world, all)
    #expect(names(places, all) == ["main", "topic", "merge"])
    #expect(places.map(\.isOnLine) == [true, false, true])
    #expect(places.map(\.time.seconds) == [10, 90, 90])
  }

  @Test("a gap in what is known takes nothing off line")
  func gap() throws {
    var world = World()
    world.commit("b", parents: ["a?"], time: 10)
    world.commit("d", parents: ["c?"], time: 20)
    let all = ["d", "b", "e"]
    let places = try order(world, all)
    #expect(names(places, all) == ["e", "b", "d"])
    #expect(places.allSatisfy { $0.isOnLine })
    // The parent of both is the same: only one of them can be on the line.
    world.commit("b", parents: ["a?"], time: 10)
    world.commit("d", parents: ["a?"], time: 20)
    let siblings = try order(world, ["b", "d"])
    #expect(siblings.map(\.isOnLine) == [false, true])
  }

  @Test("survives facts that claim a cycle")
  func cycle() throws {
    var world = World()
    world.commit("a", parents: ["b"], time: 1)
    world.commit("b", parents: ["a"], time: 2)
    let places = try order(world, ["a", "b"])
    #expect(places.count == 2)
  }

  /// Method: random graphs with merges and gaps; ancestors come first, times never fall, and shuffled input gives the same.
  @Test("is a function of the facts")
  func property() throws {
    for seed in UInt64(1)...100 {
      var random = SplitMix64(seed: seed)
      var world = World()
      var parents: [Int: [Int]] = [:]
      for index in 0..<12 {
        var own: Set<Int> = []
        if index > 0 { for _ in 0...random.below(2) { own.insert(random.below(index)) } }
        parents[index] = own.sorted(by: >)
        if random.chance(85) {
          world.commit(
            "\(index)",
            parents: own.sorted(by: >).map(String.init),
            time: Int64(random.below(1_000))
          )
        }
      }
      let all = (0..<12).filter { _ in random.chance(60) }.map(String.init)
      let nodes = all.map {
        LaneOrder.Node(commit: World.commit($0), fallbackTime: nil, sequence: nil)
      }
      let places = try LaneOrder.places(of: nodes, facts: world.facts)
      let again = try LaneOrder.places(of: nodes.shuffled(using: &random), facts: world.facts)
      #expect(again == places)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.time <= $1.time })
      let ranks = Dictionary(
        places.enumerated().map { ($0.element.commit, $0.offset) },
        uniquingKeysWith: { first, _ in first }
      )
      func ancestors(_ commit: CommitID) -> Set<CommitID> {
        var found: Set<CommitID> = []
        var stack = [commit]
        while let next = stack.popLast() {
          for parent in world.facts.commits[next]?.parents ?? []
          where found.insert(parent).inserted {
            stack.append(parent)
          }
        }
        return found
      }
      for place in places {
        for ancestor in ancestors(place.commit) {
          if let earlier = ranks[ancestor], let later = ranks[place.commit] {
            #expect(earlier < later, "seed \(seed)")
          }
        }
      }
      #expect(places.last?.isOnLine ?? true)
    }
  }

  @Test("appends only what comes last")
  func appending() throws {
    var world = World()
    world.commit("a", time: 10)
    world.commit("b", parents: ["a"], time: 20)
    world.commit("c", parents: ["b"], time: 30)
    world.commit("x", parents: ["a"], time: 40)
    let first = world.scan("a", rows: [])
    _ = first
    let books = try world.books()
    let head = try #require(books.head())
    let later = world.scan("c", rows: [])
    func can(_ scan: ScanFact, after head: LanePosition) throws -> Bool {
      try LaneOrder.appending([scan], after: head, facts: world.facts) != nil
    }
    func can(_ scan: ScanFact, after head: LanePosition, referenced: Bool) throws -> Bool {
      try LaneOrder.appending(
        [scan],
        after: head,
        facts: world.facts,
        isReferenced: { _ in referenced }
      ) != nil
    }
    #expect(true == (try can(later, after: head)))
    let sibling = world.scan("x", rows: [])
    let onHead = try #require(try world.books().head())
    #expect(false == (try can(later, after: onHead)))
    #expect(false == (try can(sibling, after: onHead)))
    let unknown = world.scan("u", rows: [], ended: 99)
    #expect(false == (try can(unknown, after: onHead)))
    #expect(true == (try can(unknown, after: onHead, referenced: false)))
    #expect(false == (try can(unknown, after: onHead, referenced: true)))
  }

  /// Method: random graphs; wherever appending is allowed, the whole order confirms it.
  @Test("what may be appended is last in the whole order, and moves nothing else")
  func appendingIsSound() throws {
    var count = 0
    for seed in UInt64(1)...300 {
      var random = SplitMix64(seed: seed)
      var world = World()
      var scanned: [ScanFact] = []
      for index in 0..<8 {
        var own: [Int] = []
        if index > 0, random.chance(90) { own.append(max(0, index - 1 - random.below(2))) }
        if index > 1, random.chance(20) { own.append(random.below(index)) }
        let isKnown = random.chance(90)
        if isKnown {
          world.commit(
            "\(index)",
            parents: own.map { random.chance(10) ? "gap \($0)" : "\($0)" },
            time: Int64(index * 10 + random.below(15))
          )
        }
        guard random.chance(70) else { continue }
        let before = try LaneOrder.positions(of: world.lane, scans: scanned, facts: world.facts)
        let scan = world.scan(
          "\(index)",
          rows: [],
          ended: isKnown ? nil : Int64(index * 10)
        )
        scanned.append(scan)
        let after = try LaneOrder.positions(of: world.lane, scans: scanned, facts: world.facts)
        guard let last = before.last else { continue }
        let referenced = Set(world.facts.commits.values.flatMap(\.parents))
        let head = LanePosition(
          lane: world.lane,
          index: last.index,
          commit: last.commit,
          time: last.time,
          scans: [],
          superseded: [],
          succeeded: true,
          onLine: last.isOnLine,
          coversAll: true
        )
        let candidate = try LaneOrder.appending(
          [scan],
          after: head,
          facts: world.facts,
          isReferenced: { referenced.contains($0) }
        )
        guard let candidate else { continue }
        count += 1
        let expected = before.map { "\($0.commit) \($0.time) \($0.isOnLine)" }
        let found = after.dropLast().map { "\($0.commit) \($0.time) \($0.isOnLine)" }
        #expect(found == expected, "seed \(seed)")
        #expect(after.last?.commit == candidate.commit, "seed \(seed)")
        #expect(after.last?.time == candidate.time, "seed \(seed)")
        #expect(after.last?.isOnLine == true, "seed \(seed)")
      }
    }
    #expect(count > 300)
  }
}
