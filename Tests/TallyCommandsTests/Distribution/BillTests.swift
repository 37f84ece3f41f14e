import Foundation
import Testing

/// The bill of materials that `make dist` ships, checked against the manifest and the program.
@Suite struct BillTests {
  /// The folder with the checkouts of the packages that this test was built with.
  static let scratch: String? = {
    guard var folder = Sandbox.program?.deletingLastPathComponent() else { return nil }
    for _ in 0..<4 {
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("checkouts").path) {
        return folder.path
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  private struct Bill: Decodable {
    struct Component: Decodable {
      struct Licence: Decodable {
        struct Named: Decodable { let id: String }
        let license: Named?
        let expression: String?
      }
      let type: String
      let name: String
      let version: String
      let purl: String
      let licenses: [Licence]?
      let bomRef: String
      enum CodingKeys: String, CodingKey {
        case type, name, version, purl, licenses
        case bomRef = "bom-ref"
      }
    }
    struct Metadata: Decodable {
      let timestamp: String
      let component: Component
    }
    struct Dependency: Decodable {
      let ref: String
      let dependsOn: [String]
    }
    let bomFormat: String
    let specVersion: String
    let serialNumber: String
    let version: Int
    let metadata: Metadata
    let components: [Component]
    let dependencies: [Dependency]
  }

  @Test("the bill of materials names everything that is linked, with version and licence")
  func bill() throws {
    let sandbox = try Sandbox(git: false)
    try Tools.need("python3", "dpkg-query", in: sandbox)
    let scratch = try #require(Self.scratch)
    func make(_ epoch: Int) throws -> Data {
      let script = "SOURCE_DATE_EPOCH=\(epoch) '\(Tools.path("sbom"))' '\(scratch)'"
      let outcome = try sandbox.shell(script)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.data
    }
    let data = try make(1_772_323_200)
    #expect(try make(1_772_323_200) == data, "equal inputs give equal bytes")
    #expect(try make(1_772_323_201) != data)
    let bill = try JSONDecoder().decode(Bill.self, from: data)
    #expect(bill.bomFormat == "CycloneDX")
    #expect(bill.specVersion == "1.6")
    #expect(bill.version == 1)
    #expect(
      bill.serialNumber.wholeMatch(of: #/urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#)
        != nil
    )
    #expect(bill.metadata.timestamp == "2026-03-01T00:00:00Z")
    #expect(bill.metadata.component.name == "tally")
    #expect(try sandbox.ok("--version") == bill.metadata.component.version + "\n")

    for component in bill.components {
      #expect(component.type == "library")
      #expect(component.version.first?.isNumber == true, "\(component.name)")
      let licences = component.licenses ?? []
      #expect(licences.count == 1, "\(component.name)")
      #expect(licences.allSatisfy { ($0.license == nil) != ($0.expression == nil) })
      #expect(component.purl.hasPrefix("pkg:"))
    }
    let references = bill.components.map(\.bomRef) + [bill.metadata.component.bomRef]
    #expect(Set(references).count == references.count)
    #expect(Set(bill.dependencies.map(\.ref)) == Set(references), "each has its line")
    for dependency in bill.dependencies {
      #expect(Set(references).isSuperset(of: dependency.dependsOn), "\(dependency.ref)")
    }
    // Whatever is listed is reached from the program.
    var reached: Set<String> = []
    var waiting = [bill.metadata.component.bomRef]
    while let next = waiting.popLast() {
      guard reached.insert(next).inserted else { continue }
      waiting += bill.dependencies.first { $0.ref == next }?.dependsOn ?? []
    }
    #expect(reached == Set(references))

    // Against the manifest and the program itself, which do not know the bill.
    let manifest = try String(
      contentsOf: Golden.project.appendingPathComponent("Package.swift"),
      encoding: .utf8
    )
    let names = Set(bill.components.map(\.name))
    for match in manifest.matches(of: #/url: "[^"]*\/([^"\/]+)"/#) {
      #expect(names.contains(String(match.output.1)), "\(match.output.1)")
    }
    let system = ["sqlite3": "libsqlite3-0", "simdjson": "libsimdjson14", "stdc++": "libstdc++6"]
    for match in manifest.matches(of: #/linkedLibrary\("([^"]+)"\)/#) {
      let package = try #require(system[String(match.output.1)], "\(match.output.1)")
      #expect(names.contains(package))
    }
    #expect(names.isSuperset(of: ["libexpat1", "zlib1g", "libc6", "swift-runtime"]))
  }
}
