using GeoFabric.Database.Catalog;

namespace GeoFabric.Server.Endpoints.Documents;

/// <summary>A write of one document, and the collection it went to as it was then.</summary>
internal sealed record DocumentAnswer(CollectionDefinition Collection, WrittenDocument Document);
