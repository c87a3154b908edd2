using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>A saved query (RESTQL), unique by name in its fabric and usable by all who may use the fabric.</summary>
/// <param name="Parameters">Object of default bind values.</param>
/// <param name="Type">"c8ql" or "sql".</param>
/// <param name="Owner">Name of the user who saved it.</param>
public sealed record StoredQuery(string Name, string Text, Value Parameters, string Type, string Owner);
