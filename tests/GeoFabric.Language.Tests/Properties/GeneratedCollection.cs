using GeoFabric.Database.Catalog;

namespace GeoFabric.Language.Tests.Properties;

/// <param name="Documents">As JSON, each with its key.</param>
internal sealed record GeneratedCollection(string Name, bool IsEdge, IReadOnlyList<string> Documents, IReadOnlyList<IndexSettings> Indexes);
