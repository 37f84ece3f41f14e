public import TallyModel

/// Finds out which files have another name now, by the lines they share: what git says where there is git.
///
/// As in git, a file that came has one origin, and a pair shares at least half of the larger file's bytes; the best pairs come first,
/// ties are decided by equal names, then by path. Lines are compared without white space.
public struct RenameFinder {
  /// From this similarity on, in percent, two files are held for one.
  public static let leastSimilarity = 50

  private struct File {
    let path: RepoPath
    /// How many bytes each line stands for, by its hash.
    let lines: [UInt64: Int]
    let size: Int
  }

  private var gone: [File] = []
  private var came: [File] = []

  /// Creates a finder without files.
  public init() {}

  /// Adds a file that is not there any more.
  public mutating func addGone(_ path: RepoPath, _ text: [UInt8]) {
    gone.append(Self.file(path, text))
  }

  /// Adds a file that was not there before.
  public mutating func addCame(_ path: RepoPath, _ text: [UInt8]) {
    came.append(Self.file(path, text))
  }

  /// The renames, sorted by the new path: each file at most once on either side.
  public func renames() -> [MatchEvidence.Rename] {
    var holders: [UInt64: [Int]] = [:]
    for (index, file) in came.enumerated() {
      for line in file.lines.keys { holders[line, default: []].append(index) }
    }
    var candidates: [(old: Int, new: Int, similarity: Int)] = []
    for (oldIndex, old) in gone.enumerated() {
      var shared: [Int: Int] = [:]
      for (line, bytes) in old.lines {
        guard let files = holders[line], files.count <= Self.commonLine else { continue }
        for file in files { shared[file, default: 0] += min(bytes, came[file].lines[line] ?? 0) }
      }
      for (newIndex, bytes) in shared {
        let similarity = 100 * bytes / max(1, old.size, came[newIndex].size)
        if similarity >= Self.leastSimilarity {
          candidates.append((oldIndex, newIndex, similarity))
        }
      }
    }
    candidates.sort { left, right in
      if left.similarity != right.similarity { return left.similarity > right.similarity }
      let (one, two) = (isSameName(left), isSameName(right))
      if one != two { return one }
      return (came[left.new].path, gone[left.old].path)
        < (came[right.new].path, gone[right.old].path)
    }
    var (usedOld, usedNew): (Set<Int>, Set<Int>) = ([], [])
    var result: [MatchEvidence.Rename] = []
    for candidate in candidates
    where !usedOld.contains(candidate.old) && !usedNew.contains(candidate.new) {
      usedOld.insert(candidate.old)
      usedNew.insert(candidate.new)
      result.append(
        MatchEvidence.Rename(
          from: gone[candidate.old].path,
          to: came[candidate.new].path,
          similarity: candidate.similarity
        )
      )
    }
    return result.sorted { $0.to < $1.to }
  }

  /// A line that so many files have says nothing.
  private static let commonLine = 64

  private func isSameName(_ pair: (old: Int, new: Int, similarity: Int)) -> Bool {
    gone[pair.old].path.name == came[pair.new].path.name
  }

  private static func file(_ path: RepoPath, _ text: [UInt8]) -> File {
    var lines: [UInt64: Int] = [:]
    var size = 0
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    var count = 0
    func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    for byte in text + [0x0A] {
      if isBreak(byte) {
        if count > 0 {
          lines[state, default: 0] += count
          size += count
        }
        (state, count) = (0xCBF2_9CE4_8422_2325, 0)
      } else if !ByteClass.isSpace(byte) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        count += 1
      }
    }
    return File(path: path, lines: lines, size: size)
  }
}
