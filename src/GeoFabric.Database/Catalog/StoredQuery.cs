using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>A saved query (RESTQL), unique by name in its fabric and usable by all who may use the fabric.</summary>
/// <param name="Parameters">Object of default bind values.</param>
/// <param name="Type">"c8ql" or "sql".</param>
/// <param name="Owner">Name of the user who saved it.</param>
public sealed record StoredQuery(string Name, string Text, Value Parameters, string Type, string Owner)
{
    /// <summary>What its author says about it; empty for nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it was first saved; null for one of before this was kept.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Of the write that saved it last, in whichever region; the default until it has been. Orders queries that were saved within one millisecond.</summary>
    public RevisionStamp SavedAt { get; init; }

    /// <summary>When it was last saved; null until it has been.</summary>
    public DateTimeOffset? Changed => SavedAt == default ? null : DateTimeOffset.FromUnixTimeMilliseconds(SavedAt.Timestamp.UnixMilliseconds);
}
