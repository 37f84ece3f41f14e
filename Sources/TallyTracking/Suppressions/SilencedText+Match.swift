public import TallyModel

extension SilencedText {
  /// Finds among findings that vanished from a file those that a new comment of its text silences.
  ///
  /// A finding's window is looked for among the silenced tokens, with the comment left out, and with all suppression comments left out.
  /// It is found where all of it agrees, where the silenced line does, or one side and four tokens of the other. A place explains one
  /// finding of a kind; as many as the text before silenced already explain none. Where there are no tokens (a comment over the whole
  /// file, a secret, a finding without a window) the lines of the finding are compared with those of the comment.
  ///
  /// - Parameters:
  ///   - gone: Findings of the text before that are not reported any more.
  ///   - before: What the text before silenced, if that is known.
  ///   - tool: The canonical tool id, such as `ruff`.
  /// - Returns: Places in `gone`.
  public func silenced(
    _ gone: [TrackedFinding],
    before: SilencedText?,
    tool: String
  ) -> Set<Int> {
    let new = SilenceSearch(self)
    let old = before.map { SilenceSearch($0) }
    var result: Set<Int> = []
    var found: [Found] = []
    var limits: [Int: (places: [SilenceSearch.Place], before: Int)] = [:]
    for (index, item) in gone.enumerated() {
      if new.silencesLines(of: item, tool: tool) {
        if old?.silencesLines(of: item, tool: tool) != true { result.insert(index) }
        continue
      }
      let places = new.places(of: item, tool: tool)
      if places.isEmpty { continue }
      limits[index] = (places.map(\.place), old?.places(of: item, tool: tool).count ?? 0)
      found += places.map { Found(index: index, place: $0.place, score: $0.score) }
    }
    found.sort { ($1.score, $0.index, $0.place) < ($0.score, $1.index, $1.place) }
    var taken: Set<Taken> = []
    for candidate in found where !result.contains(candidate.index) {
      let finding = gone[candidate.index].finding
      func key(_ place: SilenceSearch.Place) -> Taken {
        Taken(place: place, rule: finding.rule, message: finding.message)
      }
      guard let limit = limits[candidate.index], !taken.contains(key(candidate.place)),
        limit.places.count(where: { !taken.contains(key($0)) }) > limit.before
      else { continue }
      taken.insert(key(candidate.place))
      result.insert(candidate.index)
    }
    return result
  }
}

/// A finding that may have stood at a place.
private struct Found {
  let index: Int
  let place: SilenceSearch.Place
  let score: Int
}

/// A place that explains a finding explains no other one of its kind.
private struct Taken: Hashable {
  let place: SilenceSearch.Place
  let rule: String
  let message: TextID
}

/// Looks for windows among the silenced tokens of a text.
private struct SilenceSearch {
  /// A token of a text that is silenced.
  struct Place: Hashable, Comparable {
    let silence: Int
    let token: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.silence, left.token) < (right.silence, right.token)
    }
  }

  /// The tokens of a silence without some of its comments.
  private struct View {
    /// Where each token stands in the silence.
    var origins: [Int] = []
    var tokens: [UInt16] = []
    var places = 0..<0
  }

  private let text: SilencedText
  private let views: [[View]]

  init(_ text: SilencedText) {
    self.text = text
    views = text.silences.map { silence in
      let own = SilenceSearch.view(silence) { $0.isOwn }
      if silence.asides.allSatisfy(\.isOwn) { return [own] }
      return [own, SilenceSearch.view(silence) { _ in true }]
    }
  }

  private static func view(
    _ silence: Silence,
    without isLeftOut: (Silence.Aside) -> Bool
  ) -> View {
    var view = View()
    var (low, high) = (0, 0)
    var asides = silence.asides.filter(isLeftOut)[...]
    for (index, token) in silence.tokens.enumerated() {
      if index == silence.first { low = view.tokens.count }
      if index == silence.first + silence.count { high = view.tokens.count }
      while let aside = asides.first, aside.start + aside.count <= index { asides.removeFirst() }
      if let aside = asides.first, aside.start <= index { continue }
      view.origins.append(index)
      view.tokens.append(token)
    }
    if silence.first + silence.count >= silence.tokens.count { high = view.tokens.count }
    view.places = low..<max(low, high)
    return view
  }

  /// Says whether a comment silences a finding by its lines, where tokens cannot tell.
  func silencesLines(of item: TrackedFinding, tool: String) -> Bool {
    let finding = item.finding
    let line = finding.region?.startLine ?? 1
    let isBlind = window(of: item) == nil
    return text.silences.contains { silence in
      (isBlind || silence.tokens.isEmpty)
        && silence.comment.silences(lines: line...line, tool: tool, rule: finding.rule)
    }
  }

  /// Where a finding may have stood, each place with how much of the window agrees.
  func places(of item: TrackedFinding, tool: String) -> [(place: Place, score: Int)] {
    guard let window = window(of: item) else { return [] }
    var result: [(place: Place, score: Int)] = []
    for (number, silence) in text.silences.enumerated() {
      let comment = silence.comment
      let lines = comment.firstLine...comment.firstLine
      guard !silence.tokens.isEmpty,
        comment.silences(lines: lines, tool: tool, rule: item.finding.rule)
      else { continue }
      var best: [Int: Int] = [:]
      for view in views[number] {
        for place in view.places where view.tokens[place] == window.right[0] {
          let isOneLine = comment.firstLine == comment.lastLine
          guard let score = Self.score(window, view, place, isOneLine: isOneLine) else { continue }
          let origin = view.origins[place]
          best[origin] = max(best[origin] ?? 0, score)
        }
      }
      result += best.sorted { $0.key < $1.key }
        .map { (Place(silence: number, token: $0.key), $0.value) }
    }
    return result
  }

  /// The window of a finding, where it can be compared.
  private func window(of item: TrackedFinding) -> TokenWindow? {
    guard let window = item.window, item.lexerVersion == text.lexerVersion, !window.right.isEmpty
    else { return nil }
    return window
  }

  private static func score(
    _ window: TokenWindow,
    _ view: View,
    _ place: Int,
    isOneLine: Bool
  ) -> Int? {
    var left = 0
    while left < window.left.count, left < place,
      window.left[window.left.count - 1 - left] == view.tokens[place - 1 - left]
    {
      left += 1
    }
    var right = 0
    while right < window.right.count, place + right < view.tokens.count,
      window.right[right] == view.tokens[place + right]
    {
      right += 1
    }
    let (isLeft, isRight) = (left == window.left.count, right == window.right.count)
    let onLine =
      isOneLine && view.places.count > 1
      && left >= min(place - view.places.lowerBound, window.left.count)
      && right >= min(view.places.upperBound - place, window.right.count)
    // Four tokens of the other side, or what there is of it.
    let isNear =
      (isLeft && right >= min(4, window.right.count))
      || (isRight && left >= min(4, window.left.count))
    guard onLine || isNear else { return nil }
    return left + right + (isLeft && isRight ? 100 : 0)
  }
}
