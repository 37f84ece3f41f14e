public import TallyModel

/// The ways to break a statement down.
public enum Breakdown {
  /// One row of everything.
  public static var none: Statement.Key { { _, _, _ in "" } }

  /// By tool and category of the lane, such as `ruff` or `ruff/ssot`.
  public static var tool: Statement.Key {
    { account, _, _ in
      let lane = account.lane
      return lane.category.isEmpty ? lane.tool : "\(lane.tool)/\(lane.category)"
    }
  }

  /// By file.
  public static var path: Statement.Key { { _, path, _ in path.text } }

  /// By the first components of the folder; `.` for files at the top.
  public static func folder(depth: Int = 2) -> Statement.Key {
    { _, path, _ in
      let folders = path.folder.split(separator: "/").prefix(depth)
      return folders.isEmpty ? "." : folders.joined(separator: "/")
    }
  }

  /// By rule, as a look-up gives it.
  public static func rule(_ ruleOf: @escaping (ViolationID) throws -> String?) -> Statement.Key {
    { account, _, _ in try ruleOf(account.violation) ?? "" }
  }
}
