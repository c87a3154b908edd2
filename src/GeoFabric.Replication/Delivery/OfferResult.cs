using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Delivery;

/// <summary>What became of an offered record.</summary>
internal enum OfferOutcome
{
    Kept,
    Duplicate,
    Refused,
}

/// <param name="Reason">Meaningful when refused.</param>
internal readonly record struct OfferResult(OfferOutcome Outcome, RefusalReason Reason = default)
{
    public static OfferResult Kept { get; } = new(OfferOutcome.Kept);

    public static OfferResult Duplicate { get; } = new(OfferOutcome.Duplicate);

    public static OfferResult Refuse(RefusalReason reason) => new(OfferOutcome.Refused, reason);
}
