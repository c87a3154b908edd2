using GeoFabric.Query.Binding;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>What a part of a query did beside making rows.</summary>
internal sealed record PartReport(long Scanned, long Filtered, IReadOnlyList<BindingWarning> Warnings, long DroppedWarnings);
