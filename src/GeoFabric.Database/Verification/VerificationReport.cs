namespace GeoFabric.Database.Verification;

/// <summary>What <see cref="FabricVerifier"/> found.</summary>
/// <param name="Disagreements">One sentence each; at most <see cref="FabricVerifier.DisagreementsMax"/>. Empty means that everything agrees.</param>
public sealed record VerificationReport(long Documents, long IndexEntries, long ChangeRecords, IReadOnlyList<string> Disagreements);
