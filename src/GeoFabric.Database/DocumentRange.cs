using GeoFabric.Storage;

namespace GeoFabric.Database;

/// <summary>A part of a collection: its documents between two keys. Good in the snapshot that gave it and in its forks.</summary>
public sealed class DocumentRange
{
    internal DocumentRange(KeyRange keys) => Keys = keys;

    internal KeyRange Keys { get; }
}
