import TallyHost
import TallyLedger
import TallyModel
import TallyReport

extension Workspace {
  /// Writes a post and sends it to where people read it.
  ///
  /// A comment or message that is kept is found again by a hidden marker, which names project, campaigns and template.
  ///
  /// - Parameters:
  ///   - request: Which post, and where to.
  ///   - notice: Gets a sentence before each pause.
  /// - Returns: What became of it.
  /// - Throws: ``PostError``, `HostError`, what ``report(_:)`` and ``record(_:text:)`` throw.
  public func post(
    _ request: PostRequest,
    notice: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> PostAnswer {
    let draft = try await report(request.report)
    if request.records, draft.campaigns.isEmpty {
      throw ReportError.nothingToRecord(template: draft.name)
    }
    let text = try draft.rendered()
    var answer: PostAnswer
    switch request.destination {
    case .github(let repository, let issue, let pullRequest):
      let place = try await githubPlace(
        repository: repository,
        issue: issue,
        pullRequest: pullRequest,
        for: draft
      )
      answer = try await keep(text, of: draft, at: place, request, notice)
    case .gitlab(let project, let issue, let mergeRequest):
      let place = try await gitlabPlace(
        project: project,
        issue: issue,
        mergeRequest: mergeRequest,
        for: draft
      )
      answer = try await keep(text, of: draft, at: place, request, notice)
    case .slack(let channel):
      if let place = try slackPlace(channel: channel) {
        answer = try await keep(text, of: draft, at: place, request, notice)
      } else {
        answer = try await sendToSlack(text, of: draft, request, notice)
      }
    case .webhook: answer = try await sendToWebhook(text, of: draft, request, notice)
    }
    if request.records, !request.isDryRun, answer.action != "unchanged" {
      do {
        answer.recorded = try record(draft, text: text)
      } catch let error as any UserFacingError {
        throw PostError.notRecorded(
          place: answer.place ?? answer.host,
          reason: error.description
        )
      }
    }
    return answer
  }

  // MARK: A comment that is kept

  private func keep(
    _ text: String,
    of draft: ReportDraft,
    at planned: PlannedPlace,
    _ request: PostRequest,
    _ notice: @escaping @Sendable (String) -> Void
  ) async throws -> PostAnswer {
    let place = planned.place
    if case .slack = place {
      try draft.expect([.slack, .text], in: "Slack", hint: Self.slackHint)
    } else {
      try draft.expect(
        [.markdown, .text],
        in: "a comment",
        hint: "choose a template that ends in .md, such as 'status-update' or 'weekly'"
      )
    }
    let marker = marker(of: draft, request.append)
    var answer = PostAnswer(draft, host: place.host, place: place.name, isDryRun: request.isDryRun)
    let fitted = try answer.fit(text, limit: place.limit - marker.line.unicodeScalars.count - 2)
    if let warning = HostEnvironment.warning(planned.api) { answer.warnings.append(warning) }
    if let missing = planned.missing {
      guard request.isDryRun else { throw missing }
      answer.unasked = missing.description
      return answer
    }
    do {
      let posted = try await client(secrets: [planned.token], notice).post(
        fitted,
        to: place,
        marker: marker,
        isAlwaysNew: request.append == .always,
        isDryRun: request.isDryRun
      )
      answer.action = posted.action.rawValue
      answer.comment = posted.id
      answer.url = posted.url
      if !posted.others.isEmpty {
        let others = Wording.joined(posted.others)
        answer.warnings.append(
          posted.others.count == 1
            ? "an older comment with the same marker is left as it is, \(others): delete it by hand"
            : "older comments with the same marker are left as they are, \(others): delete them by hand"
        )
      }
    } catch let error as HostError where request.isDryRun && error.isOffline {
      answer.unasked = error.description
    }
    return answer
  }

  /// How a post is found again.
  private func marker(of draft: ReportDraft, _ append: PostRequest.Append?) -> PostMarker {
    var fields = [(name: "project", value: draft.context.project.name)]
    if draft.context.hasCampaigns {
      fields.append((name: "campaign", value: "*"))
    } else if let campaign = draft.campaigns.first {
      fields.append((name: "campaign", value: campaign.context.campaign.id))
    }
    fields.append((name: "template", value: draft.name))
    switch append {
    case nil: break
    case .weekly:
      let moment = Timestamp(iso8601: draft.context.footer.asOf) ?? now
      let week = Calendar.name(of: Calendar.start(of: moment, .week), .week)
      fields.append((name: "week", value: week))
    case .always: fields.append((name: "at", value: now.iso8601))
    }
    return PostMarker(fields)
  }

  // MARK: Sent and gone

  private static let slackHint =
    "choose 'slack', or a template of your own that ends in .slack.txt"

  private func sendToSlack(
    _ text: String,
    of draft: ReportDraft,
    _ request: PostRequest,
    _ notice: @escaping @Sendable (String) -> Void
  ) async throws -> PostAnswer {
    try draft.expect([.slack, .text], in: "Slack", hint: Self.slackHint)
    if request.append == .weekly { throw PostError.cannotUpdate }
    let url = try secretAddress(
      .slackWebhookURL,
      hint: "make an incoming webhook in Slack and put its address there, or use an app: "
        + "SLACK_BOT_TOKEN and SLACK_CHANNEL"
    )
    var answer = PostAnswer(
      draft,
      host: HTTPRequest.host(of: url),
      place: nil,
      isDryRun: request.isDryRun
    )
    let fitted = try answer.fit(text, limit: SlackChannel.limit)
    answer.action = "sent"
    if request.isDryRun { return answer }
    try await client(secrets: HTTPRequest.secrets(in: url), notice).send(
      .slack(url: url, text: fitted)
    )
    return answer
  }

  private func sendToWebhook(
    _ text: String,
    of draft: ReportDraft,
    _ request: PostRequest,
    _ notice: @escaping @Sendable (String) -> Void
  ) async throws -> PostAnswer {
    let url = try secretAddress(
      .tallyWebhookURL,
      hint: "put the address there that takes the post as JSON"
    )
    var members: [String: JSONValue] = [
      "version": .int(1), "project": .string(draft.context.project.name),
      "template": .string(draft.name), "text": .string(text), "context": draft.document.json,
      "campaigns": .array(draft.campaigns.map { .string($0.context.campaign.id) }),
    ]
    if ContentType(fileName: draft.name) == .html { members["html"] = .string(text) }
    let json = Array(JSONValue.object(members).formatted().utf8)
    let secret = try webhookSecret()
    var answer = PostAnswer(
      draft,
      host: HTTPRequest.host(of: url),
      place: nil,
      isDryRun: request.isDryRun
    )
    answer.characters = text.unicodeScalars.count
    answer.action = "sent"
    if let warning = HostEnvironment.warning(url), secret != nil { answer.warnings.append(warning) }
    if request.isDryRun {
      answer.body = String(decoding: json, as: UTF8.self)
      return answer
    }
    var digest = StreamingDigest()
    (json + Array(now.iso8601.utf8)).withUnsafeBytes { digest.update($0) }
    try await client(secrets: HTTPRequest.secrets(in: url) + [secret], notice).send(
      .webhook(
        url: url,
        json: json,
        id: String(digest.finish().description.prefix(32)),
        signature: secret.map { KeyedDigest.hexadecimal(of: json, key: Array($0.utf8)) }
      )
    )
    return answer
  }

  private func client(
    secrets: [String?],
    _ notice: @escaping @Sendable (String) -> Void
  ) -> HostClient {
    let curl = Curl(
      environment: environment,
      agent: "tally/\(TallyVersion.text)",
      secrets: secrets.compactMap { $0 }
    )
    return HostClient(curl: curl, notice: notice)
  }
}

extension ReportDraft {
  /// True for a post about what a commit adds and removes.
  var isAboutChange: Bool { context.change.hasChange }

