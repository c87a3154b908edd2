namespace GeoFabric.Database.Verification;

/// <summary>What <see cref="FabricVerifier"/> found.</summary>
/// <param name="Differences">How many there are.</param>
/// <param name="Disagreements">The first of them, one sentence each; at most <see cref="FabricVerifier.DisagreementsMax"/>. Empty means that everything agrees.</param>
public sealed record VerificationReport(
    long Documents, long IndexEntries, long ChangeRecords, IReadOnlyList<VerifiedCollection> Collections, long Differences, IReadOnlyList<string> Disagreements);

/// <summary>A collection that was compared with what is stored about it.</summary>
/// <param name="Differences">Of the documents and counters, and of its indexes.</param>
public sealed record VerifiedCollection(string Name, long Documents, IReadOnlyList<VerifiedIndex> Indexes, long Differences);

/// <summary>An index that was compared with the documents, both ways.</summary>
/// <param name="Type">What clients call its kind; "search" for the index of a view.</param>
/// <param name="Entries">Entries, or postings, that were compared.</param>
/// <param name="IsBuilding">Not yet complete: documents without entries are no differences.</param>
public sealed record VerifiedIndex(string Name, string Type, long Entries, bool IsBuilding, long Differences);

/// <summary>How far a verification has come.</summary>
/// <param name="Documents">Documents of the collection that were compared so far.</param>
public readonly record struct VerificationProgress(string Collection, long Documents);
