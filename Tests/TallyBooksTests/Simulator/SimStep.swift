import TallyModel

/// What became of the file and the line of a violation.
struct SimFate {
  /// Where the file is now; nil where it is gone.
  let path: String?
  /// True when the file has the same text.
  let isSame: Bool
  /// True when the line is there as it was.
  let isUntouched: Bool
  /// True when a comment on the line silences the rule.
  let isSilenced: Bool
  /// True when any file changed since the file was last looked at.
  let hasOtherChanges: Bool
}

/// A violation that was looked for and is not reported.
struct SimGone {
  let identity: Int
  let rule: String
  /// Where it should be.
  let path: String
  /// Where it was seen last.
  let before: String
  let fate: SimFate
  /// True when it was not reported before either.
  let wasUnseen: Bool
  let isToolChanged: Bool
  /// A person says that the scans are complete.
  let isConfirmed: Bool
}

/// A violation that is reported and was not open before.
struct SimCame {
  let identity: Int
  let rule: String
  /// True when the file has the text that it had when it was last looked at.
  let isSame: Bool
  let isUntouched: Bool
  let hasOtherChanges: Bool
  /// False when no scan before looked at its file.
  let wasLookedAt: Bool
  let wasDeclaredOff: Bool
  let wasOmitted: Bool
  let isToolChanged: Bool
}

/// Why what came and went at one position did so, by the rules in `docs/books.md`.
struct SimStep {
  let view: SimView
  let looksFurther: Bool
  let gone: [SimGone]
  let came: [SimCame]
  /// The rules of what goes on to be reported in files that nobody edited, once for each finding.
  let kept: [String]
  /// The files of these findings, as they were before.
  let keptFiles: Set<String>

  /// A change of the tool touched a rule where anything of it came or went in files that nobody edited, and may have where there is nothing to
  /// see it by.
  private func isTouched(_ rule: String) -> Bool {
    gone.contains { $0.rule == rule && $0.fate.isSame && !$0.wasUnseen }
      || came.contains { $0.rule == rule && $0.isSame && $0.wasLookedAt } || !kept.contains(rule)
  }

  // MARK: Leaving

  /// What declares why a violation is not reported in a file that nobody edited.
  private func declared(_ gone: SimGone) -> (PostingKind, Basis)? {
    if view.declaresOff(gone.rule, in: gone.path) { return (.retired, .declared) }
    if gone.isToolChanged, isTouched(gone.rule) { return (.retired, .assumed) }
    if view.declares(gone.path) {
      return gone.fate.hasOtherChanges ? (.fixed, .indirect) : (.retired, .assumed)
    }
    return nil
  }

  /// What is missing in files that nobody edited, without an explanation.
  private var missing: [SimGone] {
    let all = gone.filter { $0.fate.isSame && declared($0) == nil && !$0.isConfirmed }
    // Something far away may have fixed it, unless a file or a rule fell silent or much is missing.
    let isMuch = all.count * 4 >= all.count + kept.count
    let isSilent = all.contains { !keptFiles.contains($0.before) || !kept.contains($0.rule) }
    if looksFurther, all.contains(where: \.fate.hasOtherChanges), !isMuch, !isSilent { return [] }
    return all
  }

  /// Why a violation is not reported any more; nil where that is not believed.
  func leaving(_ gone: SimGone) -> (PostingKind, Basis)? {
    if gone.fate.isSame { return leavingUnchanged(gone) }
    if gone.fate.isUntouched {
      if view.declaresOff(gone.rule, in: gone.path) { return (.retired, .declared) }
      if gone.isToolChanged, isTouched(gone.rule) { return (.retired, .assumed) }
    }
    if gone.fate.isSilenced { return (.suppressed, .direct) }
    if gone.fate.path == nil { return (.deleted, .direct) }
    return isDoubted(gone) ? nil : (.fixed, .direct)
  }

  /// Where findings are missing elsewhere, neither a file without any nor a rule without any is believed to be clean.
  private func isDoubted(_ gone: SimGone) -> Bool {
    let missing = missing
    if missing.isEmpty || gone.isConfirmed { return false }
    let isReported = view.isReported(gone.path)
    if missing.contains(where: { $0.rule == gone.rule }), !kept.contains(gone.rule) { return true }
    return !isReported && (kept.isEmpty || gone.fate.isUntouched)
  }

  private func leavingUnchanged(_ gone: SimGone) -> (PostingKind, Basis)? {
    if let declared = declared(gone) { return declared }
    if gone.isConfirmed {
      let isOff = view.omits(gone.rule, in: gone.path)
      return (gone.fate.hasOtherChanges && !isOff ? .fixed : .retired, .declared)
    }
    if missing.contains(where: { $0.identity == gone.identity }) { return nil }
    return gone.fate.hasOtherChanges ? (.fixed, .indirect) : (.retired, .assumed)
  }

  // MARK: Entering

  /// Why a violation is reported that was not open.
  func entering(_ came: SimCame) -> (PostingKind, Basis) {
    if !came.wasLookedAt {
      return came.isUntouched ? (.surfaced, .declared) : (.introduced, .direct)
    }
    if came.isUntouched {
      if came.wasDeclaredOff { return (.surfaced, .declared) }
      if came.isToolChanged, isTouched(came.rule) { return (.surfaced, .assumed) }
      // A rule of which nothing was found before, and now is in files that nobody edited.
      let isNew = self.came.contains { $0.rule == came.rule && $0.isSame && $0.wasOmitted }
      if isNew { return (.surfaced, .assumed) }
    }
    if !came.isSame { return (.introduced, .direct) }
    return came.hasOtherChanges && missing.isEmpty
      ? (.introduced, .indirect) : (.surfaced, .assumed)
  }
}
