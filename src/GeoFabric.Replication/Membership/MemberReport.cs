namespace GeoFabric.Replication.Membership;

/// <summary>What a member said to hold.</summary>
/// <param name="Epoch">The last one it was known to be in when it said so.</param>
/// <param name="IsLive">Whether it may be relied on.</param>
public sealed record MemberReport(ulong Epoch, bool IsLive, AppliedVector Applied);
