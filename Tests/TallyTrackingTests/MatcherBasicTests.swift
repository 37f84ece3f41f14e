import TallyModel
import TallyTracking
import Testing

/// What every version of the matcher must get right.
@Suite("Matcher: basics")
struct MatcherBasicTests {
  let source = Marked(
    """
    import redis
    from app import manager

    def first():
        client = 1️⃣redis.Redis(host="a")
        return client.get("x")

    def second():
        client = 2️⃣redis.Redis(host="a")
        return client.get("x")

    def third(name):
        pool = 3️⃣redis.from_url(name)
        return pool
    """
  )

  @Test("a scan matches itself, with and without text and blobs")
  func selfMatch() {
    for (hasBlob, hasText) in [(true, true), (true, false), (false, true), (false, false)] {
      let file = source.file(hasBlob: hasBlob, hasText: hasText)
      #expect(markedLinks(file, file) == ["1-1", "2-2", "3-3"])
    }
  }

  @Test("fixing one of two twins closes that twin")
  func twins() {
    let fixedFirst = Marked(
      """
      import redis
      from app import manager

      def first():
          client = manager.get("a")
          return client.get("x")

      def second():
          client = 2️⃣redis.Redis(host="a")
          return client.get("x")

      def third(name):
          pool = 3️⃣redis.from_url(name)
          return pool
      """
    )
    for hasText in [true, false] {
      let links = markedLinks(source.file(hasText: hasText), fixedFirst.file(hasText: hasText))
      #expect(links == ["2-2", "3-3"], "text: \(hasText)")
    }
  }

  @Test("a renamed file keeps its violations")
  func rename() {
    let old = source.file("a.py", hasBlob: true)
    let new = source.file("lib/b.py", hasBlob: true)
    #expect(markedLinks(old, new) == ["1-1", "2-2", "3-3"])
  }
}
