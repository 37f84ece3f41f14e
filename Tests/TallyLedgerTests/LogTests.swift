import GRDB
import TallyModel
import Testing

@testable import TallyLedger

/// The Merkle tree of the log.
@Suite struct LogTests {
  /// The eight leaves that Certificate Transparency tests with, and the roots of the first 1 to 8 of them.
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ]
  static let roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the roots are those of RFC 6962")
  func publishedRoots() throws {
    var peaks = MerklePeaks()
    #expect(
      peaks.root.description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    for (leaf, root) in zip(Self.leaves, Self.roots) {
      peaks.append(MerkleTree.leaf(try #require(Hex.decode(leaf))))
      #expect(peaks.root.description == root)
    }
  }

  /// The recursive definition of RFC 6962 §2.1.
  private func root(_ leaves: ArraySlice<LogRoot>) -> LogRoot {
    guard let first = leaves.first else { return MerkleTree.emptyRoot }
    if leaves.count == 1 { return first }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let middle = leaves.startIndex + half
    return MerkleTree.node(root(leaves[..<middle]), root(leaves[middle...]))
  }

  @Test("peaks fold to the root at every size")
  func everySize() {
    let leaves = (0..<300).map { MerkleTree.leaf(Array("leaf \($0)".utf8)) }
    var peaks = MerklePeaks()
    for (index, leaf) in leaves.enumerated() {
      peaks.append(leaf)
      #expect(peaks.root == root(leaves[..<(index + 1)]))
      #expect(MerklePeaks(size: peaks.size, hashes: peaks.hashes) == peaks)
    }
  }

  @Test("a ledger knows the root of every earlier size")
  func earlierRoots() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    var roots: [LogRoot] = [MerkleTree.emptyRoot]
    for round in 0..<150 {
      let draft = try EntryDraft(
        .retraction(RetractionRecord(target: try Sample.id(round), reason: try Sample.id(0)))
      )
      roots.append(try ledger.write { try $0.append([draft], receipt: Sample.receipt).root })
    }
    try ledger.read { reader in
      for (size, root) in roots.enumerated() {
        let found = try reader.root(at: size)
        #expect(found == root)
      }
      #expect(try reader.root() == roots.last)
      #expect(try reader.size() == 150)
    }
    let past = try ledger.read(knownAt: 77) { (try $0.size(), try $0.root()) }
    #expect(past.0 == 77)
    #expect(past.1 == roots[77])
    #expect(try ledger.verifyBasic() == [])
  }

  @Test("every entry is proved at every size, and no other root follows from its proof")
  func inclusion() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    var roots: [LogRoot] = [MerkleTree.emptyRoot]
    for round in 0..<150 {
      let draft = try EntryDraft(
        .retraction(RetractionRecord(target: try Sample.id(round), reason: try Sample.id(0)))
      )
      roots.append(try ledger.write { try $0.append([draft], receipt: Sample.receipt).root })
    }
    let ids = try ledger.read { try $0.entryHeads(limit: 200).map(\.id) }
    for size in [1, 2, 3, 7, 8, 63, 64, 65, 127, 128, 129, 150] {
      try ledger.read(knownAt: size) { reader in
        for (leaf, id) in ids.enumerated() {
          let proof = try reader.inclusionProof(of: id)
          guard leaf < size else {
            #expect(proof == nil)
            continue
          }
          let found = try #require(proof)
          #expect(found.leaf == leaf && found.size == size)
          #expect(found.root == roots[size], "leaf \(leaf) of \(size)")
          #expect(found.path.count <= 8)
          let wrong = [
            InclusionProof(
              leaf: (leaf + 1) % size,
              size: size,
              leafHash: found.leafHash,
              path: found.path
            ),
            InclusionProof(
              leaf: leaf,
              size: size,
              leafHash: roots[0],
              path: found.path
            ),
            InclusionProof(
              leaf: leaf,
              size: size,
              leafHash: found.leafHash,
              path: found.path + [roots[0]]
            ),
          ]
          for other in wrong where size > 1 { #expect(other.root != roots[size]) }
        }
      }
    }
  }

  /// The proofs that RFC 6962 §2.1.3 draws: of the leaves 0, 3, 4 and 6 in a tree of 7.
  @Test("proofs have the hashes of the standard, in its order")
  func publishedProofs() throws {
    let leaves = try Self.leaves.prefix(7).map { MerkleTree.leaf(try #require(Hex.decode($0))) }
    let (a, b, c, d, e, f, j) = (
      leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], leaves[5], leaves[6]
    )
    let (g, h, i) = (MerkleTree.node(a, b), MerkleTree.node(c, d), MerkleTree.node(e, f))
    let (k, l) = (MerkleTree.node(g, h), MerkleTree.node(i, j))
    let cases: [(leaf: Int, hash: LogRoot, path: [LogRoot])] = [
      (0, a, [b, h, l]), (3, d, [c, g, l]), (4, e, [f, j, k]), (6, j, [i, k]),
    ]
    for item in cases {
      let proof = InclusionProof(leaf: item.leaf, size: 7, leafHash: item.hash, path: item.path)
      #expect(proof.root?.description == Self.roots[6])
    }
  }
}
