namespace GeoFabric.Database.Access;

/// <summary>What a principal may do, each level including those below it.</summary>
public enum AccessLevel
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>Also changes definitions: collections, indexes, stored queries.</summary>
    Administrate = 3,
}
