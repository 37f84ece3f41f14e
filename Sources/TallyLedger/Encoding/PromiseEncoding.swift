internal import TallyModel

extension WaiverRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    let project = try reader.string("project")
    let sightings = try reader.list("sightings") { (reader) throws(FormatError) in
      try Sighting(from: &reader)
    }
    try Order.strictlyAscending(sightings, "sightings", Sighting.precedes)
    self.init(
      project: project,
      sightings: sightings,
      reason: try reader.hash("reason"),
      owner: try reader.string("owner"),
      from: try reader.time("from"),
      until: try reader.time("until")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(project, "project")
    try Order.strictlyAscending(sightings, "sightings", Sighting.precedes)
    try writer.list(sightings, "sightings") { (writer, sighting) throws(FormatError) in
      try sighting.encode(to: &writer)
    }
    writer.hash(reason)
    try writer.string(owner, "owner")
    writer.time(from)
    writer.time(until)
  }
}

extension AttestationRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      project: try reader.string("project"),
      criterion: try reader.string("criterion"),
      reason: try reader.hash("reason"),
      owner: try reader.string("owner"),
      from: try reader.time("from"),
      until: try reader.time("until")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(project, "project")
    try writer.string(criterion, "criterion")
    writer.hash(reason)
    try writer.string(owner, "owner")
    writer.time(from)
    writer.time(until)
  }
}

extension ConfigRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    let project = try reader.string("project")
    let commit: CommitID? = try reader.flag("commit") ? try reader.git("commit") : nil
    let effective = try reader.time("effective")
    let files = try reader.list("files") { (reader) throws(FormatError) in
      File(path: try reader.string("path"), text: try reader.hash("text"))
    }
    try Order.strictlyAscending(files, "files") { Order.bytes($0.path, $1.path) }
    self.init(project: project, commit: commit, effective: effective, files: files)
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(project, "project")
    writer.flag(commit != nil)
    if let commit { writer.git(commit) }
    writer.time(effective)
    try Order.strictlyAscending(files, "files") { Order.bytes($0.path, $1.path) }
    try writer.list(files, "files") { (writer, file) throws(FormatError) in
      try writer.string(file.path, "path")
      writer.hash(file.text)
    }
  }
}

extension ReportIssuedRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      project: try reader.string("project"),
      template: try reader.string("template"),
      campaign: try reader.string("campaign"),
      asOf: try reader.time("as of"),
      journalSize: try reader.number("journal size"),
      context: try reader.hash("context"),
      output: try reader.hash("output")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(project, "project")
    try writer.string(template, "template")
    try writer.string(campaign, "campaign")
    writer.time(asOf)
    try writer.number(journalSize, "journal size")
    writer.hash(context)
    writer.hash(output)
  }
}

extension CorrectionRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    guard let verdict = Verdict(rawValue: try reader.byte("verdict")) else {
      throw .invalid("verdict")
    }
    self.init(
      verdict: verdict,
      first: try Sighting(from: &reader),
      second: try Sighting(from: &reader),
      reason: try reader.hash("reason")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    writer.byte(verdict.rawValue)
    try first.encode(to: &writer)
    try second.encode(to: &writer)
    writer.hash(reason)
  }
}

extension ConfirmationRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(scan: try reader.hash("scan"), reason: try reader.hash("reason"))
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    writer.hash(scan)
    writer.hash(reason)
  }
}

extension RetractionRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(target: try reader.hash("target"), reason: try reader.hash("reason"))
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    writer.hash(target)
    writer.hash(reason)
  }
}

extension LaneRenameRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      from: try LaneKey(from: &reader),
      to: try LaneKey(from: &reader),
      reason: try reader.hash("reason")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try from.encode(to: &writer)
    try to.encode(to: &writer)
    writer.hash(reason)
  }
}

extension RedactionRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(text: try reader.hash("text"), reason: try reader.hash("reason"))
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    writer.hash(text)
    writer.hash(reason)
  }
}

extension MergeRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      size: try reader.number("size"),
      root: try reader.hash("root"),
      leaves: try reader.list("leaves") { (reader) throws(FormatError) -> ContentID<Receipt> in
        try reader.hash("leaf")
      }
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.number(size, "size")
    writer.hash(root)
    try writer.list(leaves, "leaves") { (writer, leaf) throws(FormatError) in writer.hash(leaf) }
  }
}
