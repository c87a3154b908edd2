using GeoFabric.Database.Layout;

namespace GeoFabric.Database.Changes;

/// <summary>A change record of another region, read and as it came.</summary>
internal readonly record struct ReceivedRecord(ChangeRecord Record, ReadOnlyMemory<byte> Bytes);
