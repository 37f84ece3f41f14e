import TallyModel

/// Sorts the subjects of a book into the priorities of a campaign, as ``CampaignView/selects(_:)`` and ``CampaignView/priority(of:)`` do
/// one by one; every pattern is asked once for a rule and once for a file.
struct SubjectRanks {
  /// By subject: the place of the priority, behind the last for what none takes, -1 for what the campaign does not count.
  let ranks: [Int16]

  /// What subjects have in common beside their file.
  private struct Title: Hashable {
    let lane: Int32
    let rule: Int32
    let level: Level
  }

  init(of campaign: CampaignView, in book: FlowBook) {
    let priorities = campaign.campaign.priorities
    // By file: whether it is selected, then whether each priority takes it.
    let width = priorities.count + 1
    var files: [Bool] = []
    files.reserveCapacity(book.files.count * width)
    for file in book.files {
      let path = file.text.isEmpty ? nil : file
      files.append(campaign.campaign.select.matches(path: path))
      for priority in priorities { files.append(priority.matches(path: path)) }
    }
    // By title: the priorities that may take it; nil for what is not selected.
    var titles: [Title: [Int]?] = [:]
    func places(of title: Title) -> [Int]? {
      if let known = titles[title] { return known }
      let lane = book.lanes[Int(title.lane)]
      let rule = book.rules[Int(title.rule)]
      let isSelected = campaign.selects(lane: lane, rule: rule, title.level)
      let places = priorities.indices.filter {
        priorities[$0].matches(rule: rule, level: title.level)
      }
      titles[title] = .some(isSelected ? places : nil)
      return isSelected ? places : nil
    }
    ranks = book.subjects.map { subject in
      let file = Int(subject.file) * width
      let title = Title(lane: subject.lane, rule: subject.rule, level: subject.level)
      guard files[file], let places = places(of: title) else { return -1 }
      return Int16(clamping: places.first { files[file + 1 + $0] } ?? priorities.count)
    }
  }
}