  /// Checks that the template makes a text of some kind.
  fileprivate func expect(_ kinds: [ContentType], in place: String, hint: String) throws {
    // The data as JSON has the name of no file.
    guard name.contains("."), kinds.contains(ContentType(fileName: name)) else {
      throw PostError.wrongKind(template: name, place: place, hint: hint)
    }
  }
}

extension PostAnswer {
  fileprivate init(_ draft: ReportDraft, host: String, place: String?, isDryRun: Bool) {
    self.init(
      host: host,
      place: place,
      template: draft.name,
      campaigns: draft.campaigns.map(\.context.campaign.id),
      isDryRun: isDryRun
    )
  }

  /// Makes a post fit, and notes what that took.
  fileprivate mutating func fit(_ text: String, limit: Int) throws -> String {
    var text = text[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    guard let fitted = FittedText(String(text), limit: limit) else {
      throw PostError.tooLong(characters: text.unicodeScalars.count, limit: limit)
    }
    characters = fitted.text.unicodeScalars.count
    if let full = fitted.fullLength {
      isShortened = true
      warnings.append(
        "shortened from \(Wording.grouped(full)) to \(Wording.grouped(characters)) characters, "
          + "because no more fit"
      )
    }
    if isDryRun { body = fitted.text }
    return fitted.text
  }
}

extension HostError {
  /// True where the host was not heard at all, which a dry run puts up with.
  fileprivate var isOffline: Bool {
    switch self {
    case .noCurl, .unreachable, .failing, .throttled: true
    default: false
    }
  }
}
